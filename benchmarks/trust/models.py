"""Part 2: models whose attention is meant to say what decided, beside the default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.trust.figures import give_or_take, rows, spread
from benchmarks.trust.run_cache import Run


def of_variant(runs: Sequence[Run]) -> dict[str, Any]:
    """The figures of one variant, means with standard deviations over seeds."""
    each = [_one(run) for run in runs]
    return {"seeds": len(runs)} | {k: spread([one[k] for one in each]) for k in each[0]}


def _one(run: Run) -> dict[str, float]:
    fall = {
        name: float(np.nanmean(of["comprehensiveness"])) for name, of in run["deletion"].items()
    }
    return {
        "accuracy": run["accuracy"],
        "random": fall["random"],
        "attention": fall["attention"],
        "leave_one_out": fall["leave_one_out"],
        "attention_share": share(fall["attention"], fall["leave_one_out"], fall["random"]),
        "contribution_share": share(fall["contribution"], fall["leave_one_out"], fall["random"]),
        "overlap": run["overlap"],
    }


def share(of: float, best: float, chance: float) -> float:
    """How much of what leave-one-out has above a random order; NaN where it has nothing."""
    return (of - chance) / (best - chance) if best > chance else float("nan")


def table(found: Sequence[dict[str, Any]]) -> str:
    """A line for each variant."""
    head = [
        *("data", "model", "accuracy", "attention's comprehensiveness", "leave-one-out's"),
        *("attention's share", "contribution's share", "overlap of heads"),
    ]
    keys = ("accuracy", "attention", "leave_one_out", "attention_share", "contribution_share")
    lines = [
        [one["title"], variant, *(give_or_take(of[k]) for k in (*keys, "overlap"))]
        for one in found
        for variant, of in one["variants"].items()
    ]
    return rows(head, lines)
