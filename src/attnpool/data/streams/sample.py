"""`RowSample`: rows drawn at random from a stream whose end nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attnpool._shapes import Float, Int

_SLACK = 1.25
"""A sample grows so many times over its bounds before it is cut back: each cut costs a pass."""


def sizes_of(items: Sequence[str | Sequence[str]]) -> Int[np.ndarray, "items"]:
    """How many characters texts, pairs or triplets have.

    Args:
        items: The items.
    """
    sizes = [len(item) if isinstance(item, str) else sum(map(len, item)) for item in items]
    return np.array(sizes, dtype=np.int64)


class RowSample:
    """At most so many rows, each equally likely; all of them where there are no more.

    Which rows these are depends on the seed and on their numbers alone: not on how many come at a
    time.

    Args:
        most: How many rows are kept at most.
        seed: Decides which.
        size: How large the rows that are kept may be together, in the unit of `add`'s sizes, but
            for a single one; default: there is no such bound. Where it binds, fewer rows are kept,
            those before the first that does not fit: long rows are then a little less likely.

    Attributes:
        seen: How many rows came.

    Source:
        Bottom-k sampling: each row draws a number, and the lowest stay (Cohen and Kaplan 2007,
        "Summarizing data using bottom-k sketches").
    """

    def __init__(self, most: int, seed: int | Sequence[int] = 0, size: int | None = None) -> None:
        self._most = most
        self._size = np.inf if size is None else size
        self._random = np.random.default_rng(seed)
        self._below = 1.0  # what a row must draw less than to be kept
        self._items: list[Any] = []
        self._drawn: Float[np.ndarray, "kept"] = np.zeros(0)
        self._numbers: Int[np.ndarray, "kept"] = np.zeros(0, dtype=np.int64)
        self._sizes: Int[np.ndarray, "kept"] = np.zeros(0, dtype=np.int64)
        self.seen = 0

    @property
    def items(self) -> list[Any]:
        """The rows that are kept, in the order in which they came."""
        self._cut()
        return self._items

    @property
    def numbers(self) -> Int[np.ndarray, "kept"]:
        """The number of each row that is kept, from 0."""
        self._cut()
        return self._numbers

    @property
    def whole(self) -> bool:
        """Whether all rows are kept."""
        return len(self.items) == self.seen

    @property
    def size(self) -> int:
        """How large the rows that are kept are together, before any is cut."""
        return int(self._sizes.sum())

    def add(self, items: Sequence[Any], sizes: Int[np.ndarray, "rows"] | None = None) -> None:
        """Let some rows come.

        Args:
            items: The rows, whatever they are.
            sizes: The size of each; default: nothing.
        """
        drawn = self._random.random(len(items))
        low = np.flatnonzero(drawn < self._below)
        of_low = np.zeros(len(low), dtype=np.int64) if sizes is None else sizes[low]
        self._drawn = np.concatenate([self._drawn, drawn[low]])
        self._numbers = np.concatenate([self._numbers, low + self.seen])
        self._sizes = np.concatenate([self._sizes, of_low])
        self._items += [items[i] for i in low.tolist()]
        self.seen += len(items)
        if len(self._items) > _SLACK * self._most or self._sizes.sum() > _SLACK * self._size:
            self._cut()

    def _cut(self) -> None:
        """Keep the rows that drew the lowest numbers, so that the bounds hold."""
        if len(self._items) <= self._most and self._sizes.sum() <= self._size:
            return
        order = np.argsort(self._drawn, kind="stable")
        fit = np.searchsorted(np.cumsum(self._sizes[order]), self._size, side="right")
        room = min(self._most, max(1, int(fit)))
        if room >= len(order):
            return
        self._below = float(self._drawn[order[room]])
        kept = np.sort(order[:room])
        self._drawn, self._numbers = self._drawn[kept], self._numbers[kept]
        self._sizes = self._sizes[kept]
        self._items = [self._items[i] for i in kept.tolist()]
