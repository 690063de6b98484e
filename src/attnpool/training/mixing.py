"""How much attention counts in a logit, and how much the linear part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from attnpool._shapes import Float

EVEN = 0.5
_LEAST = 0.05
"""So much of each remains: a picture of attention that has no part in the answer would mislead."""

_PRIOR = 2.0
"""How much the even mix counts, in rows: without it few rows would choose extremes."""


def fit_mix(
    logits: Sequence[Float[np.ndarray, "rows classes"]],
    targets: Float[np.ndarray, "rows classes"],
) -> tuple[float, ...]:
    """The factors of logits whose sum gives the targets the highest likelihood.

    Args:
        logits: Those of each part, for rows that it was not trained on.
        targets: The probabilities of the classes, or 1 for the true one.

    Returns:
        A factor for each part; even ones without rows.
    """
    even = np.full(len(logits), EVEN)
    if not len(targets):
        return tuple(even.tolist())

    def loss(factors: np.ndarray) -> float:
        mixed = sum(factor * part for factor, part in zip(factors, logits, strict=True))
        gap = -(targets * log_softmax(mixed, axis=1)).sum()
        return float(gap + _PRIOR * ((factors - EVEN) ** 2).sum()) / len(targets)

    found = minimize(loss, even, bounds=[(_LEAST, None)] * len(logits)).x
    return tuple(float(factor) for factor in found)
