"""Rows set aside for validation, class by class."""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Int, Integer


def stratified_split(
    classes: Int[np.ndarray, "rows"],
    share: float,
    seed: int,
    keys: Integer[np.ndarray, "rows"] | None = None,
) -> tuple[Int[np.ndarray, "train"], Int[np.ndarray, "validation"]]:
    """Row numbers for training and for validation, each class in both as evenly as it goes.

    scikit-learn's split refuses a class of one row; here it stays in training, where it is
    needed more. Equal rows are drawn together. Those of which there are more than their class
    has to set aside stay in training.

    Args:
        classes: The class of each row, from 0.
        share: The share of each class set aside.
        seed: Decides which rows.
        keys: The same number for equal rows; all are different unless given.
    """
    everything = np.arange(len(classes))
    if keys is None:
        keys = everything
    _, first, item, size = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    # In the order in which items first occur: where all differ, item and row are one.
    order = np.argsort(first)
    held = order[_drawn(classes[first[order]], share, seed)]
    room = np.maximum(1, share * np.bincount(classes))[classes[first[held]]]
    taken = np.isin(item, held[size[held] <= room])
    # Equal rows may have different labels: every class keeps a row in training.
    lost = np.isin(classes, np.setdiff1d(classes, classes[~taken]))
    taken &= ~np.isin(item, item[lost])
    return everything[~taken], everything[taken]


def fold_numbers(
    classes: Int[np.ndarray, "rows"], keys: Integer[np.ndarray, "rows"], folds: int, seed: int
) -> Int[np.ndarray, "rows"]:
    """The fold of each row: each class in all of them as evenly as it goes, equal rows together.

    scikit-learn's folds refuse classes of fewer rows than folds; here their rows are in some.

    Args:
        classes: The class of each row, from 0.
        keys: The same number for equal rows.
        folds: How many folds.
        seed: Decides which rows are together.
    """
    _, first, item = np.unique(keys, return_index=True, return_inverse=True)
    # Drawn in the order in which items first occur, whatever their keys are.
    drawn = np.argsort(first)[np.random.default_rng(seed).permutation(len(first))]
    drawn = drawn[np.argsort(classes[first[drawn]], kind="stable")]
    of_item = np.empty(len(first), dtype=np.int64)
    of_item[drawn] = np.arange(len(first)) % folds
    of_row: np.ndarray = of_item[item]
    return of_row


def _drawn(
    classes: Int[np.ndarray, "items"], share: float, seed: int
) -> Int[np.ndarray, "validation"]:
    """The numbers of the items that are drawn, from those of all classes alike."""
    rows = np.random.default_rng(seed).permutation(len(classes))
    rows = rows[np.argsort(classes[rows], kind="stable")]
    counts = np.bincount(classes)
    starts = np.cumsum(counts) - counts
    # Classes side by side, every 1/share-th row is taken: small classes share what none of them
    # could give alone. The first row of each class stays in training.
    places = np.arange(len(rows))
    taken = np.floor((places + 1) * share) > np.floor(places * share)
    taken[starts[counts > 0]] = False
    drawn: np.ndarray = rows[taken]
    return drawn
