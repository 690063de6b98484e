"""docs/few-labels.json: every run by set, size, contender and split, and which rows were right."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.few_labels.protocol import SETS, SIZES

Run = dict[str, Any]
Found = dict[str, Any]


def read(docs: Path) -> Found:
    file = docs / "few-labels.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def write(docs: Path, found: Found) -> None:
    """Swapped in whole: half a file would lose all runs."""
    order = {
        name: {size: found[name][size] for size in SIZES if size in found[name]}
        for name in SETS
        if name in found
    }
    swap(docs / "few-labels.json", json.dumps(order, ensure_ascii=False, indent=1) + "\n")


def swap(file: Path, text: str) -> None:
    new = file.with_name(file.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def of(found: Found, name: str, size: str, contender: str) -> dict[str, Run]:
    """The runs of one cell, by split."""
    return found.get(name, {}).get(size, {}).get(contender, {})


def packed(right: np.ndarray) -> str:
    """One bit per test row."""
    return base64.b64encode(np.packbits(right.astype(bool)).tobytes()).decode("ascii")


def right_of(run: Run) -> np.ndarray:
    """Which test rows were answered right, in the order in which the split has them."""
    bits = np.frombuffer(base64.b64decode(run["right"]), dtype=np.uint8)
    return np.unpackbits(bits, count=run["n_test"]).astype(bool)
