"""Rows set aside for validation, class by class."""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Int


def stratified_split(
    classes: Int[np.ndarray, "rows"], share: float, seed: int
) -> tuple[Int[np.ndarray, "train"], Int[np.ndarray, "validation"]]:
    """Row numbers for training and for validation, each class in both as evenly as it goes.

    scikit-learn's split refuses a class of one row; here it stays in training, where it is
    needed more.

    Args:
        classes: The class of each row, from 0.
        share: The share of each class set aside.
        seed: Decides which rows.
    """
    rng = np.random.default_rng(seed)
    aside = []
    for number in np.unique(classes):
        rows = rng.permutation(np.flatnonzero(classes == number))
        aside.append(rows[: min(round(share * len(rows)), len(rows) - 1)])
    validation = np.sort(np.concatenate(aside))
    return np.setdiff1d(np.arange(len(classes)), validation), validation
