"""The linear solution, its choice, and the mix with attention."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from attnpool.models.predict import predict_batches
from attnpool.training.linear import (
    Fit,
    choose_fit,
    count_rows,
    row_weights,
    scaled,
    solve,
)
from attnpool.training.mixing import fit_mix
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


def test_a_bag_has_length_1_and_an_empty_one_none():
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
    made.add_linear(solution.part(0.7), 0.5)
    both = predict_batches(made, tokens).logits
    np.testing.assert_allclose(both, 0.5 * plain + 0.7 * solution.logits(counts), atol=1e-4)
    fitted = LogisticRegression(C=3.0, class_weight="balanced", max_iter=300)
    bags = scaled(counts, solution.weights)
    expected = fitted.fit(bags, y).predict_proba(bags)
    exponents = np.exp(solution.logits(counts))
    np.testing.assert_allclose(
        exponents / exponents.sum(axis=1, keepdims=True), expected, atol=2e-3
    )


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
    assert (solution.logits(counts).argmax(axis=1) < 2).all()
    assert np.isfinite(solution.logits(counts)).all()


def test_folds_choose_what_answers_the_others():
    encoder = model(kernel_sizes=()).encoder
    counts, keys = count_rows(encoder, ragged(TEXTS)), np.arange(len(TEXTS))
    folds = fold_numbers(Y, keys, 5, seed=0)
    fit, right = choose_fit(counts, Y, 3, [Fit(10.0)], (1e-4, 10.0), folds)
    assert fit.strength == 10.0  # the weakest one only knows the majority
    assert right > (np.bincount(Y).argmax() == Y).mean()


@pytest.mark.parametrize("seed", range(3))
def test_folds_have_all_classes_and_keep_equal_rows_together(seed):
    classes = np.repeat([0, 1, 2], [40, 15, 5])
    keys = np.random.default_rng(seed).permutation(60) // 2 + 100
    folds = fold_numbers(classes, np.arange(60), 5, seed)
    for fold in range(5):
        assert np.bincount(classes[folds == fold], minlength=3).tolist() == [8, 3, 1]
    together = fold_numbers(classes, keys, 5, seed)
    assert all(len(set(together[keys == key])) == 1 for key in keys)


def test_the_mix_follows_the_part_that_knows():
    targets = np.eye(3)[Y]
    knows, guesses = targets * 3, RNG.normal(size=(len(Y), 3))
    better, worse = fit_mix([knows, guesses], targets)
    assert better > 0.5 > worse >= 0.05
    assert fit_mix([knows[:0], guesses[:0]], targets[:0]) == (0.5, 0.5)
    assert fit_mix([knows, guesses], targets) == fit_mix([knows, guesses], targets)


def test_nothing_random_is_drawn():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    encoder = model(kernel_sizes=()).encoder
    torch.manual_seed(3)
    solve(count_rows(encoder, ragged(TEXTS)), Y, 3, Fit(1.0)).part(1.0)
    assert torch.rand(1) == expected
