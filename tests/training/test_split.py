"""Equal rows stay on one side of the split; without any, the split is the one it always was."""

import numpy as np
import pytest

from attnpool.data.item_keys import item_keys
from attnpool.training.split import stratified_split


def split_of_different_rows(classes, share, seed):
    """The split before equal rows were heeded."""
    rows = np.random.default_rng(seed).permutation(len(classes))
    rows = rows[np.argsort(classes[rows], kind="stable")]
    counts = np.bincount(classes)
    starts = np.cumsum(counts) - counts
    places = np.arange(len(rows))
    taken = np.floor((places + 1) * share) > np.floor(places * share)
    taken[starts[counts > 0]] = False
    validation = np.sort(rows[taken])
    return np.setdiff1d(np.arange(len(classes)), validation), validation


@pytest.mark.parametrize("share", [0.05, 0.1, 0.37])
@pytest.mark.parametrize("seed", range(3))
def test_without_equal_rows_the_split_is_what_it_was(share, seed):
    classes = np.random.default_rng(seed).integers(0, 7, 501) ** 2
    keys = item_keys([f"text {i}" for i in range(501)])
    for found in (
        stratified_split(classes, share, seed),
        stratified_split(classes, share, seed, keys),
    ):
        for rows, expected in zip(
            found, split_of_different_rows(classes, share, seed), strict=True
        ):
            np.testing.assert_array_equal(rows, expected)


@pytest.mark.parametrize("seed", range(5))
def test_equal_rows_are_on_one_side_and_classes_keep_their_share(seed):
    draw = np.random.default_rng(seed)
    texts = draw.integers(0, 400, 1000)
    classes = (texts % 3 == 0).astype(np.int64)
    train, held = stratified_split(classes, 0.2, seed, texts)
    assert sorted([*train, *held]) == list(range(1000))
    assert not set(texts[train]) & set(texts[held])
    for number in (0, 1):
        assert (classes[held] == number).sum() == pytest.approx(
            0.2 * (classes == number).sum(), rel=0.35
        )
    again = stratified_split(classes, 0.2, seed, texts)
    np.testing.assert_array_equal(held, again[1])


def test_a_text_repeated_too_often_stays_in_training():
    keys = np.array([7] * 900 + list(range(100, 200)))
    for seed in range(20):
        _, held = stratified_split(np.zeros(1000, dtype=np.int64), 0.1, seed, keys)
        assert 9 <= len(held) <= 10
        assert 7 not in keys[held]


def test_every_class_keeps_a_row_where_equal_texts_have_different_labels():
    keys = np.array([*range(99), *range(99)])
    classes = np.array([0] * 99 + [0] * 98 + [1])  # the only row of 1 has a text of class 0
    for seed in range(40):
        train, held = stratified_split(classes, 0.3, seed, keys)
        assert 1 in classes[train]
        assert len(held)
        assert not set(keys[train]) & set(keys[held])
