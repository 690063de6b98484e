"""Labels that are numbers: scores, which are better grouped, or measurements, no labels."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from attnpool.data.columns import CATEGORIES, SCORES
from attnpool.data.label_map import OPTION
from attnpool.metrics import display_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"[+-]?([0-9]{1,9}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_FEWEST_SCORES = 3
_MOST_SCORES = 11  # 0 to 10
_MOST_VALUES = 20  # more numbers with decimals are no scale


def score_advice(labels: Iterable[str], column: str = "") -> str:
    """What to say of labels that may be scores: equally spaced, a few integers, or many decimals.

    Args:
        labels: The label of each row.
        column: The name of their column: numbers in one called category or topic are ids.
    """
    distinct = set(labels)
    if (
        any(word in column.casefold() for word in CATEGORIES)
        or len(distinct) < _FEWEST_SCORES
        or not all(map(_NUMBER.fullmatch, distinct))
    ):
        return ""
    scores = display_order(sorted(distinct))
    on_a_scale = _on_a_scale([float(score) for score in scores])
    if _mostly_decimals(scores) if not on_a_scale else len(scores) > _MOST_VALUES:
        return (
            f"the {len(scores)} labels are numbers from {scores[0]} to {scores[-1]}, as scores and "
            "measurements are; each is a class of its own, without an order; group them with "
            f'{OPTION} "{scores[0]},{scores[1]}=low" and so on, or name another column with --label'
        )
    if not on_a_scale:
        return ""
    half = len(scores) // 2
    low, high = ",".join(scores[:half]), ",".join(scores[half:])
    return (
        f"labels {scores[0]} to {scores[-1]} look like scores, in order; to group them: "
        f'{OPTION} "{low}=low" {OPTION} "{high}=high"'
    )


def _on_a_scale(numbers: Sequence[float]) -> bool:
    """Whether sorted numbers are equally spaced, or integers of a range of at most 11."""
    steps = [high - low for low, high in pairwise(numbers)]
    if min(steps) <= 0:
        return False
    if max(steps) - min(steps) < 1e-6 * max(steps):
        return True
    few = numbers[-1] - numbers[0] < _MOST_SCORES
    return few and all(number.is_integer() for number in numbers)


def _mostly_decimals(labels: Sequence[str]) -> bool:
    """Whether there are more such numbers than scores have, most of them with decimals."""
    decimals = sum(not float(label).is_integer() for label in labels)
    return len(labels) > _MOST_SCORES and 2 * decimals > len(labels)


def is_measured(labels: Iterable[str], column: str) -> bool:
    """Whether a column called score or rate holds measurements, such as 0.008 to 0.99.

    They are mostly numbers with decimals, and nearly each row has its own, or they are many.

    Args:
        labels: The label of each row.
        column: The name of their column.
    """
    if column.strip().casefold() not in SCORES:
        return False
    labels = list(labels)
    distinct = {label for label in labels if label}
    decimals = [
        label for label in distinct if _NUMBER.fullmatch(label) and not float(label).is_integer()
    ]
    if len(decimals) < _FEWEST_SCORES or 2 * len(decimals) <= len(distinct):
        return False
    return len(distinct) > _MOST_VALUES or 2 * len(decimals) > len(labels)
