"""Runs to figures: means over seeds and texts, and how sure they are."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import numpy as np

from attnpool.explain.faithfulness.bootstrap import bootstrap

Interval = dict[str, float | None]


def interval(values: Sequence[Sequence[float]] | np.ndarray) -> Interval:
    """The mean of `(seeds, texts)` and its 95 % bootstrap interval over texts.

    What a text has with several seeds is averaged first: the texts are what is drawn anew.
    """
    table = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(table)
    sums = np.where(known, table, 0.0).sum(axis=0)
    by_text = np.where(known.any(axis=0), sums / known.sum(axis=0).clip(1), np.nan)
    return {name: plain(value) for name, value in bootstrap(by_text)._asdict().items()}


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """The mean and standard deviation over seeds, of those that are numbers."""
    known = [value for value in values if not math.isnan(value)]
    return {
        "mean": statistics.mean(known) if known else None,
        "sd": statistics.stdev(known) if len(known) > 1 else None,
    }


def plain(value: float) -> float | None:
    """A number for JSON, which has no NaN."""
    return None if math.isnan(value) else round(value, 6)


def written(of: Interval | None, digits: int = 3) -> str:
    """An interval in a cell of a table."""
    if of is None or of["mean"] is None:
        return "–"
    low, high = (_signed(of[end], digits) for end in ("low", "high"))
    return f"{_signed(of['mean'], digits)} ({low} to {high})"


def give_or_take(of: dict[str, float | None], digits: int = 3) -> str:
    """A mean with its standard deviation in a cell of a table."""
    if of["mean"] is None:
        return "–"
    mean = _signed(of["mean"], digits)
    return mean if of["sd"] is None else f"{mean} ± {of['sd']:.{digits}f}"


def rows(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    parts = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(part)} |" for part in parts)


def _signed(value: float | None, digits: int) -> str:
    text = f"{value:.{digits}f}"
    # No -0.000, and a minus sign that is one.
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")
