"""`RowSample`: which rows of a stream are kept."""

import numpy as np
import pytest

from attnpool.data.streams import RowSample


def sample(rows, most, *, at_once, seed=0):
    drawn = RowSample(most, seed)
    for start in range(0, rows, at_once):
        drawn.add(list(range(start, min(start + at_once, rows))))
    assert drawn.seen == rows
    assert drawn.items == drawn.numbers.tolist() == sorted(drawn.items)
    return drawn.items


@pytest.mark.parametrize("rows", [0, 1, 99, 100])
def test_few_rows_are_all_kept(rows):
    assert sample(rows, 100, at_once=7) == list(range(rows))


@pytest.mark.parametrize("most", [0, 1, 100])
def test_the_sample_does_not_depend_on_how_many_come_at_a_time(most):
    whole = sample(5_000, most, at_once=5_000)
    assert len(whole) == most
    for at_once in (1, 7, most or 3, 999):
        assert sample(5_000, most, at_once=at_once) == whole


def test_another_seed_draws_other_rows():
    assert sample(1_000, 50, at_once=100) != sample(1_000, 50, at_once=100, seed=1)


def test_each_row_is_equally_likely():
    """By chi square of 20 stretches of the file: above 43.8 in one case of a thousand."""
    drawn = [sample(400, 40, at_once=64, seed=seed) for seed in range(200)]
    counts = np.bincount(np.concatenate(drawn) // 20, minlength=20)
    assert ((counts - 400) ** 2 / (400 * 0.9)).sum() < 43.8
