"""The notebook goes from a classifier of Hugging Face to a page, on a tiny one in place of its."""

import json
import re
from pathlib import Path

import pytest
import torch

from .conftest import tiny_encoder

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebooks" / "explain_a_classifier.ipynb"


@pytest.mark.skipif(not NOTEBOOK.exists(), reason="not in a checkout")
def test_the_notebook_runs(tmp_path, monkeypatch):
    from transformers import AutoModelForSequenceClassification

    monkeypatch.chdir(tmp_path)
    folder = tiny_encoder(tmp_path / "classifier", max_position_embeddings=40)
    torch.manual_seed(0)
    AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2).save_pretrained(folder)
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names = {}
    for source in code:
        source = re.sub(r'^folder = ".*$', f"folder = {folder!r}", source, flags=re.M)
        exec(compile(source, str(NOTEBOOK), "exec"), names)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "wonderful" in page
    measured = names["measured"]
    assert set(measured) == {"contribution", "random"}
    for of in measured.values():
        assert f"{of.aopc_comprehensiveness.mean:.3f}" in page
    for one, text in zip(names["explanations"], names["texts"], strict=True):
        assert [token.text for token in one.tokens[0]][:2] == text.split()[:2]


def test_it_takes_fifteen_lines():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    lines = [line for line in code.splitlines() if line.strip()]
    names = [line for line in lines if line.startswith(("folder =", "texts ="))]
    assert len(lines) - len(names) <= 16  # one of them imports
