"""The tolerance of numeric tests passes rounding in any order, and nothing larger."""

import numpy as np
import pytest
from tests.rounding import assert_close


@pytest.mark.parametrize("terms", [3, 100, 10_000])
def test_sums_in_any_order_are_close_and_one_without_its_largest_term_is_not(terms):
    values = np.random.default_rng(0).normal(size=terms).astype(np.float32)
    whole, scale = values.sum(dtype=np.float64), np.abs(values).sum()
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(terms)
        one_by_one = np.cumsum(values[order], dtype=np.float32)[-1]
        assert_close(one_by_one, whole, additions=terms, scale=scale)
    with pytest.raises(AssertionError):
        assert_close(whole - np.abs(values).max(), whole, additions=terms, scale=scale)
