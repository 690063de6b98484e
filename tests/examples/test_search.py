"""The examples run as a reader runs them."""

import subprocess
import sys
from pathlib import Path

from attnpool.data.demo_rows import load_demo

ROOT = Path(__file__).parents[2]


def test_search_finds_a_question_itself_first(tmp_path):
    rows = load_demo("pairs", "train")
    lines = ["text_a\ttext_b\tlabel"]
    lines += map("\t".join, zip(*rows.texts, rows.labels, strict=True))
    (tmp_path / "pairs.tsv").write_text("\n".join(lines), encoding="utf-8")
    question = rows.texts[0][0]
    run = subprocess.run(
        [sys.executable, "examples/search.py", str(tmp_path / "pairs.tsv"), question],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, nearest, *_ = run.stdout.splitlines()
    assert first.startswith(question)
    assert nearest.split()[1:] == question.split()
    assert float(nearest.split()[0]) > 0.999
