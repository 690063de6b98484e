"""The head of a pair: two pooled texts to logits, and what each number of them gives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.runtime.pairs.layers import Layer, gelu_slopes

ALIKE = 1e-5
"""Numbers of the two texts that are so near differ by rounding; which is larger means nothing."""


class Head(NamedTuple):
    """`[u, v, u * v, |u - v|]` through one hidden layer with GELU to a logit per class.

    Attributes:
        hidden: To the hidden layer.
        output: To the logits.
    """

    hidden: Layer
    output: Layer

    def __call__(
        self, u: Float[np.ndarray, "items width"], v: Float[np.ndarray, "items width"]
    ) -> tuple[Float[np.ndarray, "items classes"], Float[np.ndarray, "items hidden"]]:
        """The logits, and what share of each hidden number the activation lets through."""
        z = self.hidden(np.concatenate([u, v, u * v, np.abs(u - v)], axis=1))
        open_ = gelu_slopes(z).astype(np.float32)
        return self.output(z * open_), open_

    def back(
        self,
        u: Float[np.ndarray, "items width"],
        v: Float[np.ndarray, "items width"],
        open_: Float[np.ndarray, "items hidden"],
        targets: Int[np.ndarray, "items"],
    ) -> tuple[Float[np.ndarray, "items width"], Float[np.ndarray, "items width"]]:
        """What a margin gains per unit of u and of v, as `contribution` has it.

        A product is split equally between its factors, the activation is a constant share.

        Args:
            u: The left texts.
            v: The right texts.
            open_: From the call.
            targets: The class of each item, whose margin is its logit less the mean of all.
        """
        weight = self.output.weight
        of_hidden = weight.T[targets] - weight.mean(axis=1)
        of_features = (of_hidden * open_) @ self.hidden.weight.T
        of_u, of_v, of_product, of_distance = np.split(of_features, 4, axis=1)
        difference = u - v
        apart = of_distance * np.sign(np.where(np.abs(difference) > ALIKE, difference, 0))
        return of_u + of_product * v / 2 + apart, of_v + of_product * u / 2 - apart
