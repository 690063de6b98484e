"""How far two float32 results of one formula may be apart: tolerances that follow from the sums.

Matrix kernels differ from processor to processor, with the number of threads and with the shape
of a batch: they add in another order. So equality to the bit is asked only where the same
operation runs twice on one machine, and elsewhere what rounding explains.
"""

import numpy as np

SAFETY = 8


def rounding(additions, scale=1.0, dtype=np.float32):
    """The largest difference that rounding explains.

    Each rounding is off by at most u = eps / 2 of what is added up so far. Of n additions these
    errors pass sqrt(n) u `scale` by a factor of λ with a probability of 2 exp(-λ² / 2) at most
    (Higham and Mary, 2019, SIAM Journal on Scientific Computing 41(5)). λ = 4, for both results,
    and sums that go into products and further sums make the factor `SAFETY`.

    Args:
        additions: How many terms come together on the way to one number.
        scale: The sum of their magnitudes, or a bound of it.
        dtype: In which they are added.
    """
    return SAFETY * np.finfo(dtype).eps / 2 * np.sqrt(additions) * scale


def assert_close(actual, expected, *, additions, scale=None):
    """Assert that two results differ by rounding alone.

    Args:
        actual: Array or tensor.
        expected: Array or tensor of the same shape.
        additions: As in `rounding`.
        scale: As in `rounding`; the largest magnitude of `expected` unless given, which is right
            where terms do not cancel.
    """
    actual, expected = (np.asarray(_plain(part), dtype=np.float64) for part in (actual, expected))
    if scale is None:
        scale = np.abs(expected).max(initial=1.0)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=rounding(additions, scale))


def _plain(part):
    return part.detach() if hasattr(part, "detach") else part
