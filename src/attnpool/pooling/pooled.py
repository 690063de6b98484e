"""`Pooled`: what every pooling layer returns."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from attnpool._shapes import Float


class Pooled(NamedTuple):
    """One vector per row, and how much each token went into it.

    Attributes:
        vector: The pooled vector, `(batch, features)`; zero for a row without a real token.
        weights: The token weights, `(batch, steps)`, or `(batch, heads, steps)` from a multi-head
            layer. Never negative, exactly 0 on padding; every row with a real token sums to 1.
    """

    vector: Float[Tensor, "batch features"]
    weights: Float[Tensor, "batch *heads steps"]

    @property
    def by_head(self) -> Float[Tensor, "batch heads steps"]:
        """The weights with an axis of heads, also of a layer with one head."""
        return self.weights.unsqueeze(1) if self.weights.dim() == 2 else self.weights
