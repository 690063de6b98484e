"""Confidence intervals of means over texts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attnpool._shapes import Float


class Mean(NamedTuple):
    """A mean with its 95 % interval.

    Attributes:
        mean: The mean; NaN of no values.
        low: The lower end.
        high: The upper end.
    """

    mean: float
    low: float
    high: float


def bootstrap(values: Float[np.ndarray, "texts"], *, draws: int = 1000, seed: int = 0) -> Mean:
    """The mean over texts, and the bounds of 95 % of the resampled means.

    To compare two methods, give their difference for each text: a paired bootstrap.

    Args:
        values: One number per text; NaN for none.
        draws: How often to draw as many texts with replacement.
        seed: Decides the draws.

    Source:
        Efron & Tibshirani 1993, the percentile interval.
    """
    known = values[~np.isnan(values)].astype(np.float64)
    if not len(known):
        return Mean(float("nan"), float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    means = [known[rng.integers(len(known), size=len(known))].mean() for _ in range(draws)]
    low, high = np.quantile(means, [0.025, 0.975]).tolist()
    return Mean(float(known.mean()), low, high)
