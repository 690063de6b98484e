"""The one place that masks scores, and the sparse normalisers that go through it."""

from math import log

import numpy as np
import pytest
import torch
from tests.rounding import rounding

from attnpool.errors import InputError
from attnpool.pooling import NORMALIZERS, entmax15, masked_softmax, sparsemax
from attnpool.pooling.normalizers import find_normalizer

DTYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


@pytest.fixture(params=NORMALIZERS.values(), ids=NORMALIZERS.keys())
def normalize(request):
    return request.param


def test_softmax_numbers():
    scores = torch.tensor([[0.0, log(3), 50.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    mask = torch.tensor([[True, True, False], [False, True, False], [False, False, False]])
    expected = torch.tensor([[0.25, 0.75, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    torch.testing.assert_close(masked_softmax(scores, mask), expected)


def test_softmax_without_mask_is_torch():
    scores = torch.randn(3, 4, 5)
    assert torch.equal(masked_softmax(scores), scores.softmax(-1))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.0, 0.0], [0.5, 0.5]),
        ([0.4, 0.0], [0.7, 0.3]),
        ([1.0, 0.8, 0.1], [0.6, 0.4, 0.0]),
        ([1.0, 0.0], [1.0, 0.0]),  # the edge of the support
        ([1e4, 0.0, -1e4], [1.0, 0.0, 0.0]),
        ([0.1, 0.1, 0.1, -9.0], [1 / 3, 1 / 3, 1 / 3, 0.0]),
    ],
)
def test_sparsemax_numbers(scores, expected):
    torch.testing.assert_close(sparsemax(torch.tensor(scores)), torch.tensor(expected))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.0, 0.0], [0.5, 0.5]),
        ([0.4, 0.0], [0.64, 0.36]),
        ([2 / 3, 2 / 3, 0.0], [4 / 9, 4 / 9, 1 / 9]),
        ([2.0, 0.0], [1.0, 0.0]),  # the edge of the support
        ([1e4, 0.0, -1e4], [1.0, 0.0, 0.0]),
    ],
)
def test_entmax15_numbers(scores, expected):
    torch.testing.assert_close(entmax15(torch.tensor(scores)), torch.tensor(expected))


@pytest.mark.parametrize(("name", "power", "scale"), [("sparsemax", 1, 1.0), ("entmax15", 2, 0.5)])
@pytest.mark.parametrize("spread", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("steps", [1, 2, 17, 3000])
def test_sparse_weights_against_bisection(name, power, scale, spread, steps):
    # Independently: halve an interval around the threshold until the weights sum to 1.
    scores = spread * np.random.default_rng(steps).normal(size=(4, steps))
    low, high = scale * scores.max(1, keepdims=True) - 1, scale * scores.max(1, keepdims=True)
    for _ in range(80):
        middle = (low + high) / 2
        above = (np.maximum(scale * scores - middle, 0) ** power).sum(1, keepdims=True) >= 1
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    expected = np.maximum(scale * scores - low, 0) ** power
    for dtype, tolerance in [(torch.float64, 1e-9), (torch.float32, 1e-5)]:
        got = NORMALIZERS[name](torch.tensor(scores, dtype=dtype))
        np.testing.assert_allclose(got.numpy(), expected, atol=tolerance)
        np.testing.assert_allclose(got.sum(1).numpy(), 1, atol=tolerance)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_padding_is_0_and_cannot_be_felt(normalize, dtype):
    scores = torch.tensor([[0.5, 1.0, 0.25, 2.0]] * 3, dtype=dtype)
    mask = torch.tensor([[True, True, False, False], [False, True, False, True], [False] * 4])
    clean = normalize(scores, mask)
    assert clean.dtype == dtype
    assert (clean[~mask] == 0).all()
    torch.testing.assert_close(clean[0, :2], normalize(scores[0, :2]))
    for junk in (torch.nan, torch.inf, -torch.inf, torch.finfo(dtype).max):
        dirty = scores.masked_fill(~mask, junk).requires_grad_()
        got = normalize(dirty, mask)
        assert torch.equal(got, clean)
        got.square().sum().backward()
        assert dirty.grad.isfinite().all()
        assert (dirty.grad[~mask] == 0).all()


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_appended_padding_changes_nothing(normalize, dtype):
    # To a rounding, not to a bit: torch takes exp by vector or by number, as the length falls.
    scores = torch.randn(8, 13, generator=torch.Generator().manual_seed(0)).to(dtype)
    mask = torch.arange(13) < torch.arange(1, 9).unsqueeze(1)
    for pads in (1, 3, 16):
        longer = torch.nn.functional.pad(scores, (0, pads), value=5.0)
        wider = torch.nn.functional.pad(mask, (0, pads))
        got, expected = normalize(longer, wider), normalize(scores, mask)
        torch.testing.assert_close(
            got[:, :13], expected, atol=rounding(13), rtol=torch.finfo(dtype).eps
        )
        assert (got[:, 13:] == 0).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_halves_are_computed_in_float32(normalize, dtype):
    scores = torch.randn(4, 300, generator=torch.Generator().manual_seed(0)).to(dtype)
    assert torch.equal(normalize(scores), normalize(scores.float()).to(dtype))


def test_gradients_are_exact(normalize):
    scores = torch.randn(4, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    mask = torch.tensor([[True] * 6, [True, False] * 3, [False] * 5 + [True], [False] * 6])
    assert torch.autograd.gradcheck(lambda z: normalize(z, mask), scores.requires_grad_())
    assert torch.autograd.gradgradcheck(lambda z: normalize(z, mask), scores)


def test_scores_are_not_changed(normalize):
    scores, mask = torch.randn(2, 3), torch.tensor([[True, True, False]] * 2)
    before = scores.clone()
    normalize(scores, mask)
    assert torch.equal(scores, before)
    assert scores._version == 0


def test_mask_broadcasts_over_heads(normalize):
    scores, mask = torch.randn(2, 3, 4), torch.tensor([[True] * 4, [True, False, True, False]])
    got = normalize(scores, mask.unsqueeze(1))
    for head in range(3):
        torch.testing.assert_close(got[:, head], normalize(scores[:, head], mask))


@pytest.mark.parametrize("shape", [(0,), (2, 0), (0, 3), (0, 0)])
def test_nothing_in_nothing_out(normalize, shape):
    assert normalize(torch.zeros(shape), torch.zeros(shape, dtype=torch.bool)).shape == shape


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("mask_shape", [(2,), (3, 3), (1, 2, 3), (4, 2, 3)])
def test_mask_of_another_shape_is_refused(normalize, mask_shape):
    with pytest.raises(InputError, match=r"mask must broadcast .*\(2, 3\); received"):
        normalize(torch.zeros(2, 3), torch.ones(mask_shape, dtype=torch.bool))


@pytest.mark.usefixtures("unchecked")
def test_mask_of_another_type_is_refused(normalize):
    with pytest.raises(TypeError, match=r"received torch.int64: pass mask.bool\(\)"):
        normalize(torch.zeros(2, 3), torch.ones(2, 3, dtype=torch.int64))


def test_unknown_name_is_refused():
    with pytest.raises(InputError, match="'sofmax' is unknown; choose one of softmax, sparsemax"):
        find_normalizer("sofmax")
