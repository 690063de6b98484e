import json

import numpy as np
import pytest
import torch
from tests.rounding import assert_close

from attnpool.explain.faithfulness.bootstrap import bootstrap
from attnpool.explain.faithfulness.erasure import erase
from attnpool.explain.faithfulness.measures import (
    CURVE,
    RATIOS,
    explanation_faithfulness,
    measure_faithfulness,
)
from attnpool.explain.methods.leave_one_out import leave_one_out
from attnpool.explain.removal import Variants, reduced, variant_logits
from attnpool.models.outputs import margins
from attnpool.models.predict import predict_batches

from .models import make_request, model, ragged

TEXTS = [[2, 3, 4, 5], [6, 1], [], [7, 8, 9, 2, 1, 4], [10], [3, 3]]


def texts_of(tokens):
    return [
        tokens.ids[a:b].tolist() for a, b in zip(tokens.bounds, tokens.bounds[1:], strict=False)
    ]


def test_deleted_tokens_go_and_masked_ones_are_unknown():
    tokens = ragged(TEXTS)
    of_pair = [Variants(0, np.array([[1, 0, 1, 0, 1, 1, 0, 0, 0, 1]], dtype=bool))]
    assert texts_of(reduced(tokens, 2, of_pair, masking=False)) == [[2, 4], [7, 8, 4]]
    assert texts_of(reduced(tokens, 2, of_pair, masking=True)) == [[2, 1, 4, 1], [7, 8, 1, 1, 1, 4]]


def test_unknown_words_stay_with_their_tokens():
    tokens = ragged([[1, 2, 1], [1, 3]], unknown=["films", "wonders", "unfilmed"])
    some = [Variants(1, np.array([[1, 1]], bool)), Variants(0, np.array([[0, 1, 1]], bool))]
    found = reduced(tokens, 1, some, masking=False)
    assert texts_of(found) == [[1, 3], [2, 1]]
    assert found.unknown == ("unfilmed", "wonders")
    assert reduced(tokens, 1, some, masking=True).unknown == ("unfilmed", "", "wonders")


@pytest.mark.parametrize("architecture", ["classifier", "alignment"])
@pytest.mark.parametrize("masking", [False, True])
def test_reading_all_is_the_answer_itself(architecture, masking):
    made = model(architecture, kernel_sizes=(2,), char_ngrams=True)
    tokens = ragged(TEXTS, unknown=["unwonderful", "films"])
    items = len(TEXTS) // made.sides
    lengths = tokens.lengths.reshape(made.sides, -1).sum(axis=0)
    whole = [Variants(i, np.ones((1, lengths[i]), bool)) for i in range(items)]
    read = variant_logits(made, tokens, whole, masking=masking)
    assert_close(read, predict_batches(made, tokens).logits, additions=100)


def test_leave_one_out_is_one_text_after_the_other():
    made = model(kernel_sizes=(2,))
    request = make_request(made, TEXTS)
    expected = []
    for text, target in zip(TEXTS, request.targets, strict=True):
        for left_out in range(len(text)):
            shorter = text[:left_out] + text[left_out + 1 :]
            logits = [predict_batches(made, ragged([t])).logits for t in (text, shorter)]
            whole, without = (margins(z, np.array([target]))[0] for z in logits)
            expected.append(whole - without)
    scale = 2 * np.abs(request.predictions.logits).max()  # of a difference
    assert_close(leave_one_out(request).values, expected, additions=100, scale=scale)


def test_leave_one_out_of_pairs_leaves_the_other_side_whole():
    made = model("siamese", kernel_sizes=(2,))
    request = make_request(made, [[2, 3], [4, 5, 6]])
    values = leave_one_out(request).values
    logits = predict_batches(made, ragged([[2, 3], [4, 6]])).logits
    whole = margins(request.predictions.logits, request.targets)
    expected = (whole - margins(logits, request.targets))[0]
    assert_close(values[3], expected, additions=100, scale=2 * np.abs(logits).max())


def spoken(weight=2.0):
    """A model in which token 2 speaks for class 1, token 3 against it, and all else is silent."""
    made = model(kernel_sizes=(), ngrams=(), classes=2, pooling="average")
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.zero_()
        made.encoder.embedding.weight[2, 0] = weight
        made.encoder.embedding.weight[3, 0] = -weight
        made.head.weight[1, 0] = 1.0
    return made


def test_erasing_by_hand():
    request = make_request(spoken(), [[2, 4, 4, 3]], [1])
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    right = np.array([9.0, 5.0, 4.0, 1.0])
    found = erase(request, right, (0.0, 0.01, 0.25, 0.5, 1.0))
    # Whole: 0; without the first: -2 of 3; a share of 0.01 takes one token, 0.25 exactly one.
    np.testing.assert_allclose(
        found.without[0], [sigmoid(0), *[sigmoid(-2 / 3)] * 2, sigmoid(-1), 0.5], atol=1e-6
    )
    np.testing.assert_allclose(
        found.only[0], [0.5, *[sigmoid(2)] * 2, sigmoid(1), sigmoid(0)], atol=1e-6
    )


@pytest.mark.parametrize("masking", [False, True])
def test_a_planted_cue_is_found_and_random_order_is_worse(masking):
    made = spoken(weight=8.0)
    texts = [[4, 5, 6, 7, 2, 8, 9, 10], [2, *[5] * 9], [], [6, 2, 4, 7, 7]]
    request = make_request(made, texts, [1, 1, 1, 1])
    values = leave_one_out(request).values
    found = measure_faithfulness(
        request,
        {"leave_one_out": values, "wrong": -values}, masking=masking,
        draws=400,  # of so few texts the mean of 20 is by chance
    )  # fmt: skip
    assert list(found) == ["leave_one_out", "wrong", "random"]
    comprehensive = {k: of.aopc_comprehensiveness.mean for k, of in found.items()}
    assert comprehensive["leave_one_out"] > comprehensive["random"] + 0.05
    assert comprehensive["random"] > comprehensive["wrong"] + 0.05
    assert found["leave_one_out"].aopc_sufficiency.mean < found["random"].aopc_sufficiency.mean
    assert found["leave_one_out"].tau_leave_one_out.mean == pytest.approx(1)
    assert found["wrong"].tau_leave_one_out.mean == pytest.approx(-1)
    for of in found.values():
        assert np.isnan(of.comprehensiveness[2]).all()  # there is nothing to take from it
        low, high = of.aopc_comprehensiveness[1:]
        assert low <= of.aopc_comprehensiveness.mean <= high
        assert of.comprehensiveness.shape == (4, len(RATIOS))
        assert len(of.deletion) == len(of.insertion) == len(CURVE)
        # Everything taken is nothing kept, and the other way round.
        assert of.deletion[0] == pytest.approx(of.insertion[-1])
        assert of.deletion[-1] == pytest.approx(of.insertion[0])
        json.dumps(of.to_dict(), allow_nan=False)


def test_the_two_numbers_of_an_explanation():
    made = spoken(weight=8.0)
    request = make_request(made, [[4, 5, 2, 6, 7], []], [1, 1])
    one, nothing = explanation_faithfulness(request, leave_one_out(request).values)
    assert nothing is None
    assert set(one) == {"comprehensiveness", "sufficiency", "random"}
    assert one["comprehensiveness"] > one["random"]["comprehensiveness"]
    assert one["sufficiency"] < one["random"]["sufficiency"]


def test_no_items_and_no_tokens():
    made = spoken()
    nothing = make_request(made, [], np.zeros(0, np.int64))
    none = measure_faithfulness(nothing, {"a": np.zeros(0)}, draws=2)
    assert np.isnan(none["a"].aopc_comprehensiveness.mean)
    blank = measure_faithfulness(make_request(made, [[]], [0]), {"a": np.zeros(0)}, draws=2)
    assert blank["a"].to_dict()["comprehensiveness"]["mean"] is None


def test_bootstrap_of_a_known_mean():
    values = np.random.default_rng(1).normal(size=400)
    mean, low, high = bootstrap(np.append(values, np.nan))
    assert mean == pytest.approx(values.mean())
    error = values.std() / 20
    assert (mean - low, high - mean) == pytest.approx((1.96 * error, 1.96 * error), rel=0.15)
