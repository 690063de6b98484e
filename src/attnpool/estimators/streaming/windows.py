"""The batches of each epoch from windows of rows, one window in memory after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from torch import Tensor

from attnpool.estimators.streaming.store import TokenStore, Window
from attnpool.text.batches import shuffled_length_batches
from attnpool.training.epochs import Step
from attnpool.training.recipe import Recipe

Loss = Callable[[np.ndarray], Tensor]


class WindowEpochs:
    """Windows in an order of their own for each epoch, and the rows of each shuffled.

    Args:
        store: The windows.
        loss: What makes the loss of the rows of a window, by their numbers in it.
        recipe: How large a batch is.
        seed: Decides the order, epoch by epoch.

    Attributes:
        rows: How many rows an epoch goes through.
        padding_share: The share of computed token places that hold padding, in the first epoch.
    """

    def __init__(
        self, store: TokenStore, loss: Callable[[Window], Loss], recipe: Recipe, seed: int
    ) -> None:
        self.rows = store.rows
        self._store, self._loss = store, loss
        self._size, self._tokens = recipe.batch_size, recipe.batch_tokens
        self._seed = seed
        cells = tokens = self._count = 0
        rng = np.random.default_rng([seed, 1])
        for number in rng.permutation(len(store)).tolist():
            lengths = store.lengths(number)
            batches = self._batches(lengths, rng)
            self._count += len(batches)
            tokens += int(lengths.sum())
            cells += sum(max(1, int(lengths[rows].max())) * len(rows) for rows in batches)
        self.padding_share = (cells - tokens) / cells if cells else 0.0

    def count(self, epoch: int) -> int:
        """How many batches an epoch has; where long texts split them, those of the first one."""
        del epoch
        return self._count

    def batches(self, epoch: int) -> Iterator[Step]:
        """The batches of an epoch: every row of every window once."""
        rng = np.random.default_rng([self._seed, epoch])
        for number in rng.permutation(len(self._store)).tolist():
            window = self._store.window(number)
            loss = self._loss(window)
            for rows in self._batches(window.tokens.lengths, rng):
                yield partial(loss, rows)

    def any_batch(self, epoch: int) -> Step:
        """The first batch of an epoch."""
        return next(self.batches(epoch))

    def _batches(self, lengths: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
        return shuffled_length_batches(lengths, self._size, rng, max_tokens=self._tokens)
