"""Explanations are equal by value, and say how much their heads overlap."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from attnpool.errors import InputError
from attnpool.explanation import Explanation, Side

WEIGHTS = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.25, 0.5, 0.25]])


def side(weights=WEIGHTS):
    tokens = weights.shape[1]
    spans = np.stack([np.arange(tokens), np.arange(1, tokens + 1)], axis=1)
    return Side("abc"[:tokens], spans, weights, weights.mean(axis=0), tokens)


def explain(*sides, **more):
    given = {"labels": ("no", "yes"), "distribution": np.array([0.25, 0.75]), **more}
    return Explanation("match", sides, prediction="yes", target="yes", method="attention", **given)


def test_explanations_are_equal_by_value():
    one = explain(side(), side(), alignment=np.eye(3))
    assert one == explain(side(), side(), alignment=np.eye(3))
    assert one == Explanation.from_dict(one.to_dict())
    assert side() == replace(side(), spans=side().spans.astype(np.int32))
    assert explain(side()) != "abc"


@pytest.mark.parametrize(
    "change",
    [
        {"alignment": None},
        {"alignment": np.ones((3, 3))},
        {"distribution": np.array([0.5, 0.5])},
        {"label": "yes"},
        {"verdict": {"match": True}},
        {"sides": (side(),)},
        {"sides": (side(), side(WEIGHTS[::-1]))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_explanations_that_say_other_things_are_not_equal(change):
    one = explain(side(), side(), alignment=np.eye(3))
    assert one != replace(one, **change)
    assert replace(one, **change) != one


def overlap(weights):
    return np.mean([np.minimum(a, b).sum() for a, b in combinations(weights, 2)])


def test_overlap_is_the_mean_over_pairs_of_heads_and_texts():
    assert explain(side()).overlap == pytest.approx((0.4 + 0.75 + 0.45) / 3)
    other = np.random.default_rng(0).dirichlet(np.ones(3), size=3)
    both = (overlap(WEIGHTS) + overlap(other)) / 2
    assert explain(side(), side(other)).overlap == pytest.approx(both)


def test_overlap_of_heads_alike_apart_alone_and_empty():
    assert explain(side(WEIGHTS[[1, 1, 1]])).overlap == pytest.approx(1)
    assert explain(side(np.eye(3))).overlap == 0
    assert explain(side(WEIGHTS[:1])).overlap is None
    empty = side(np.zeros((3, 0)))
    assert explain(empty).overlap is None
    assert explain(empty, side()).overlap == explain(side()).overlap


def test_overlap_stands_in_the_public_form():
    form = explain(side()).to_dict()
    assert form["overlap"] == explain(side()).overlap
    assert explain(side(WEIGHTS[:1])).to_dict()["overlap"] is None
    del form["overlap"]  # it follows from the weights
    assert Explanation.from_dict(form) == explain(side())


@pytest.mark.parametrize(
    "wrong",
    [
        "x",
        5,
        [],
        {"comprehensiveness": float("nan")},
        {"comprehensiveness": 10**400},
        {"sufficiency": True},
        {"random": []},
        {"random": {"sufficiency": "much"}},
    ],
)
def test_faithfulness_that_is_no_numbers_is_not_read(wrong):
    form = explain(side()).to_dict() | {"faithfulness": wrong}
    with pytest.raises(InputError, match="faithfulness"):
        Explanation.from_dict(form)
    with pytest.raises(InputError, match="explanation is list"):
        Explanation.from_dict([])


def test_a_console_shows_one_line():
    shown = repr(replace(explain(replace(side(), text="很好" * 100)), prediction="长" * 999))
    assert len(shown) < 150
    assert "attention" in shown
