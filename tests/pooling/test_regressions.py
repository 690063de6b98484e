"""One test for each defect of the original tf.keras scripts that concerns pooling."""

import pytest
import torch

from attnpool.pooling import (
    POOLINGS,
    AttentionPooling1D,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MinVariancePooling1D,
    MultiHeadAttentionPooling1D,
    QueryAttentionPooling1D,
    make_pooling,
)


def test_regression_fp16_mask_overflow():
    # 1e12 is infinite in float16, and 0 * inf is NaN: in every row, padded or not.
    x = torch.randn(2, 3, 4).half()
    mask = torch.tensor([[True, True, True], [True, False, False]])
    vector, weights = AttentionPooling1D(4).half()(x, mask)
    assert vector.isfinite().all()
    assert weights[1].tolist() == [1.0, 0.0, 0.0]
    assert torch.equal(vector[1], x[1, 0])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64], ids=str)
def test_regression_mask_does_not_dictate_the_dtype(dtype):
    # The mask was cast to float32, which clashed with any other dtype of x.
    vector, weights = AttentionPooling1D(4).to(dtype)(
        torch.ones(1, 2, 4, dtype=dtype), torch.tensor([[True, False]])
    )
    assert vector.dtype == weights.dtype == dtype


@pytest.mark.parametrize(
    ("layer", "shapes"),
    [
        (AttentionPooling1D(4, 3), [(3, 4), (1, 3)]),
        (MultiHeadAttentionPooling1D(4, 2, 3), [(3, 4), (2, 3)]),
        (QueryAttentionPooling1D(4, 5, 3), [(3, 4), (3, 5), (1, 3)]),
    ],
)
def test_regression_parameters_exist_before_the_first_call(layer, shapes):
    # They were made on the first call, without a configuration to make them again.
    assert [tuple(weight.shape) for weight in layer.state_dict().values()] == shapes


@pytest.mark.parametrize("name", POOLINGS)
def test_regression_empty_row_is_not_the_mean_of_padding(name):
    # With every score lowered alike, softmax was even over padding.
    x = torch.full((1, 3, 4), 7.0)
    vector, weights = make_pooling(name, 4)(x, torch.zeros(1, 3, dtype=torch.bool))
    assert (vector == 0).all()
    assert (weights == 0).all()


@pytest.mark.parametrize("name", POOLINGS)
def test_regression_every_layer_supports_masking(name):
    # They said that they did not, and a mask was lost on the way to them.
    layer = make_pooling(name, 4)
    x = torch.tensor([[[1.0, 2.0, 3.0, 5.0], [2.0, 0.0, 1.0, 1.0], [9.0, 8.0, 9.0, 9.0]]])
    masked = layer(x, torch.tensor([[True, True, False]]))
    torch.testing.assert_close(masked.vector, layer(x[:, :2]).vector)
    assert not torch.allclose(masked.vector, layer(x).vector)


def test_regression_query_of_another_size():
    # The query had to be of the attention_dim size.
    vector, _ = QueryAttentionPooling1D(4, query_dim=5, attention_dim=3)(
        torch.randn(2, 6, 4), torch.randn(2, 5)
    )
    assert vector.shape == (2, 3)


def test_regression_query_layer_is_documented_as_it_is():
    # It was called additive but multiplies, and it pools the projection.
    text = QueryAttentionPooling1D.__doc__
    assert "multiplicative" in text
    assert "It pools h, not x" in text
    layer = QueryAttentionPooling1D(4)
    x = torch.randn(1, 1, 4)
    vector, _ = layer(x, torch.randn(1, 4))
    torch.testing.assert_close(vector, torch.tanh(layer.projection(x))[:, 0])


def test_regression_multi_head_hidden_other_than_dim():
    # The heads were laid side by side by the attention_dim size: right only where it was dim.
    layer, x = MultiHeadAttentionPooling1D(4, heads=3, attention_dim=5), torch.randn(2, 6, 4)
    vector, weights = layer(x)
    assert vector.shape == (2, 12)
    for head in range(3):
        torch.testing.assert_close(
            vector[:, 4 * head : 4 * head + 4], (weights[:, head, :, None] * x).sum(1)
        )


def test_regression_max_weights_of_negative_maxima():
    # The weight was the sum of the maxima a token holds: negative where they are.
    x = torch.tensor([[[-1.0, -5.0], [-2.0, -3.0]]])
    assert GlobalMaxPooling1D()(x).weights.tolist() == [[0.5, 0.5]]


def test_regression_max_ties_are_not_counted_twice():
    x = torch.ones(1, 4, 3)
    torch.testing.assert_close(GlobalMaxPooling1D()(x).weights, torch.full((1, 4), 0.25))


def test_regression_average_weights_of_a_batch():
    # (batch, steps) + (batch, steps, 1) made (batch, steps, steps), or failed.
    x, mask = torch.randn(3, 5, 4), torch.arange(5) < torch.tensor([[5], [2], [1]])
    weights = GlobalAveragePooling1D()(x, mask).weights
    assert weights.shape == (3, 5)
    torch.testing.assert_close(weights[1], torch.tensor([0.5, 0.5, 0.0, 0.0, 0.0]))


def test_regression_constant_token_has_a_variance_of_0():
    # 1 / 0 is infinite, and infinite / infinite is NaN.
    vector, weights = MinVariancePooling1D()(torch.tensor([[[2.0, 2.0], [1.0, 5.0]]]))
    torch.testing.assert_close(weights, torch.tensor([[1.0, 0.0]]))
    torch.testing.assert_close(vector, torch.tensor([[2.0, 2.0]]))
