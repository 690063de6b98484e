"""Class weights that give every class the same total weight."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


def class_weights(labels: Iterable[T]) -> dict[T, float]:
    """The weight `total / (classes * count)` per class; the mean over all rows is 1.

    The heuristic that scikit-learn calls "balanced", after King and Zeng (2001), "Logistic
    Regression in Rare Events Data".

    Args:
        labels: The label of each row.

    Returns:
        From label to weight, in order of first appearance; empty if there are no labels.
    """
    counts = Counter(labels)
    return {label: counts.total() / (len(counts) * n) for label, n in counts.items()}
