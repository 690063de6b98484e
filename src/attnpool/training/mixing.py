"""How much attention counts in a logit, and how much each model of the linear part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnpool._shapes import Float

_LEAST = 0.05
"""So much of attention remains: a picture that has no part in the answer would mislead."""

USUAL = (0.2, 0.4, 0.4)
"""Of attention, regression and naive Bayes, where rows do not say otherwise."""

USUAL_OF_ENCODER = (0.8, 0.1, 0.1)
"""The same where attention pools the states of a pretrained encoder."""

_PRIOR = 100.0
"""How much the usual mix counts, in rows: without it few rows would choose extremes."""

_SPREAD = 2.0
"""The standard deviation that the logits of each part are brought to before they are mixed."""

_LITTLE = 0.01
"""Logits that differ less say nothing of these rows. Brought to the same spread they would decide
alone of others, of which they may say much."""


def fit_mix(
    logits: Sequence[Float[np.ndarray, "rows classes"]],
    targets: Float[np.ndarray, "rows classes"],
    usual: tuple[float, ...] = USUAL,
) -> tuple[float, ...]:
    """The factors of logits whose sum gives the targets the highest likelihood.

    Args:
        logits: Those of attention, of regression and of naive Bayes, for rows that they were not
            trained on.
        targets: The probabilities of the classes, or 1 for the true one.
        usual: The factors that few rows stay near to.

    Returns:
        A factor for each part; the usual ones without rows.
    """
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    if not len(targets):
        return usual
    scales = [_SPREAD / max(float(part.std()), _LITTLE) for part in logits]
    parts = [scale * part for scale, part in zip(scales, logits, strict=True)]

    def loss(factors: np.ndarray) -> float:
        mixed = sum(factor * part for factor, part in zip(factors, parts, strict=True))
        gap = -(targets * log_softmax(mixed, axis=1)).sum()
        return float(gap + _PRIOR * ((factors - usual) ** 2).sum()) / len(targets)

    bounds = [(_LEAST, None), *[(0.0, None)] * (len(logits) - 1)]
    found = minimize(loss, usual, bounds=bounds).x
    return tuple(float(factor * scale) for factor, scale in zip(found, scales, strict=True))
