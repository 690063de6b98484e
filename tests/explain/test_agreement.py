import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnpool.explain.faithfulness.agreement import (
    MEASURES,
    agreement,
    auprc,
    hit_at,
    iou_f1,
    ranking,
    reciprocal_rank,
    token_f1,
)


def bools(digits):
    return np.array([digit == "1" for digit in digits], dtype=np.bool_)


@pytest.mark.parametrize(
    ("marked", "chosen", "expected"),
    [
        ("1100", "1100", 1),
        ("1100", "0011", 0),
        ("1100", "0110", 0.5),  # precision 1/2, recall 1/2
        ("1000", "1110", 0.5),  # precision 1/3, recall 1
        ("1111", "1000", 0.4),  # precision 1, recall 1/4
        ("1100", "0000", 0),
    ],
)
def test_token_f1_by_hand(marked, chosen, expected):
    assert token_f1(bools(marked), bools(chosen)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("marked", "chosen", "expected"),
    [
        ("0110", "0110", 1),
        ("0110", "0111", 1),  # 2 of 3
        ("0110", "1111", 1),  # 2 of 4: the threshold counts
        ("01100", "11111", 0),  # 2 of 5
        ("0110", "1101", 0),  # runs 11 and 1: 1 of 3 and none
        ("1101", "1100", 2 / 3),  # precision 1, recall 1/2
        ("1100", "1101", 2 / 3),  # precision 1/2, recall 1
        ("110011", "110110", 0.5),  # 11 is right; 11 beside 11 shares 1 of 3
        ("1111", "1100", 1),  # half of it
        ("1100", "0000", 0),
    ],
)
def test_iou_f1_by_hand(marked, chosen, expected):
    assert iou_f1(bools(marked), bools(chosen)) == pytest.approx(expected)


def test_iou_threshold():
    assert iou_f1(bools("0110"), bools("0111"), threshold=0.7) == 0
    assert iou_f1(bools("0110"), bools("0111"), threshold=0.6) == 1


def test_auprc_by_hand():
    assert auprc(bools("1010"), np.array([4.0, 1.0, 3.0, 2.0])) == pytest.approx(1)
    # Points (recall, precision): (0, 1), (0, 0), (1, 1/2), (1, 1/3).
    assert auprc(bools("010"), np.array([3.0, 2.0, 1.0])) == pytest.approx(0.25)
    # Equal values are one point, (1, 1/4), balance_shared to (0, 1).
    assert auprc(bools("0100"), np.zeros(4)) == pytest.approx(0.625)


def test_ranks_by_hand():
    order = ranking(np.array([0.1, -3.0, 0.7, 0.5, 0.2]))
    assert order.tolist() == [2, 3, 4, 0, 1]
    assert reciprocal_rank(bools("10001"), order) == pytest.approx(1 / 3)
    assert reciprocal_rank(bools("00100"), order) == 1
    assert [hit_at(bools("10000"), order, k) for k in (3, 4, 9)] == [0, 1, 1]


def test_equal_values_are_ordered_by_chance():
    firsts = [int(ranking(np.zeros(4), seed=seed)[0]) for seed in range(400)]
    assert np.bincount(firsts).min() > 60
    assert ranking(np.zeros(9), seed=3).tolist() == ranking(np.zeros(9), seed=3).tolist()


def test_as_many_are_chosen_as_are_marked():
    found = agreement(bools("01100"), np.array([0.3, 0.9, 0.1, 0.5, 0.0]))
    assert found == pytest.approx(
        # Chosen are the tokens 1 and 3: of the run 11 half is found, and one more run is not it.
        {
            "token_f1": 0.5,
            "iou_f1": 2 / 3,
            # Points (0, 1), (1/2, 1), (1/2, 1/2), (1/2, 1/3), (1, 1/2), (1, 2/5).
            "auprc": 0.5 + 0.5 * (1 / 3 + 1 / 2) / 2,
            "reciprocal_rank": 1,
            "hit_at_3": 1,
        }
    )


def test_nothing_marked_has_no_measure():
    found = agreement(bools("000"), np.array([1.0, 2.0, 3.0]))
    assert tuple(found) == MEASURES
    assert all(np.isnan(value) for value in found.values())
    assert np.isnan(agreement(bools(""), np.zeros(0))["auprc"])


@settings(deadline=None)  # the first call imports scikit-learn
@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=1, max_size=12))
def test_all_are_between_0_and_1_and_the_marks_themselves_are_best(rows):
    marked = np.array([mark for mark, _ in rows], dtype=np.bool_)
    if not marked.any():
        return
    values = np.array([value for _, value in rows], dtype=np.float64)
    assert all(0 <= value <= 1 for value in agreement(marked, values).values())
    assert set(agreement(marked, marked.astype(np.float64)).values()) == {1.0}
