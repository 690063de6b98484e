"""What a comparison of two models says."""

import pytest

from attnpool.runtime.checking import Comparison

CHANGES = [
    (0.0, "0.000"),
    (5e-7, "5e-07"),
    (5.2e-7, "6e-07"),
    (9.9e-7, "1e-06"),
    (0.00099, "1e-03"),
    (0.001, "0.001"),
    (0.0011, "0.002"),
    (0.25, "0.250"),
]


@pytest.mark.parametrize(("change", "shown"), CHANGES)
def test_the_largest_change_is_what_was_measured_and_never_rounded_down(change, shown):
    said = Comparison(2, 1.0, change, None, None, 0, {}).sentence()
    assert f"a probability changes by {shown} at most" in said
    assert float(shown) >= change
