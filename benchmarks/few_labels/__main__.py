"""`python -m benchmarks.few_labels --data DIR`: all of it, or some; what is kept is not run again.

`--only` without a set draws the page anew from what is kept.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch

from benchmarks.few_labels import page, record
from benchmarks.few_labels.contenders import (
    CONTENDERS,
    FREE,
    TAUGHT,
    compared,
    splits_of,
)
from benchmarks.few_labels.protocol import SETS, SIZES, Draw, Rows, draw, rows_of
from benchmarks.few_labels.teachers import Encoder, teacher_of

ROOT = Path(__file__).parents[2]
QUICK = {"most_tested": 200, "most_unlabelled": 200}


def main(arguments: list[str] | None = None) -> None:
    """Read the options, run what is missing, and write the page."""
    asked = _options(arguments)
    if asked.quick:
        asked.docs = _elsewhere(asked.docs)
        asked.sizes, asked.splits = asked.sizes[:1], asked.splits[:1]
    torch.set_num_threads(1)
    try:
        for name in asked.only:
            _of_set(rows_of(name, asked.data), asked)
    finally:
        page.write(asked.docs, record.read(asked.docs))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.few_labels", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public files")
    parser.add_argument("--only", nargs="*", choices=SETS, default=SETS)
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=SIZES)
    parser.add_argument("--contenders", nargs="*", choices=CONTENDERS, default=CONTENDERS)
    parser.add_argument("--splits", nargs="*", type=int, default=list(range(5)))
    parser.add_argument("--again", action="store_true", help="measure anew what is kept")
    parser.add_argument("--quick", action="store_true", help="one split, few rows, in build/")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "few-labels")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where few-labels.md is")
    return parser.parse_args(arguments)


def _elsewhere(docs: Path) -> Path:
    """A folder for runs on a few rows, which must not be taken for results."""
    folder = ROOT / "build" / "few-labels"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(docs / "few-labels.md", folder)
    return folder


def _of_set(rows: Rows, asked: argparse.Namespace) -> None:
    encoder = None
    if any(contender in TAUGHT for contender in asked.contenders):
        encoder = teacher_of(rows.english, asked.cache, rows.cleanup)
    for size in asked.sizes:
        for split in [k for k in asked.splits if k < splits_of(size)]:
            drawn = draw(rows, split, size, **(QUICK if asked.quick else {}))
            for contender in asked.contenders:
                if compared(contender, size):
                    _one(drawn, size, contender, encoder, asked)


def _one(
    drawn: Draw, size: str, contender: str, encoder: Encoder | None, asked: argparse.Namespace
) -> None:
    """One run, kept as soon as it is done."""
    name, split = drawn.rows.name, str(drawn.split)
    if split in record.of(record.read(asked.docs), name, size, contender) and not asked.again:
        return
    if contender in FREE:
        right, seconds = FREE[contender](drawn)
    else:
        right, seconds = TAUGHT[contender](drawn, encoder)
    run = {
        "accuracy": round(float(right.mean()), 6),
        "seconds": round(seconds, 3),
        "labelled": len(drawn.labelled),
        "unlabelled": len(drawn.pool),
        "n_test": len(right),
        "right": record.packed(right),
    }
    # Read anew: another process may have added runs of its own.
    found = record.read(asked.docs)
    runs = found.setdefault(name, {}).setdefault(size, {}).setdefault(contender, {})
    runs[split] = run
    record.write(asked.docs, found)
    print(name, size, contender, split, run["accuracy"], f"{seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
