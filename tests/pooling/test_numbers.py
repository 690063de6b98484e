"""Every layer on numbers worked out by hand."""

from math import atanh, log

import pytest
import torch

from attnpool.pooling import (
    AttentionPooling1D,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MeanQueryAttentionPooling1D,
    MinVariancePooling1D,
    MultiHeadAttentionPooling1D,
    QueryAttentionPooling1D,
)

# tanh of it is 0 and 1/2.
X = torch.tensor([[[0.0], [atanh(0.5)], [9.0]]])
MASK = torch.tensor([[True, True, False]])


def close(got, *expected):
    for tensor, numbers in zip(got, expected, strict=True):
        torch.testing.assert_close(tensor, torch.tensor(numbers), atol=1e-6, rtol=1e-6)


def fill(layer, **weights):
    with torch.no_grad():
        for name, numbers in weights.items():
            getattr(layer, name).weight.copy_(torch.tensor(numbers))
    return layer


def test_attention():
    layer = fill(AttentionPooling1D(1), projection=[[1.0]], score=[[2 * log(3)]])
    # Scores 0 and log 3: weights 1/4 and 3/4.
    close(layer(X, MASK), [[0.75 * atanh(0.5)]], [[0.25, 0.75, 0.0]])


def test_attention_sparsemax():
    layer = fill(AttentionPooling1D(1, normalizer="sparsemax"), projection=[[1.0]], score=[[0.8]])
    # Scores 0 and 0.4: projected onto the simplex 0.3 and 0.7.
    close(layer(X, MASK), [[0.7 * atanh(0.5)]], [[0.3, 0.7, 0.0]])


def test_attention_entmax15():
    layer = fill(AttentionPooling1D(1, normalizer="entmax15"), projection=[[1.0]], score=[[0.8]])
    # Scores 0 and 0.4: halved they lie 0.2 apart, as do 0.6 and 0.8, whose squares sum to 1.
    close(layer(X, MASK), [[0.64 * atanh(0.5)]], [[0.36, 0.64, 0.0]])


def test_multi_head():
    layer = MultiHeadAttentionPooling1D(1, heads=2)
    fill(layer, projection=[[1.0]], score=[[2 * log(3)], [0.0]])
    half = atanh(0.5)
    close(layer(X, MASK), [[0.75 * half, 0.5 * half]], [[[0.25, 0.75, 0.0], [0.5, 0.5, 0.0]]])


def test_multi_head_puts_each_head_in_its_own_block():
    layer = MultiHeadAttentionPooling1D(2, heads=2, attention_dim=1)
    fill(layer, projection=[[1.0, 0.0]], score=[[1e4], [-1e4]])
    x = torch.tensor([[[1.0, 10.0], [-1.0, 20.0]]])
    close(layer(x), [[1.0, 10.0, -1.0, 20.0]], [[[1.0, 0.0], [0.0, 1.0]]])


def test_query():
    layer = fill(QueryAttentionPooling1D(1), projection=[[1.0]], score=[[log(3)]])
    # Scores v * tanh(x) * q = 0 and log 3; it pools tanh(x), not x.
    close(layer(X, torch.tensor([[2.0]]), MASK), [[0.375]], [[0.25, 0.75, 0.0]])


def test_query_projected():
    layer = QueryAttentionPooling1D(1, query_dim=2)
    fill(layer, projection=[[1.0]], score=[[log(3)]], query_projection=[[1.0, -1.0]])
    close(layer(X, torch.tensor([[5.0, 3.0]]), MASK), [[0.375]], [[0.25, 0.75, 0.0]])


def test_mean_query():
    layer = fill(MeanQueryAttentionPooling1D(1), projection=[[1.0]], score=[[8 * log(3)]])
    # Keys 0 and 1/2, their mean 1/4: scores 0 and log 3; it pools x, not the keys.
    close(layer(X, MASK), [[0.75 * atanh(0.5)]], [[0.25, 0.75, 0.0]])


def test_mean_query_counts_a_token_by_the_text_it_stands_in():
    layer = fill(MeanQueryAttentionPooling1D(1), projection=[[1.0]], score=[[50.0]])
    good, bad = atanh(0.9), atanh(-0.9)
    weights = layer(torch.tensor([[[good], [good], [bad]], [[good], [bad], [bad]]])).weights
    assert weights[0, 0] > 0.49
    assert weights[1, 0] < 0.01


def test_max_splits_ties():
    x = torch.tensor([[[1.0, 5.0], [1.0, 2.0], [0.0, 3.0], [9.0, 9.0]]])
    mask = torch.tensor([[True, True, True, False]])
    close(GlobalMaxPooling1D()(x, mask), [[1.0, 5.0]], [[0.75, 0.25, 0.0, 0.0]])


def test_max_of_minus_infinity_beside_padding():
    x = torch.tensor([[[-torch.inf, 1.0], [7.0, 7.0]]])
    pooled = GlobalMaxPooling1D()(x, torch.tensor([[True, False]]))
    close(pooled, [[-torch.inf, 1.0]], [[1.0, 0.0]])


def test_average():
    x = torch.tensor([[[1.0, 5.0], [3.0, 2.0], [9.0, 9.0]]])
    close(GlobalAveragePooling1D()(x, MASK), [[2.0, 3.5]], [[0.5, 0.5, 0.0]])


def test_average_of_many_halves():
    x = torch.ones(1, 70_000, 1, dtype=torch.float16)  # the sum is above float16's largest
    assert GlobalAveragePooling1D()(x).vector.item() == 1.0


def test_min_variance():
    x = torch.tensor([[[0.0, 2.0], [1.0, 5.0], [9.0, 9.0]]])  # variances 1, 4 and padding
    close(MinVariancePooling1D()(x, MASK), [[0.2, 2.6]], [[0.8, 0.2, 0.0]])


@pytest.mark.parametrize("numbers", [(0.5, 0.1), (0.0, 0.1), (0.0, 0.0), (3.3, -0.7)])
def test_min_variance_of_constant_tokens_is_even(numbers):
    a, b = numbers
    x = torch.tensor([[[a] * 7, [b] * 7, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]]])
    vector, weights = MinVariancePooling1D()(x)
    close(weights, [0.5, 0.5, 0.0])
    close(vector, [(a + b) / 2] * 7)


def test_min_variance_of_one_dimension_is_the_average():
    close(MinVariancePooling1D()(X, MASK), [[atanh(0.5) / 2]], [[0.5, 0.5, 0.0]])
