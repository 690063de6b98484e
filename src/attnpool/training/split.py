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
    rows = np.random.default_rng(seed).permutation(len(classes))
    rows = rows[np.argsort(classes[rows], kind="stable")]
    counts = np.bincount(classes)
    starts = np.cumsum(counts) - counts
    # Classes side by side, every 1/share-th row is taken: small classes share what none of them
    # could give alone. The first row of each class stays in training.
    places = np.arange(len(rows))
    taken = np.floor((places + 1) * share) > np.floor(places * share)
    taken[starts[counts > 0]] = False
    validation = np.sort(rows[taken])
    return np.setdiff1d(np.arange(len(classes)), validation), validation
