"""How long and how fast to train: numbers that fit the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Recipe:
    """The knobs of the training loop.

    Attributes:
        epochs: How often to go through the rows at most.
        batch_size: Rows an update.
        batch_tokens: Tokens an update at most, padding included; bounds the memory that long
            texts need.
        learning_rate: The peak for dense weights; it rises over the first twentieth of all
            updates and then falls to zero in a straight line.
        table_rate: The same for the rows of n-gram tables.
        encoder_rate: The same for the weights of a pretrained encoder that is trained too.
        weight_decay: Decoupled decay of the dense weights (Loshchilov & Hutter 2019).
        average_from: The share of all updates after which weights are averaged.
        patience: Epochs without a better validation score after which to stop.
    """

    epochs: int
    batch_size: int
    batch_tokens: int = 65_536
    learning_rate: float = 3e-3
    table_rate: float = 5e-3
    encoder_rate: float = 1e-4
    weight_decay: float = 0.01
    average_from: float = 0.2
    patience: int = 3

    @classmethod
    def for_rows(
        cls,
        rows: int,
        *,
        epochs: int | None = None,
        largest_batch: int = 128,
        fewest: int = 4,
        **knobs: Any,
    ) -> Recipe:
        """The defaults for so many rows.

        Few rows want small batches and many passes, many rows the opposite; in between the
        number of updates stays near 350. Pairs want smaller batches than texts: `largest_batch`.
        There are `fewest` passes at least.
        """
        size = 16
        while size < largest_batch and size * 128 < rows:
            size *= 2
        if epochs is None:
            epochs = min(12, max(fewest, round(350 * size / max(rows, 1))))
        return cls(epochs=epochs, batch_size=size, **knobs)
