"""Seeded choice that gives the same rows on every version of Python."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .bank import Bank

Item = TypeVar("Item")


class Draw:
    """Random choices built on `Random.random` alone.

    Python promises the sequence of `random()` for a seed, but not that of `choice` or
    `shuffle`; the committed files must come out byte for byte on any version.
    """

    def __init__(self, seed: str, rare: float = 0.0, *, test: bool = False) -> None:
        """`rare`: the chance of a phrase from the rare part of its bank; `test`: the split."""
        self._random = random.Random(seed)
        self.rare = rare
        self.test = test

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def number(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def one(self, items: Sequence[Item]) -> Item:
        return items[int(self._random.random() * len(items))]

    def several(self, items: Sequence[Item], count: int) -> list[Item]:
        """`count` different places of `items`, in random order."""
        left = list(items)
        return [left.pop(int(self._random.random() * len(left))) for _ in range(count)]

    def weighted(self, weights: dict[str, float]) -> str:
        point = self._random.random() * sum(weights.values())
        for name, weight in weights.items():
            point -= weight
            if point < 0:
                return name
        return name

    def phrase(self, bank: Bank) -> str:
        """A phrase: from the bank's rare part with the chance this draw was made with."""
        if bank.rare and self.chance(self.rare):
            return self.one(bank.rare)
        return self.one(bank.common)
