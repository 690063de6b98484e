"""The Keras layers give the numbers of the torch layers with the same weights."""

import numpy as np
import pytest
from tests.integrations.keras.cases import (
    BACKEND,
    CASES,
    DIM,
    HDIMS,
    QUIET,
    RAGGED,
    every_case,
    every_mask,
    gradients,
    keras,
    numbers,
    torch,
)

from attnpool.integrations.keras import (
    MaskGlobalAveragePooling1D,
    MaskGlobalMaxPooling1D,
    MinVariancePooling1D,
    MultiHeadAttentionPooling1D,
)

pytestmark = QUIET
LIMIT = 1e-5


def twins(case, batch, steps, mask):
    """Both answers and both gradients, ours and torch's."""
    layer = case.layer()
    inputs = case.inputs(batch, steps)
    ours = numbers(case.call(layer, inputs, mask))
    twin, tensors = case.torch_layer(layer), [torch.tensor(part) for part in inputs]
    tensors = [tensor.requires_grad_() for tensor in tensors]
    everything = np.ones((batch, steps), bool) if mask is None else mask
    pooled = twin(*tensors, torch.tensor(everything))
    sum(part.square().sum() for part in pooled).backward()
    slopes = [part.grad for part in tensors] + [part.grad.T for part in twin.parameters()]
    theirs = [part.detach().double().numpy() for part in (*pooled, *slopes)]
    return [*ours, *gradients(case, layer, inputs, everything)], theirs


@every_mask
@every_case
def test_answers_and_gradients_are_those_of_torch(case, mask):
    ours, theirs = twins(case, 3, 6, mask)
    for got, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, expected, atol=LIMIT, rtol=LIMIT)


def test_the_largest_difference_from_torch(capsys):
    """Printed by `make test-keras`: of the answers, over all layers and long ragged rows."""
    worst = {}
    for name, case in CASES.items():
        mask = np.random.default_rng(3).random((16, 40)) < 0.6
        ours, theirs = twins(case, 16, 40, mask)
        worst[name] = max(abs(a - b).max() for a, b in zip(ours[:2], theirs[:2], strict=True))
    name = max(worst, key=worst.get)
    with capsys.disabled():
        print(f"{BACKEND}: at most {worst[name]:.1e} from the torch layers ({name})")  # noqa: T201 # what make test-keras reports
    assert worst[name] < LIMIT


def test_the_weights_of_the_original_fit_as_they_are():
    """Its layers kept `k_dense` `(dim, hdims)`, then `o_dense` `(hdims, 1 or heads)`."""
    layer = CASES["multi-head"].layer()
    assert [w.name for w in layer.weights] == ["projection", "score"]
    assert [tuple(w.shape) for w in layer.weights] == [(DIM, HDIMS), (HDIMS, 3)]


def test_the_formula_of_the_original():
    """Its softmax over steps of scores less 1e12 on padding, worked out in float64."""
    case = CASES["multi-head"]
    layer, (x,) = case.layer(), case.inputs(3, 6)
    kernel, heads = (weight.astype("float64") for weight in layer.get_weights())
    scores = np.tanh(x @ kernel) @ heads - (1 - RAGGED[:, :, None]) * 1e12
    powers = np.exp(scores - scores.max(1, keepdims=True))
    weights = powers / powers.sum(1, keepdims=True)  # (batch, steps, heads), as theirs
    vector, ours = numbers(case.call(layer, [x], RAGGED))
    np.testing.assert_allclose(ours.transpose(0, 2, 1), weights, atol=LIMIT)
    pooled = np.einsum("bth,btd->bhd", weights, x).reshape(3, -1)
    np.testing.assert_allclose(vector, pooled, atol=LIMIT)


def test_max_splits_ties_and_keeps_minus_infinity():
    layer = MaskGlobalMaxPooling1D()
    x = [[[1.0, 5.0], [1.0, 2.0], [0.0, 3.0], [9.0, 9.0]]]
    vector, weights = numbers(layer(keras.ops.array(x), mask=keras.ops.arange(4)[None] < 3))
    np.testing.assert_array_equal(vector, [[1, 5]])
    np.testing.assert_array_equal(weights, [[0.75, 0.25, 0, 0]])
    x = keras.ops.array([[[float("-inf"), 1.0], [7.0, 7.0]]])
    vector, weights = numbers(layer(x, mask=keras.ops.array([[True, False]])))
    np.testing.assert_array_equal(vector, [[-np.inf, 1]])
    np.testing.assert_array_equal(weights, [[1, 0]])


@pytest.mark.parametrize("constants", [(0.5, 0.1), (0.0, 0.1), (0.0, 0.0), (3.3, -0.7)])
def test_min_variance_of_constant_tokens_is_even(constants):
    a, b = constants
    x = keras.ops.array([[[a] * 7, [b] * 7, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]]])
    _, weights = numbers(MinVariancePooling1D()(x))
    np.testing.assert_allclose(weights, [[0.5, 0.5, 0]], atol=1e-6)


@pytest.mark.parametrize(("dtype", "near"), [("float16", 2e-3), ("bfloat16", 1e-2)])
@pytest.mark.parametrize("tokens", [2_000, 20_000])
@every_case
def test_of_many_equal_halves_the_sum_is_one_of_them(case, tokens, dtype, near):
    layer, (x, *query) = case.layer(dtype), case.inputs(2, 1)
    (one, _), (many, weights) = (
        numbers(case.call(layer, [np.repeat(x, count, 1), *query])) for count in (2, tokens)
    )
    np.testing.assert_allclose(many, one, rtol=near, atol=near)
    np.testing.assert_allclose(weights.sum(-1), 1, atol=2e-2)


def test_average_of_many_halves():
    """Their sum is above float16's largest number."""
    x = keras.ops.ones((1, 70_000, 1), dtype="float16")
    vector, _ = numbers(MaskGlobalAveragePooling1D(dtype="float16")(x))
    np.testing.assert_array_equal(vector, [[1]])


@pytest.mark.parametrize("initializer", ["glorot_uniform", keras.initializers.RandomNormal()])
def test_each_matrix_begins_with_numbers_of_its_own(initializer):
    layer = MultiHeadAttentionPooling1D(4, 4, initializer)
    layer.build((None, None, 4))
    projection, score = layer.get_weights()
    assert not np.isclose(projection, score).any()
    other = MultiHeadAttentionPooling1D(4, 4, initializer)
    other.build((None, None, 4))
    assert not np.isclose(projection, other.get_weights()[0]).any()


def test_an_initializer_may_be_any_function():
    layer = MultiHeadAttentionPooling1D(
        4, 2, lambda shape, dtype=None: keras.ops.ones(shape, dtype)
    )
    layer.build((None, None, 3))
    assert all((weight == 1).all() for weight in layer.get_weights())
