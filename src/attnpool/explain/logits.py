"""Logits to probabilities and margins, without torch."""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Float, Int


def softmax(logits: Float[np.ndarray, "*rows classes"]) -> Float[np.ndarray, "*rows classes"]:
    """The probabilities of the classes, in the type of the logits."""
    # Of the largest it is exp(0): no overflow.
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def margins(
    logits: Float[np.ndarray, "items classes"], targets: Int[np.ndarray, "items"]
) -> Float[np.ndarray, "items"]:
    """The target's logit less the mean of all logits, for each item.

    Args:
        logits: One score per class.
        targets: The number of a class per item.
    """
    of_targets: np.ndarray = logits[np.arange(len(logits)), targets] - logits.mean(axis=1)
    return of_targets
