"""What every Keras layer keeps, in the words of the contract of `attnpool.pooling`."""

import numpy as np
import pytest
from tests.integrations.keras.cases import (
    DTYPES,
    PREFIXES,
    QUIET,
    RAGGED,
    every_case,
    every_mask,
    gradients,
    keras,
    numbers,
)

pytestmark = QUIET
# A weight is rounded to half precision once; several of them add up to 1.
SUMS = {"float16": 4e-3, "bfloat16": 3e-2, "float32": 1e-6, "float64": 1e-12}
NEAR = {"atol": 2e-6, "rtol": 1e-5}


@pytest.mark.parametrize("dtype", DTYPES)
@every_case
def test_shapes_and_dtypes(case, dtype):
    vector, weights = case.call(case.layer(dtype), case.inputs(3, 6), PREFIXES)
    assert tuple(vector.shape) == (3, case.features)
    assert tuple(weights.shape) == case.weights_shape(3, 6)
    for part in (vector, weights):
        assert keras.backend.standardize_dtype(part.dtype) == dtype


@pytest.mark.parametrize("dtype", DTYPES)
@every_mask
@every_case
def test_weights_are_0_on_padding_and_sum_to_1(case, mask, dtype):
    _, weights = numbers(case.call(case.layer(dtype), case.inputs(3, 6), mask))
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(-1), 1, atol=SUMS[dtype])
    if mask is not None:
        real = mask if case.heads is None else np.repeat(mask[:, None], case.heads, 1)
        assert (weights[~real] == 0).all()


@pytest.mark.parametrize("dtype", DTYPES)
@every_case
def test_an_empty_row_is_zero_with_zero_gradients(case, dtype):
    layer, inputs, mask = case.layer(dtype), case.inputs(3, 6), PREFIXES.copy()
    mask[1] = False
    vector, weights = numbers(case.call(layer, inputs, mask))
    assert (vector[1] == 0).all()
    assert (weights[1] == 0).all()
    found = gradients(case, layer, inputs, mask)
    assert (found[0][1] == 0).all()
    assert found[0][0].any()
    assert all(np.isfinite(part).all() for part in found)


@pytest.mark.parametrize("junk", [np.nan, np.inf, -np.inf, 3e38])
@every_case
def test_padding_cannot_be_felt(case, junk):
    layer, inputs = case.layer(), case.inputs(3, 6)
    clean = numbers(case.call(layer, inputs, RAGGED))
    dirty = [np.where(RAGGED[:, :, None], inputs[0], np.float32(junk)), *inputs[1:]]
    for got, expected in zip(numbers(case.call(layer, dirty, RAGGED)), clean, strict=True):
        np.testing.assert_array_equal(got, expected)
    found = gradients(case, layer, dirty, RAGGED)
    assert (found[0][~RAGGED] == 0).all()
    assert all(np.isfinite(part).all() for part in found)


@pytest.mark.parametrize("pads", [1, 10])
@every_case
def test_padding_on_either_side_changes_nothing(case, pads):
    layer, (x, *query) = case.layer(), case.inputs(3, 6)
    vector, weights = numbers(case.call(layer, [x, *query], PREFIXES))
    junk, padding = np.full((3, pads, x.shape[2]), 7, "float32"), np.zeros((3, pads), bool)
    for left in (False, True):
        order = slice(None, None, -1 if left else 1)
        longer = np.concatenate([x, junk][order], 1)
        wider = np.concatenate([PREFIXES, padding][order], 1)
        got = numbers(case.call(layer, [longer, *query], wider))
        np.testing.assert_allclose(got[0], vector, **NEAR)
        kept = got[1][..., pads:] if left else got[1][..., :6]
        np.testing.assert_allclose(kept, weights, **NEAR)


@pytest.mark.parametrize("dtype", ["int32", "uint8", "float16", "float32"])
@every_case
def test_a_mask_of_another_dtype_is_real_where_it_is_not_0(case, dtype):
    layer, inputs = case.layer(), case.inputs(3, 6)
    expected = numbers(case.call(layer, inputs, RAGGED))
    got = numbers(case.call(layer, inputs, RAGGED.astype(dtype) * 2))
    for part, wanted in zip(got, expected, strict=True):
        np.testing.assert_array_equal(part, wanted)


@every_case
def test_no_mask_is_a_mask_of_real_tokens(case):
    layer, inputs = case.layer(), case.inputs(3, 6)
    everything = numbers(case.call(layer, inputs, np.ones((3, 6), bool)))
    for got, expected in zip(numbers(case.call(layer, inputs)), everything, strict=True):
        np.testing.assert_allclose(got, expected, **NEAR)


@pytest.mark.parametrize(("batch", "steps"), [(2, 0), (0, 4), (0, 0)])
@every_case
def test_no_steps_or_no_rows(case, batch, steps):
    layer, inputs = case.layer(), case.inputs(batch, steps)
    for mask in (None, np.ones((batch, steps), bool)):
        vector, weights = case.call(layer, inputs, mask)
        assert tuple(vector.shape) == (batch, case.features)
        assert tuple(weights.shape) == case.weights_shape(batch, steps)
        assert (numbers([vector])[0] == 0).all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@every_case
def test_half_precision_is_near_float32(case, dtype):
    inputs = case.inputs(3, 6)
    whole = numbers(case.call(case.layer(), inputs, PREFIXES))
    half = numbers(case.call(case.layer(dtype), inputs, PREFIXES))
    np.testing.assert_allclose(half[0], whole[0], atol=4e-2, rtol=4e-2)
    np.testing.assert_allclose(half[1], whole[1], atol=2e-2, rtol=4e-2)


@pytest.mark.parametrize("size", [1e4, -1e4])
@every_case
def test_scores_of_10000_stay_finite(case, size):
    layer, inputs = case.layer(), case.inputs(3, 6)
    if layer.weights:
        *others, score = layer.get_weights()
        layer.set_weights([*others, np.full_like(score, size)])
    vector, weights = numbers(case.call(layer, inputs, PREFIXES))
    np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-6)
    assert np.isfinite(vector).all()
    assert all(np.isfinite(part).all() for part in gradients(case, layer, inputs, PREFIXES))


@every_case
def test_inputs_are_not_changed(case):
    inputs = [keras.ops.convert_to_tensor(part) for part in case.inputs(3, 6)]
    before = [part.copy() for part in numbers(inputs)]
    case.layer()(*inputs, **case.named(keras.ops.array(RAGGED)))
    for part, copy in zip(numbers(inputs), before, strict=True):
        np.testing.assert_array_equal(part, copy)
