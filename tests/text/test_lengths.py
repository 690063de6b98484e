import numpy as np
import pytest

from attnpool.errors import InputError
from attnpool.text import length_limit

LENGTHS = np.array([3, 1, 3, 1, 10, 4])


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        (7, 7),
        (1, 1),
        ("128", 128),
        ("mode", 1),  # the shorter of two as frequent ones
        ("mean", 4),  # 22 / 6 = 3.67
        ("median", 3),
        ("max", 10),
        ("p100", 10),
        ("p99", 10),
        ("p50", 3),
        ("p99.9", 10),
        (0.5, 3),
        (1.0, 10),
    ],
)
def test_rules(rule, limit):
    assert length_limit(LENGTHS, rule) == limit


@pytest.mark.parametrize("rule", ["mode", "mean", "median", "max", "p99", 0.5])
def test_the_limit_is_at_least_one(rule):
    assert length_limit(np.zeros(5, dtype=np.int64), rule) == 1


@pytest.mark.parametrize("share", [0.5, 0.9, 0.95, 0.99])
def test_a_quantile_reads_at_least_that_share_whole(share):
    lengths = np.random.default_rng(0).integers(0, 2000, 997)
    limit = length_limit(lengths, share)
    assert (lengths <= limit).mean() >= share
    assert limit == length_limit(lengths, f"p{100 * share:g}")


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "p",
        "p0",
        "p101",
        "99%",
        "average",
        "-1",
        0,
        -3,
        0.0,
        1.5,
        -0.5,
        True,
        "p1000",
        float("nan"),
        float("inf"),
    ],
)
def test_bad_rules(rule):
    with pytest.raises(InputError, match="length limit is") as caught:
        length_limit(LENGTHS, rule)
    assert "\n" not in str(caught.value)


def test_a_rule_needs_texts_but_a_number_does_not():
    assert length_limit(np.array([], dtype=np.int64), 5) == 5
    with pytest.raises(InputError, match="there are none"):
        length_limit(np.array([], dtype=np.int64), "max")


def test_auto_is_the_longest_but_bounded():
    assert length_limit(LENGTHS, "auto") == 10
    assert length_limit(LENGTHS, "auto", 4) == 4
    assert length_limit(np.array([0]), "auto") == 1
    assert length_limit(np.array([20_000]), "auto") == 10_000
