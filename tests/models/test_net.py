"""What all models share: their base class, the features of a pair, margins, weights by head."""

import numpy as np
import pytest
import torch

from attnpool.models.folded import FoldedClassifier
from attnpool.models.net import TextNet
from attnpool.models.outputs import margins
from attnpool.models.pair_head import pair_features
from attnpool.models.registry import MATCHERS
from attnpool.pooling import AttentionPooling1D, MultiHeadAttentionPooling1D

from ..explain.models import model


@pytest.mark.parametrize("architecture", ["classifier", *MATCHERS])
def test_every_model_is_a_text_net(architecture):
    made = model(architecture, classes=2)
    assert isinstance(made, TextNet)
    assert made.sides in (1, 2)
    assert made.differentiable() is made


def test_gradients_are_taken_of_the_unfolded_model():
    made = model(kernel_sizes=())
    folded = FoldedClassifier(made)
    assert isinstance(folded, TextNet)
    assert folded.differentiable() is made
    assert folded.is_current(made)
    with torch.no_grad():
        made.head.bias += 1
    assert not folded.is_current(made)


def test_features_of_a_pair_by_hand():
    u, v = torch.tensor([[1.0, -2.0]]), torch.tensor([[3.0, 4.0]])
    assert pair_features(u, v).tolist() == [[1, -2, 3, 4, 3, -8, 2, 6]]


def test_features_of_pairs_broadcast():
    u, v = torch.randn(3, 1, 2), torch.randn(1, 4, 2)
    features = pair_features(u, v)
    assert features.shape == (3, 4, 8)
    torch.testing.assert_close(features[2, 1], pair_features(u[2], v[0, 1:2])[0])


def test_margins_of_arrays_and_of_tensors():
    logits, targets = np.array([[1.0, 2.0, 6.0], [0.0, 0.0, 3.0]]), np.array([2, 0])
    assert margins(logits, targets).tolist() == [3, -1]
    tensors = margins(torch.from_numpy(logits), torch.from_numpy(targets))
    assert tensors.tolist() == [3, -1]


@pytest.mark.parametrize(
    ("layer", "heads"), [(AttentionPooling1D(2), 1), (MultiHeadAttentionPooling1D(2, 3), 3)]
)
def test_weights_have_an_axis_of_heads(layer, heads):
    pooled = layer(torch.randn(5, 4, 2))
    assert pooled.by_head.shape == (5, heads, 4)
    torch.testing.assert_close(pooled.by_head.reshape(pooled.weights.shape), pooled.weights)
