"""Logits to probabilities, by numpy alone."""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Float


def softmax(logits: Float[np.ndarray, "*rows classes"]) -> Float[np.ndarray, "*rows classes"]:
    """The probabilities of the classes, in the type of the logits."""
    # Of the largest it is exp(0): no overflow.
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return shares
