"""Logits to probabilities and margins, without torch."""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.errors import InputError


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


def finite(numbers: Float[np.ndarray, "..."], model: object) -> Float[np.ndarray, "..."]:
    """What a model gives, if it is finite: weights that somebody made up may overflow.

    Args:
        numbers: Outputs, or values of tokens.
        model: The model, whose `origin` is the file to blame.

    Raises:
        InputError: A number is NaN or infinite.
    """
    if not np.isfinite(numbers).all():
        origin = getattr(model, "origin", "the model")
        raise InputError(
            f"{origin}: its numbers are so large that an answer overflows; copy the model again or "
            "retrain it"
        )
    return numbers
