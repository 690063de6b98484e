"""What the page says of the marks of people."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from attnpool.explain.faithfulness.agreement import MEASURES
from benchmarks.trust.figures import Interval, interval, rows, written
from benchmarks.trust.measuring import SIZE
from benchmarks.trust.people import METHODS, PEOPLE, TO_LABEL
from benchmarks.trust.run_cache import Run

ORDER = ("random", "attention", SIZE, "contribution", TO_LABEL, *METHODS[2:], PEOPLE)
HEADS = ("token-F1", "IOU-F1", "AUPRC", "reciprocal rank", "in the top three")


def summary(title: str, runs: Sequence[Run]) -> dict[str, Any]:
    """The figures of one source: every text is held in one run."""
    right = np.concatenate([np.asarray(run["right"], dtype=np.bool_) for run in runs])
    names = [name for name in ORDER if all(name in run["methods"] for run in runs)]
    values = {
        name: {k: np.concatenate([run["methods"][name][k] for run in runs]) for k in MEASURES}
        for name in names
    }
    pairs = [("contribution", "attention"), *((name, "random") for name in names[1:])]
    return {
        "title": title,
        "texts": len(right),
        "folds": len(runs),
        "accuracy": statistics.mean(run["accuracy"] for run in runs),
        "right": float(right.mean()) if len(right) else None,
        "methods": {name: _intervals(of) for name, of in values.items()},
        "where_right": {
            name: _intervals({k: v[right] for k, v in of.items()}) for name, of in values.items()
        },
        "differences": {
            f"{a} - {b}": _intervals({k: values[a][k] - values[b][k] for k in MEASURES})
            for a, b in pairs
        },
    }


def _intervals(of: dict[str, np.ndarray]) -> dict[str, Interval]:
    return {k: interval([values]) for k, values in of.items()}


def table(one: dict[str, Any], part: str) -> str:
    """The lines of one part of a source: `methods`, `where_right` or `differences`."""
    return rows(
        ["difference" if part == "differences" else "method", *HEADS],
        [[_name(name), *(written(of[k]) for k in MEASURES)] for name, of in one[part].items()],
    )


def _name(name: str) -> str:
    return name.replace(" - ", " − ").replace("_", " ").replace("random", "random order")
