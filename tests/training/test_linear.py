"""The linear solution, its choice, and the mix with attention."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.utils.class_weight import compute_sample_weight

from attnpool.models.predict import predict_batches
from attnpool.training.linear import (
    Fit,
    choose_fit,
    count_rows,
    row_weights,
    scaled,
    solve,
)
from attnpool.training.mixing import USUAL, fit_mix
from attnpool.training.split import fold_numbers

from ..explain.models import VOCABULARY, model, ragged

RNG = np.random.default_rng(0)
TEXTS = [RNG.integers(2, VOCABULARY, RNG.integers(1, 9)).tolist() for _ in range(60)]
Y = np.array([(text.count(3) > 0) + 2 * (text.count(5) > 1) for text in TEXTS]).clip(max=2)


@given(st.lists(st.lists(st.integers(1, 11), max_size=8), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_counts_are_those_of_each_text_alone(texts):
    encoder = model(kernel_sizes=()).encoder
    together = count_rows(encoder, ragged(texts)).toarray()
    for counts, text in zip(together, texts, strict=True):
        alone = count_rows(encoder, ragged([text])).toarray()[0]
        np.testing.assert_array_equal(counts, alone)
        for token in range(2, VOCABULARY):
            assert counts[token] == text.count(token)
        assert counts[:2].sum() == counts[VOCABULARY] == 0  # padding and what is not known


@pytest.mark.parametrize("chunk", [1, 7, 10_000])
def test_rows_are_counted_some_texts_at_a_time(monkeypatch, chunk):
    encoder = model(kernel_sizes=()).encoder
    texts = ragged([[], *TEXTS, [], [3] * 50, []])
    whole = count_rows(encoder, texts).toarray()
    monkeypatch.setattr("attnpool.training.linear._CHUNK", chunk)
    np.testing.assert_array_equal(count_rows(encoder, texts).toarray(), whole)
    assert count_rows(encoder, ragged([])).shape == (0, encoder.table_size)
    assert count_rows(encoder, ragged([[], []])).shape == (2, encoder.table_size)


@pytest.mark.parametrize("lengths", [(2, 3), (3, 2)])
def test_the_shortest_ngrams_count_whatever_their_order(lengths):
    encoder = model(kernel_sizes=(), ngrams=lengths).encoder
    tokens = ragged(TEXTS)
    pairs = sum(len(np.unique(list(pairwise(t)), axis=0)) for t in TEXTS if t[1:])
    counted = count_rows(encoder, tokens)[:, VOCABULARY:]
    short = np.flatnonzero(encoder.ngrams.keys.numpy() < 1 << 42) + 1  # keys of two ids
    known = np.flatnonzero(np.asarray(counted.sum(axis=0)).ravel())
    assert len(known)
    assert set(known) <= set(short)
    assert counted.nnz <= pairs


@pytest.mark.parametrize("classes", [2, 3])
def test_rows_without_anything_to_count_have_no_part_in_the_logit(classes):
    y = np.arange(12) % classes
    for counts in (np.zeros((12, 5)), np.eye(12)):  # nothing, and nothing that occurs twice
        found = solve(sparse.csr_matrix(counts.astype(np.float32)), y, classes, Fit(3.0, True, 2))
        for logits in found.logits(sparse.csr_matrix(np.ones((2, counts.shape[1]), np.float32))):
            np.testing.assert_array_equal(logits, np.zeros((2, classes)))


def test_a_bag_is_divided_by_its_norm_and_an_empty_one_is_zero():
    counts = sparse.csr_matrix(np.array([[2, 1, 0], [0, 1, 4], [0, 0, 0]], dtype=np.float32))
    bags = scaled(counts, row_weights(counts, 1)).toarray()
    # Each occurrence has its own square, so a repeated one is longer than its square root.
    weights = row_weights(counts, 1)
    norms = np.sqrt((counts @ weights**2).clip(min=1e-9))
    np.testing.assert_allclose(bags, counts.toarray() * weights / norms[:, None], rtol=1e-5)
    assert (bags[2] == 0).all()


def test_rare_rows_weigh_nothing():
    counts = sparse.csr_matrix(np.array([[1, 1, 0], [0, 1, 0]], dtype=np.float32))
    assert (row_weights(counts, 1) > 0).tolist() == [True, True, False]
    assert (row_weights(counts, 2) > 0).tolist() == [False, True, False]


@pytest.mark.parametrize("classes", [2, 3])
def test_the_part_of_a_model_gives_the_logits_of_the_solution(classes):
    made = model(kernel_sizes=(), classes=classes)
    y, tokens = np.minimum(Y, classes - 1), ragged(TEXTS)
    counts = count_rows(made.encoder, tokens)
    solution = solve(counts, y, classes, Fit(3.0, balanced=True))
    plain = predict_batches(made, tokens).logits
    made.add_linear(solution.part((0.7, 0.2)), 0.5)
    both = predict_batches(made, tokens).logits
    regression, bayes = solution.logits(counts)
    np.testing.assert_allclose(both, 0.5 * plain + 0.7 * regression + 0.2 * bayes, atol=1e-4)
    bags = scaled(counts, solution.weights)[:, np.flatnonzero(solution.weights)]
    fitted = LogisticRegression(C=3.0, class_weight="balanced", max_iter=300).fit(bags, y)
    np.testing.assert_allclose(softmax(regression, 1), fitted.predict_proba(bags), atol=2e-3)
    counted = ComplementNB(alpha=0.1).fit(bags, y, compute_sample_weight("balanced", y))
    np.testing.assert_allclose(softmax(bayes, 1), counted.predict_proba(bags), atol=1e-4)


def test_the_rarest_rows_are_left_out_where_there_are_too_many(monkeypatch):
    counts = count_rows(model(kernel_sizes=()).encoder, ragged(TEXTS))
    monkeypatch.setattr("attnpool.training.linear._COEFFICIENTS", 15)
    solution = solve(counts, Y, 3, Fit(1.0))
    kept = np.flatnonzero(solution.weights)
    total = np.asarray(counts.sum(axis=0)).ravel()
    assert len(kept) == 5
    assert total[kept].min() >= np.delete(total, kept).max()


def test_a_class_without_rows_is_improbable():
    encoder = model(kernel_sizes=()).encoder
    counts = count_rows(encoder, ragged(TEXTS))
    solution = solve(counts, np.minimum(Y, 1), 3, Fit(1.0))
    for logits in solution.logits(counts):
        assert (logits.argmax(axis=1) < 2).all()
        assert np.isfinite(logits).all()


KINDS = [Fit(10.0), Fit(1e-4)]


def test_folds_choose_what_answers_the_others():
    texts = [RNG.integers(2, VOCABULARY, RNG.integers(1, 9)).tolist() for _ in range(300)]
    y = np.array([(3 in text) + 2 * (text.count(5) > 1) for text in texts]).clip(max=2)
    counts, folds = counts_and_folds(y, texts)
    for kinds in (KINDS, KINDS[::-1]):
        fit, right = choose_fit(counts, y, 3, kinds, folds)
        assert fit.strength == 10.0  # the other one only knows the majority
        assert right > (np.bincount(y).argmax() == y).mean()


def test_folds_that_tell_nothing_keep_the_usual_fit():
    y = RNG.integers(0, 3, len(TEXTS))
    counts, folds = counts_and_folds(y, TEXTS)
    kinds = [Fit(strength) for strength in (1.0, 1.1, 1.2, 0.9)]
    assert choose_fit(counts, y, 3, kinds, folds)[0] == kinds[0]


def counts_and_folds(y, texts):
    counts = count_rows(model(kernel_sizes=()).encoder, ragged(texts))
    return counts, fold_numbers(y, np.arange(len(texts)), 5, seed=0)


@pytest.mark.parametrize("seed", range(3))
def test_folds_have_all_classes_and_keep_equal_rows_together(seed):
    classes = np.repeat([0, 1, 2], [40, 15, 5])
    keys = np.random.default_rng(seed).permutation(60) // 2 + 100
    folds = fold_numbers(classes, np.arange(60), 5, seed)
    for fold in range(5):
        assert np.bincount(classes[folds == fold], minlength=3).tolist() == [8, 3, 1]
    together = fold_numbers(classes, keys, 5, seed)
    assert all(len(set(together[keys == key])) == 1 for key in keys)


@pytest.mark.parametrize("knowing", range(3))
def test_the_mix_follows_the_part_that_knows(knowing):
    targets = np.tile(np.eye(3)[Y], (20, 1))
    parts = [RNG.normal(size=targets.shape) for _ in range(3)]
    parts[knowing] = targets * 3 + parts[knowing] * 0.01
    mix = fit_mix(parts, targets)
    assert np.argmax(mix) == knowing
    assert mix[0] > 0  # a picture of attention shows part of the answer
    assert fit_mix(parts, targets) == mix


def test_few_rows_hardly_change_the_mix():
    targets, knows = np.eye(3)[Y], np.eye(3)[Y] * 3
    guesses = RNG.normal(size=targets.shape)
    few, many = (
        [
            factor * part[:n].std() / 2  # as they are compared with the usual mix
            for factor, part in zip(
                fit_mix([knows[:n], guesses[:n], guesses[:n]], targets[:n]),
                (knows, guesses, guesses),
                strict=True,
            )
        ]
        for n in (6, len(Y))
    )
    np.testing.assert_allclose(few, USUAL, atol=0.1)
    assert many[0] > USUAL[0] + 0.1
    assert fit_mix([knows[:0]] * 3, targets[:0]) == USUAL


@pytest.mark.parametrize("spread", [0.0, 1e-30, 1e-7, 1e-3])
def test_a_part_that_says_next_to_nothing_does_not_grow(spread):
    """As logits of words that nobody knows: of other texts the same part says much."""
    y = np.eye(2)[RNG.integers(0, 2, 12)]
    parts = [RNG.normal(0, s, (12, 2)) for s in (1, spread, 1)]
    assert max(fit_mix(parts, y)) < 100


def test_a_part_that_says_nothing_is_no_error():
    targets = np.eye(3)[Y]
    assert np.isfinite(fit_mix([targets * 0, targets, targets * 0], targets)).all()


def test_nothing_random_is_drawn():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    encoder = model(kernel_sizes=()).encoder
    torch.manual_seed(3)
    solve(count_rows(encoder, ragged(TEXTS)), Y, 3, Fit(1.0)).part((1.0, 1.0))
    assert torch.rand(1) == expected
