"""Rows with a real token equal the formulas of the original tf.keras scripts, written in numpy.

The formulas are taken at float64, where the scripts' -1e12 on padding is exact enough.
"""

import numpy as np
import pytest
import torch

from attnpool.pooling import (
    AttentionPooling1D,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MinVariancePooling1D,
    MultiHeadAttentionPooling1D,
    QueryAttentionPooling1D,
)

PENALTY = 1e12


@pytest.fixture
def x():
    return torch.randn(4, 9, 6, generator=torch.Generator().manual_seed(3))


@pytest.fixture
def real():
    return torch.arange(9) < torch.tensor([[9], [5], [2], [1]])


def numbers(*tensors):
    return [tensor.detach().double().numpy() for tensor in tensors]


def softmax(scores):
    """Over the steps, axis 1."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def close(tensor, expected):
    np.testing.assert_allclose(tensor.detach().numpy(), expected, atol=1e-5, rtol=1e-5)


def test_attention(x, real):
    layer = AttentionPooling1D(6, attention_dim=8)
    tokens, keep, w, v = numbers(x, real, layer.projection.weight, layer.score.weight)
    weights = softmax(np.tanh(tokens @ w.T) @ v[0] - (1 - keep) * PENALTY)
    vector, got = layer(x, real)
    close(got, weights)
    close(vector, (weights[:, :, None] * tokens).sum(1))


def test_multi_head(x, real):
    layer = MultiHeadAttentionPooling1D(6, heads=3, attention_dim=8)
    tokens, keep, w, v = numbers(x, real, layer.projection.weight, layer.score.weight)
    weights = softmax(np.tanh(tokens @ w.T) @ v.T - (1 - keep[:, :, None]) * PENALTY)
    vector, got = layer(x, real)
    close(got, weights.transpose(0, 2, 1))
    close(vector, (weights[:, :, :, None] * tokens[:, :, None]).sum(1).reshape(4, 18))


def test_query(x, real):
    layer = QueryAttentionPooling1D(6, attention_dim=8)
    query = torch.randn(4, 8, generator=torch.Generator().manual_seed(5))
    tokens, asked, keep = numbers(x, query, real)
    w, v = numbers(layer.projection.weight, layer.score.weight)
    projected = np.tanh(tokens @ w.T)
    weights = softmax((projected * asked[:, None]) @ v[0] - (1 - keep) * PENALTY)
    vector, got = layer(x, query, real)
    close(got, weights)
    close(vector, (weights[:, :, None] * projected).sum(1))


def test_max(x, real):
    tokens, keep = numbers(x, real)
    close(GlobalMaxPooling1D()(x, real).vector, (tokens - (1 - keep[:, :, None]) * PENALTY).max(1))


def test_average(x, real):
    tokens, keep = numbers(x, real)
    vector = (tokens * keep[:, :, None]).sum(1) / keep.sum(1, keepdims=True)
    close(GlobalAveragePooling1D()(x, real).vector, vector)


def test_min_variance(x, real):
    tokens, keep = numbers(x, real)
    inverse = 1 / (tokens.var(2, ddof=1) + (1 - keep) * PENALTY)
    weights = inverse / inverse.sum(1, keepdims=True)
    vector, got = MinVariancePooling1D()(x, real)
    close(got, weights)
    close(vector, ((weights * keep)[:, :, None] * tokens).sum(1))
