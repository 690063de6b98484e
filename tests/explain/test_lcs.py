"""The longest common subsequence, against the plain dynamic programme."""

import random
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.explain.methods.lcs import LIMIT, common_characters, common_values, token_shares

TEXT = st.text(alphabet="ab海带\x00\ud800\u202e😀", max_size=14) | st.text(
    st.characters(codec=None), max_size=14
)


def longest(left, right):
    above = [0] * (len(right) + 1)
    for a in left:
        row = [0]
        for j, b in enumerate(right):
            row.append(above[j] + 1 if a == b else max(above[j + 1], row[j]))
        above = row
    return above[-1]


@given(TEXT, TEXT)
def test_it_is_common_and_no_longer_one_exists(left, right):
    in_left, in_right = common_characters(left, right)
    assert in_left.shape == (len(left),)
    assert in_right.shape == (len(right),)
    common = "".join(c for c, yes in zip(left, in_left, strict=True) if yes)
    assert common == "".join(c for c, yes in zip(right, in_right, strict=True) if yes)
    assert len(common) == longest(left, right)


@pytest.mark.parametrize("alphabet", [3, 3000])
def test_five_thousand_characters_a_side(alphabet):
    draw = random.Random(0)
    left, right = (
        "".join(chr(0x4E00 + draw.randrange(alphabet)) for _ in range(5000)) for _ in "ab"
    )
    tracemalloc.start()
    began = time.perf_counter()
    in_left, in_right = common_characters(left, right)
    took = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert in_left.sum() == in_right.sum() > 0
    assert took < 1, "about 0.01 s"
    assert peak < 50e6


def test_texts_without_end_are_compared_as_far_as_the_limit():
    left = "a" * (LIMIT + 10)
    in_left, in_right = common_characters(left, "a" + "b" * LIMIT + "a")
    assert in_left.sum() == in_right.sum() == 1
    in_left, _ = common_characters(left, left)
    assert in_left.sum() == LIMIT
    assert not in_left[LIMIT:].any()


def test_shares_of_tokens():
    mask = np.array([1, 1, 0, 1, 0], dtype=bool)
    spans = np.array([[0, 2], [1, 3], [2, 3], [2, 5], [4, 4]])
    np.testing.assert_allclose(token_shares(mask, spans), [1, 0.5, 0, 1 / 3, 0])
    assert token_shares(np.zeros(0, bool), np.zeros((0, 2), np.int64)).shape == (0,)


def test_values_of_a_pair_and_of_the_rest():
    left, right = "海带怎么做好吃？", "海带要怎么煮才好吃"
    spans = tuple(np.array([[i, i + 1] for i in range(len(text))]) for text in (left, right))
    common = common_values(left, right, spans)
    assert "".join(c for c, v in zip(left, common[0], strict=True) if v) == "海带怎么好吃"
    assert "".join(c for c, v in zip(right, common[1], strict=True) if v) == "海带怎么好吃"
    rest = common_values(left, right, spans, rest=True)
    assert "".join(c for c, v in zip(left, rest[0], strict=True) if v) == "做？"
    assert "".join(c for c, v in zip(right, rest[1], strict=True) if v) == "要煮才"
