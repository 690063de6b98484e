"""`RowSample`: rows drawn at random from a stream whose end nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attnpool._shapes import Float, Int


class RowSample:
    """At most so many rows, each equally likely; all of them where there are no more.

    Which rows these are depends on the seed and on their numbers alone: not on how many come at a
    time.

    Args:
        most: How many rows are kept at most.
        seed: Decides which.

    Attributes:
        items: The rows that are kept, in the order in which they came.
        numbers: The number of each, from 0.
        seen: How many rows came.

    Source:
        Bottom-k sampling: each row draws a number, and the lowest stay (Cohen and Kaplan 2007,
        "Summarizing data using bottom-k sketches").
    """

    def __init__(self, most: int, seed: int = 0) -> None:
        self._most = most
        self._random = np.random.default_rng(seed)
        self._drawn: Float[np.ndarray, "kept"] = np.zeros(0)
        self.items: list[Any] = []
        self.numbers: Int[np.ndarray, "kept"] = np.zeros(0, dtype=np.int64)
        self.seen = 0

    def add(self, items: Sequence[Any]) -> None:
        """Let some rows come.

        Args:
            items: The rows, whatever they are.
        """
        drawn = self._random.random(len(items))
        full = len(self.items) == self._most and self._most > 0
        low = np.flatnonzero(drawn < self._drawn.max() if full else np.ones(len(items), np.bool_))
        self._drawn = np.concatenate([self._drawn, drawn[low]])
        self.numbers = np.concatenate([self.numbers, low + self.seen])
        self.items += [items[i] for i in low.tolist()]
        self.seen += len(items)
        if len(self.items) <= self._most:
            return
        kept = np.sort(np.argpartition(self._drawn, self._most)[: self._most])
        self._drawn, self.numbers = self._drawn[kept], self.numbers[kept]
        self.items = [self.items[i] for i in kept.tolist()]
