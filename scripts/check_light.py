"""Check an installation without extras: what works says so, what needs an extra names it.

Run it by the Python of that environment, as `make wheel` does: `python scripts/check_light.py
FILE`, where FILE is the compact model of the demo's reviews. A check is one line of `CHECKS`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

EXTRAS = (
    *("torch", "sklearn", "scipy", "polars", "matplotlib", "tokenizers", "rapidfuzz", "jieba"),
    *("fastexcel", "xlsxwriter", "transformers"),
)
"""What must not be there; otherwise nothing is checked."""

MEGABYTES = 140
"""What the environment takes at most, pip with it."""

REVIEWS = "label,review\n正面,房间很干净\n负面,隔音太差了\n正面,服务热情\n负面,早餐很难吃\n"
ROWS = "label,text\ngood,a quiet room\nbad,a noisy room\n"


class Check(NamedTuple):
    """One command line.

    Attributes:
        words: What stands behind `attnpool`.
        status: The exit status.
        said: What stdout holds (stderr, which is then one line, where the status is 2): a pattern.
    """

    words: str
    status: int
    said: str


CHECKS = (
    Check("--help", 0, "explain"),
    Check("--version", 0, r"^attnpool \d"),
    Check("datasets", 0, "hotel"),
    Check("train rows.csv -o model", 2, r'^attnpool: training needs .*"attnpool\[train\]"$'),
    Check("demo --out demo", 2, r'^attnpool: the demo needs .*"attnpool\[train\]"$'),
    Check("explain none room", 2, "^attnpool: none: no such model"),
    Check("explain none room -o room.png", 2, r'^attnpool: .*"attnpool\[images\]"$'),
    Check("explain m.safetensors 房间很干净 服务太差了", 0, "贡献"),
    Check("explain m.safetensors 房间很干净 --lang en", 0, "contribution"),
    Check("explain m.safetensors 房间很干净 --method attention --heads --lang en", 0, "head 4"),
    Check("export m.safetensors -o live.html", 0, "^wrote live.html"),
    Check("explain m.safetensors 房间很干净 -o e.html", 0, "^wrote e.html$"),
    Check("explain m.safetensors 房间很干净 -o e.svg", 0, "^wrote e.svg$"),
    Check("explain m.safetensors 房间很干净 -o e.md", 0, "^wrote e.md$"),
    Check("explain m.safetensors 房间很干净 -o e.json --faithfulness", 0, "^wrote e.json$"),
    Check("explain m.safetensors --data reviews.csv --format lines", 0, "负面"),
    Check("predict m.safetensors reviews.csv -o o.csv --explain", 0, "^wrote o.csv: 4 rows$"),
    Check("predict m.safetensors reviews.csv -o o.jsonl", 0, "^wrote o.jsonl: 4 rows$"),
    Check("evaluate m.safetensors reviews.csv", 0, "accuracy"),
    Check("report m.safetensors reviews.csv -o r.html", 0, "^wrote r.html: 4 rows$"),
    Check("predict none rows.csv -o o.parquet", 2, r'^attnpool: .*"attnpool\[train\]"$'),
    Check("predict none rows.csv -o o.xlsx", 2, r'^attnpool: .*"attnpool\[excel\]"$'),
)


def problem(check: Check, folder: Path) -> str:
    """What is wrong; "" if nothing is."""
    command = [sys.executable, "-m", "attnpool", *check.words.split()]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said, other = done.stdout, done.stderr
    if check.status:
        said, other = other, said
    lines = said.splitlines()
    if done.returncode != check.status or other or (check.status and len(lines) != 1):
        return f"exit status {done.returncode}, {done.stdout!r}, {done.stderr!r}"
    return "" if re.search(check.said, said, re.MULTILINE) else f"{said!r} does not say it"


def megabytes() -> float:
    """The size of the environment."""
    files = (path for path in Path(sys.prefix).rglob("*") if path.is_file())
    return sum(path.lstat().st_size for path in files) / 1e6


def main() -> None:
    """Run all checks; the first that fails ends them."""
    if heavy := [name for name in EXTRAS if find_spec(name)]:
        sys.exit(f"{', '.join(heavy)} is installed here; run this without extras")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rows.csv").write_text(ROWS, encoding="utf-8")
        (Path(folder) / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
        shutil.copy(sys.argv[1], Path(folder) / "m.safetensors")
        for check in CHECKS:
            if wrong := problem(check, Path(folder)):
                sys.exit(f"attnpool {check.words}: {wrong}")
    size = megabytes()
    if size > MEGABYTES:
        sys.exit(f"the environment takes {size:.0f} MB; {MEGABYTES} MB are the limit")
    print(f"light: {len(CHECKS)} command lines, {size:.0f} MB")


if __name__ == "__main__":
    main()
