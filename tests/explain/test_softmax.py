import numpy as np
import pytest
from scipy import special

from attnpool.explain.logits import softmax


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2,), (5, 3), (4, 7, 2), (0, 3)])
def test_it_is_that_of_scipy_bit_by_bit(dtype, shape):
    rng = np.random.default_rng(0)
    for scale in (1e-3, 1, 1e3, 1e30):
        logits = (scale * rng.standard_normal(shape)).astype(dtype)
        found = softmax(logits)
        assert found.dtype == dtype
        assert np.array_equal(found, special.softmax(logits, axis=-1))
        assert np.isfinite(found).all()
