"""What a smaller model costs: its answers beside those of the model it was made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from attnpool.label_values import class_names
from attnpool.sanitize import counted

FEWEST_ALIKE = 0.99
"""Below this share of answers alike an export is refused."""


class Comparison(NamedTuple):
    """Two models on the same items.

    Attributes:
        n: The number of items.
        alike: The share of items with the same answer, from 0 to 1.
        largest_change: By how much a probability differs at most.
        accuracy_before: The share of labelled items that the first answers right; None without
            labels.
        accuracy: The same of the second.
        labelled: The number of labelled items.
        unknown_labels: How many rows have each label that is no class; they count as wrong.
    """

    n: int
    alike: float
    largest_change: float
    accuracy_before: float | None
    accuracy: float | None
    labelled: int
    unknown_labels: Mapping[str, int]

    def sentence(self) -> str:
        """What to tell the user."""
        said = (
            f"{counted(self.n, 'row')}: {_share(self.alike)} answered alike, a probability changes "
            f"by {_rounded_up(self.largest_change)} at most"
        )
        if self.accuracy is None or self.accuracy_before is None:
            return f"{said}; accuracy not measured, as the rows have no labels"
        of = "" if self.labelled == self.n else f" on {counted(self.labelled, 'labelled row')}"
        return f"{said}; accuracy {self.accuracy:.3f}, before {self.accuracy_before:.3f}{of}"


def compare(
    before: Any, after: Any, items: Sequence[Any], labels: Sequence[str] | None
) -> Comparison:
    """Compare the answers of two models of the same classes.

    Args:
        before: The model that the other was made of.
        after: The other.
        items: Raw texts, or pairs of them, at least one.
        labels: Their labels, "" for a text without one; None without labels.
    """
    first, second = before.predict_proba(items), after.predict_proba(items)
    answers, others = first.argmax(axis=1), second.argmax(axis=1)
    names = [str(name) for name in before.classes_.tolist()]
    place = {name: i for i, name in enumerate(names)}
    truth, unknown = np.zeros(0, dtype=np.int64), Counter[str]()
    labelled = np.zeros(len(items), dtype=np.bool_)
    if labels:
        labelled = np.array([bool(label) for label in labels])
        known = class_names([label for label in labels if label], before.classes_.tolist())
        truth = np.array([place.get(name, -1) for name in known], dtype=np.int64)
        unknown.update(name for name in known if name not in place)
    some = bool(labelled.any())
    return Comparison(
        n=len(items),
        alike=float((answers == others).mean()),
        largest_change=float(np.abs(first - second).max()),
        accuracy_before=float((answers[labelled] == truth).mean()) if some else None,
        accuracy=float((others[labelled] == truth).mean()) if some else None,
        labelled=int(labelled.sum()),
        unknown_labels=dict(unknown),
    )


def _rounded_up(change: float) -> str:
    """A change with three digits, or the first one of a smaller change; never rounded down."""
    if not 0 < change < 0.001:
        return f"{math.ceil(change * 1000 - 1e-9) / 1000:.3f}"
    step = 10.0 ** math.floor(math.log10(change))
    return f"{math.ceil(change / step - 1e-9) * step:.0e}"


def _share(alike: float) -> str:
    """A share in per cent, never rounded up to all."""
    return "100 %" if alike == 1 else f"{np.floor(alike * 10_000) / 100:.2f} %"
