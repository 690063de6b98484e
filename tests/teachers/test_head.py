"""The head on a teacher's vectors, where rows are few."""

import numpy as np
import pytest

from attnpool.teachers.head import head_answers
from attnpool.training.split import fold_numbers


def rows_of(counts, dim=8, pool=20, seed=0):
    """Vectors around a place of each class, texts with a word of each, and the classes."""
    draw = np.random.default_rng(seed)
    y = draw.permutation(np.repeat(np.arange(len(counts)), counts))
    places = draw.normal(size=(len(counts), dim)) * 3
    every = np.concatenate([y, draw.integers(0, len(counts), pool)])
    vectors = places[every] + draw.normal(size=(len(every), dim))
    texts = [f"word{k} and {i}" for i, k in enumerate(every)]
    return vectors.astype(np.float32), texts, y, every[len(y) :]


@pytest.mark.parametrize(
    "counts",
    [
        (14, 10, 8, 6, 4, 3, 2, 1, 1, 1),
        (1, 1),
        (2, 1),
        (1, 30),
        (1,) * 6,
        (40, 40),
    ],
    ids=str,
)
def test_classes_of_one_to_three_rows_have_probabilities(counts):
    vectors, texts, y, _ = rows_of(counts)
    answers = head_answers(vectors, texts, y, len(counts))
    assert answers.labelled.shape == (len(y), len(counts))
    assert answers.unlabelled.shape == (20, len(counts))
    for some in answers:
        assert np.allclose(some.sum(axis=1), 1)
        assert (some > 0).all()


def test_a_class_that_no_row_has_is_improbable():
    vectors, texts, y, _ = rows_of((20, 20))
    answers = head_answers(vectors, texts, y, 3)
    assert (answers.unlabelled.argmax(axis=1) < 2).all()


@pytest.mark.parametrize("pool", [0, 20])
def test_an_empty_pool_is_no_error(pool):
    vectors, texts, y, truth = rows_of((30, 30, 30), pool=pool)
    answers = head_answers(vectors, texts, y, 3)
    assert len(answers.unlabelled) == pool
    assert (answers.labelled.argmax(axis=1) == y).mean() > 0.9
    assert pool == 0 or (answers.unlabelled.argmax(axis=1) == truth).mean() > 0.9


def test_labelled_rows_are_answered_out_of_fold():
    """Labels at random: rows that a head was fitted on would be answered right."""
    draw = np.random.default_rng(0)
    y = draw.integers(0, 2, 200)
    vectors = draw.normal(size=(200, 100)).astype(np.float32)
    texts = [f"t{draw.integers(10**9)}" for _ in y]
    answers = head_answers(vectors, texts, y, 2)
    assert (answers.labelled.argmax(axis=1) == y).mean() < 0.65
    # So the answers are as unsure as the labels are unlikely to be learnt.
    assert np.abs(answers.labelled - 0.5).mean() < 0.2


def test_equal_texts_are_in_one_fold():
    keys = np.array([1, 2, 3, 1, 2, 4, 5, 1], dtype=np.uint64)
    held = fold_numbers(np.array([0, 0, 1, 1, 0, 1, 0, 0]), keys, 5, seed=0)
    assert all(len(np.unique(held[keys == key])) == 1 for key in keys)


def test_every_class_is_dealt_out_evenly():
    y = np.repeat([0, 1, 2], [50, 10, 3])
    held = fold_numbers(y, np.arange(63), 5, seed=0)
    assert np.bincount(held[y == 0]).tolist() == [10] * 5
    assert np.bincount(held[y == 1]).tolist() == [2] * 5
    assert len(np.unique(held[y == 2])) == 3


def test_vectors_that_tell_nothing_leave_the_answer_to_words():
    _, texts, y, truth = rows_of((40, 40), pool=40)
    answers = head_answers(np.zeros((120, 4), dtype=np.float32), texts, y, 2)
    assert (answers.unlabelled.argmax(axis=1) == truth).mean() > 0.9


def test_the_scale_of_the_vectors_does_not_matter():
    vectors, texts, y, _ = rows_of((30, 30))
    one, other = (head_answers(factor * vectors + 5, texts, y, 2) for factor in (1, 1024))
    assert np.allclose(one.unlabelled, other.unlabelled, atol=1e-3)


@pytest.mark.parametrize("text", ["", "!", "的"])
def test_texts_without_words_are_left_to_the_vectors(text):
    vectors, texts, y, _ = rows_of((20, 20))
    answers = head_answers(vectors, [text] * len(texts), y, 2)
    assert answers.unlabelled.shape == (20, 2)
    assert np.isfinite(answers.unlabelled).all()
