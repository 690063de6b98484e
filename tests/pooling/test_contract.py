"""The harness: what every pooling layer keeps, in the words of the contract."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rounding import assert_close

DTYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
HALF_EPS = {torch.float16: 4e-3, torch.bfloat16: 3e-2, torch.float32: 1e-6, torch.float64: 1e-12}
# Scores of 5 and 7 numbers, the softmax and the mean of 6 tokens, none of which is beyond 3.
ROUNDING = {"additions": 5 + 7 + 6 + 6, "scale": 3}


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_shapes_and_dtypes(case, mask, dtype):
    pooled = case.layer(dtype)(*case.inputs(3, 6, dtype), mask)
    assert pooled._fields == ("vector", "weights")
    assert pooled.vector.shape == (3, case.features)
    assert pooled.weights.shape == case.weights_shape(3, 6)
    assert pooled.vector.dtype == pooled.weights.dtype == dtype


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_weights_are_0_on_padding_and_sum_to_1(case, ragged, dtype):
    weights = case.layer(dtype)(*case.inputs(3, 6, dtype), ragged).weights
    padding = ~ragged if case.heads is None else ~ragged.unsqueeze(1).expand_as(weights)
    assert (weights[padding] == 0).all()
    assert (weights >= 0).all()
    total = weights.double().sum(-1)
    torch.testing.assert_close(total, torch.ones_like(total), atol=HALF_EPS[dtype], rtol=0)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_half_precision_is_near_float32(case, mask, dtype):
    halves = case.inputs(3, 6, dtype)
    layer = case.layer(dtype)
    got = layer(*halves, mask)
    expected = layer.float()(*(part.float() for part in halves), mask)
    torch.testing.assert_close(got.vector.float(), expected.vector, atol=4e-2, rtol=4e-2)
    torch.testing.assert_close(got.weights.float(), expected.weights, atol=2e-2, rtol=4e-2)


def test_no_mask_is_a_mask_of_real_tokens(case):
    layer, inputs = case.layer(), case.inputs(3, 6)
    masked = layer(*inputs, torch.ones(3, 6, dtype=torch.bool))
    for got, expected in zip(layer(*inputs), masked, strict=True):
        assert_close(got, expected, **ROUNDING)


@pytest.mark.parametrize("pads", [1, 3, 10, 64])
def test_appended_padding_changes_nothing(case, mask, pads):
    layer, (x, *query) = case.layer(), case.inputs(3, 6)
    longer = torch.cat([x, torch.full((3, pads, x.shape[2]), 7.0)], 1)
    wider = torch.cat([mask, torch.zeros(3, pads, dtype=torch.bool)], 1)
    short, long = layer(x, *query, mask), layer(longer, *query, wider)
    assert_close(long.vector, short.vector, **ROUNDING)
    assert_close(long.weights[..., :6], short.weights, **ROUNDING)


def test_left_padding_is_right_padding(case, mask):
    layer, (x, *query) = case.layer(), case.inputs(3, 6)
    right = layer(x, *query, mask)
    for row, length in enumerate(mask.sum(1).tolist()):
        shift = 6 - length
        asked = [part[row : row + 1] for part in query]
        left = layer(x[row : row + 1].roll(shift, 1), *asked, mask[row : row + 1].roll(shift, 1))
        assert_close(left.vector[0], right.vector[row], **ROUNDING)
        weights = left.weights[0].roll(-shift, -1)
        assert_close(weights, right.weights[row], **ROUNDING)


def test_a_row_does_not_depend_on_its_batch(case, mask):
    layer, inputs = case.layer(), case.inputs(3, 6)
    together = layer(*inputs, mask)
    for row in range(3):
        alone = layer(*(part[row : row + 1] for part in inputs), mask[row : row + 1])
        assert_close(alone.vector[0], together.vector[row], **ROUNDING)
        assert_close(alone.weights[0], together.weights[row], **ROUNDING)


def test_permuted_tokens_permute_weights_and_keep_the_vector(case, ragged):
    layer, (x, *query) = case.layer(), case.inputs(3, 6)
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    before, after = layer(x, *query, ragged), layer(x[:, order], *query, ragged[:, order])
    assert_close(after.vector, before.vector, **ROUNDING)
    assert_close(after.weights, before.weights[..., order], **ROUNDING)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_empty_row_is_zero_with_zero_gradients(case, mask, dtype):
    layer = case.layer(dtype)
    inputs = [part.requires_grad_() for part in case.inputs(3, 6, dtype)]
    mask[1] = False
    vector, weights = layer(*inputs, mask)
    assert (vector[1] == 0).all()
    assert (weights[1] == 0).all()
    loss = vector.square().sum()
    if weights.requires_grad:
        loss = loss + weights.square().sum()
    with torch.autograd.set_detect_anomaly(True):  # not finite by luck: no NaN on the way either
        loss.backward()
    assert (inputs[0].grad[1] == 0).all()
    assert inputs[0].grad[0].any()
    assert all(tensor.grad.isfinite().all() for tensor in [*inputs, *layer.parameters()])


@pytest.mark.parametrize(("batch", "steps"), [(2, 0), (0, 4), (0, 0)])
def test_no_steps_or_no_rows(case, batch, steps):
    layer, inputs = case.layer(), case.inputs(batch, steps)
    for mask in (None, torch.ones(batch, steps, dtype=torch.bool)):
        vector, weights = layer(*inputs, mask)
        assert vector.shape == (batch, case.features)
        assert weights.shape == case.weights_shape(batch, steps)
        assert (vector == 0).all()


@pytest.mark.parametrize("junk", [float("nan"), float("inf"), -float("inf"), 3e38])
def test_padding_cannot_be_felt(case, ragged, junk):
    layer, (x, *query) = case.layer(), case.inputs(3, 6)
    clean = layer(x, *query, ragged)
    dirty = x.masked_fill(~ragged.unsqueeze(2), junk).requires_grad_()
    got = layer(dirty, *query, ragged)
    torch.testing.assert_close(got, clean, atol=0, rtol=0)
    got.vector.square().sum().backward()
    assert (dirty.grad[~ragged] == 0).all()
    assert all(tensor.grad.isfinite().all() for tensor in [dirty, *layer.parameters()])


@pytest.mark.parametrize("sizes", [1e4, -1e4])
def test_scores_of_10000_stay_finite(case, mask, sizes):
    layer = case.layer()
    for name, weight in layer.named_parameters():
        if name == "score.weight":
            torch.nn.init.constant_(weight, sizes)
    inputs = [part.requires_grad_() for part in case.inputs(3, 6)]
    vector, weights = layer(*inputs, mask)
    vector.sum().backward()
    assert vector.isfinite().all()
    torch.testing.assert_close(weights.sum(-1), torch.ones_like(weights.sum(-1)))
    assert all(part.grad.isfinite().all() for part in inputs)


def test_gradients_are_exact(case, ragged):
    layer = case.layer(torch.float64)
    inputs = [part.requires_grad_() for part in case.inputs(3, 6, torch.float64)]
    names = [name for name, _ in layer.named_parameters()]

    def pool(*tensors):
        parts, values = tensors[: len(inputs)], tensors[len(inputs) :]
        parameters = dict(zip(names, values, strict=True))
        return torch.func.functional_call(layer, parameters, (*parts, ragged))

    assert torch.autograd.gradcheck(pool, (*inputs, *layer.parameters()))


def test_inputs_are_not_changed(case, ragged):
    inputs = (*case.inputs(3, 6), ragged)
    copies = [part.clone() for part in inputs]
    case.layer()(*inputs)
    for part, copy in zip(inputs, copies, strict=True):
        assert torch.equal(part, copy)
        assert part._version == 0


def test_state_dict_round_trip(case, mask):
    layer, other = case.layer(), case.make()
    other.load_state_dict(layer.state_dict())
    inputs = case.inputs(3, 6)
    torch.testing.assert_close(other(*inputs, mask), layer(*inputs, mask), atol=0, rtol=0)


def test_autocast_returns_the_dtype_of_x(case, mask):
    layer, inputs = case.layer(), case.inputs(3, 6)
    with torch.autocast("cpu", torch.bfloat16):
        got = layer(*inputs, mask)
    expected = layer(*inputs, mask)
    assert got.vector.dtype == got.weights.dtype == torch.float32
    torch.testing.assert_close(got, expected, atol=3e-2, rtol=3e-2)


def test_strided_inputs(case, mask):
    layer, inputs = case.layer(), case.inputs(3, 6)
    strided = [part.transpose(0, -1).contiguous().transpose(0, -1) for part in inputs]
    assert not strided[0].is_contiguous()
    found = layer(*strided, mask.T.contiguous().T)
    for got, expected in zip(found, layer(*inputs, mask), strict=True):
        assert_close(got, expected, **ROUNDING)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(batch=st.integers(0, 4), steps=st.integers(0, 9), data=st.data())
def test_any_shape_and_mask(case, batch, steps, data):
    bits = st.lists(st.booleans(), min_size=batch * steps, max_size=batch * steps)
    mask = torch.tensor(data.draw(bits), dtype=torch.bool).reshape(batch, steps)
    scale = data.draw(st.sampled_from([0.0, 1e-3, 1.0, 100.0]))
    x, *query = case.inputs(batch, steps)
    vector, weights = case.layer()(x * scale, *query, mask)
    assert vector.shape == (batch, case.features)
    assert weights.shape == case.weights_shape(batch, steps)
    assert vector.isfinite().all()
    heads = weights.reshape(batch, case.heads or 1, steps)
    assert (heads >= 0).all()
    assert (heads.transpose(1, 2)[~mask] == 0).all()
    total = mask.any(1, keepdim=True).float().expand(-1, case.heads or 1)
    torch.testing.assert_close(heads.sum(2), total)
