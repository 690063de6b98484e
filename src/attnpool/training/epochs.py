"""Where the training loop gets the batches of each epoch from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol, runtime_checkable

import numpy as np
from torch import Tensor

from attnpool._shapes import Int
from attnpool.text.batches import padding_share, shuffled_length_batches
from attnpool.training.recipe import Recipe

Step = Callable[[], Tensor]
"""The mean loss of one batch, to go down."""


@runtime_checkable
class Epochs(Protocol):
    """The batches of every epoch; those of one do not depend on the epochs before it."""

    @property
    def rows(self) -> int:
        """How many rows an epoch goes through."""

    @property
    def padding_share(self) -> float:
        """The share of computed token places that hold padding, in the first epoch."""

    def count(self, epoch: int) -> int:
        """How many batches an epoch has, counted from 1."""

    def batches(self, epoch: int) -> Iterator[Step]:
        """The batches of an epoch in their order, every row once."""

    def any_batch(self, epoch: int) -> Step:
        """One of the batches of an epoch."""


class RowEpochs:
    """Rows in memory, in batches of similar length.

    Args:
        loss: The mean loss of the rows with these numbers.
        lengths: The number of tokens of each row.
        recipe: How many epochs there are, and how large a batch is.
        seed: Decides the order of rows, epoch by epoch.
    """

    def __init__(
        self,
        loss: Callable[[Int[np.ndarray, "rows"]], Tensor],
        lengths: Int[np.ndarray, "texts"],
        recipe: Recipe,
        seed: int,
    ) -> None:
        self._loss = loss
        self._lengths = lengths
        size, tokens = recipe.batch_size, recipe.batch_tokens
        self._epochs = [
            shuffled_length_batches(
                lengths, size, np.random.default_rng([seed, epoch]), max_tokens=tokens
            )
            for epoch in range(1, recipe.epochs + 1)
        ]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self._lengths)

    @property
    def padding_share(self) -> float:
        """The share of padding in the first epoch."""
        return padding_share(self._lengths, self._epochs[0])

    def count(self, epoch: int) -> int:
        """How many batches an epoch has."""
        return len(self._epochs[epoch - 1])

    def batches(self, epoch: int) -> Iterator[Step]:
        """The batches of an epoch."""
        for rows in self._epochs[epoch - 1]:
            yield partial(self._loss, rows)

    def any_batch(self, epoch: int) -> Step:
        """The last batch of an epoch."""
        return partial(self._loss, self._epochs[epoch - 1][-1])
