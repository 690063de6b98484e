"""How much is measured: for the page, or just to see that all runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from benchmarks.sets import Split

Setting = TypeVar("Setting")


@dataclass(frozen=True)
class Scale:
    """Sizes and numbers of repetitions.

    Attributes:
        rounds: How often everything is measured, in turn.
        singles: Texts of each round that are answered one at a time.
        train: The most rows to train on; None for all.
        test: The most rows to answer for; None for all.
        kept: The words and n-grams that fastText keeps: as many as in its documentation.
        epochs: The most epochs of model2vec's trainer; -1 for its own stopping.
        tuned: Whether settings of the others are chosen, or the first is taken.
    """

    rounds: int = 9
    singles: int = 30
    train: int | None = None
    test: int | None = None
    kept: int = 100_000
    epochs: int = -1
    tuned: bool = True

    def settings(self, every: Sequence[Setting]) -> tuple[Setting, ...]:
        """The settings to choose from."""
        return tuple(every if self.tuned else every[:1])

    def cut(self, split: Split) -> Split:
        """As many rows of a set as are used."""
        parts = (_some(split.train, self.train), _some(split.test, self.test))
        rows = " / ".join(f"{len(labels):,}" for _, labels in parts)
        return Split(split.name, split.title, rows, *parts, split.cleanup, split.english)


QUICK = Scale(rounds=1, singles=5, train=200, test=60, kept=2_000, epochs=1, tuned=False)


def _some(rows: tuple[list[str], list[str]], most: int | None) -> tuple[list[str], list[str]]:
    """A draw of rows, or all of them."""
    texts, labels = rows
    if most is None or len(texts) <= most:
        return rows
    drawn = np.random.default_rng(0).permutation(len(texts))[:most]
    return [texts[i] for i in drawn], [labels[i] for i in drawn]
