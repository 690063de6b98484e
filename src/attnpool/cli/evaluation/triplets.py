"""What `attnpool evaluate` says of triplets, from sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attnpool.cli.evaluation.sums import KnownSums
from attnpool.metrics import TRIPLET_CHANCE, triplet_warnings

if TYPE_CHECKING:
    from collections.abc import Sequence


class TripletSums:
    """The share of triplets that are ordered right, of triplets that come some at a time.

    Args:
        model: The model.

    Attributes:
        known: How many of the triplets the model knows.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._ordered = self._rows = 0
        self.known = KnownSums(model)

    def __len__(self) -> int:
        """The number of triplets."""
        return self._rows

    def add(self, items: Sequence[Any]) -> None:
        """Measure some triplets.

        Args:
            items: The triplets.
        """
        if not len(items):
            return
        self.known.add(items)
        self._ordered += round(self._model.triplet_accuracy(items) * len(items))
        self._rows += len(items)

    def figures(self) -> dict[str, Any]:
        """The figures of all triplets so far, for `--json`; there must be one at least."""
        share = self._ordered / self._rows
        return {
            "triplet_accuracy": share,
            "ordered": share,
            "chance": TRIPLET_CHANCE,
            "n": self._rows,
        }

    def warnings(self) -> list[str]:
        """What speaks against them."""
        return triplet_warnings(self._ordered / self._rows, self._rows)
