"""Names of the previous version still work, with a warning; signatures show the new ones alone."""

import inspect

import pytest

from attnpool.pooling import (
    AttentionPooling1D,
    MeanQueryAttentionPooling1D,
    MultiHeadAttentionPooling1D,
    QueryAttentionPooling1D,
    make_pooling,
)

LAYERS = {
    AttentionPooling1D: {"dim": 3},
    MeanQueryAttentionPooling1D: {"dim": 3},
    MultiHeadAttentionPooling1D: {"dim": 3, "heads": 2},
    QueryAttentionPooling1D: {"dim": 3},
}


@pytest.mark.parametrize("layer", LAYERS)
def test_hidden_is_attention_dim(layer):
    with pytest.warns(FutureWarning, match="hidden is now called attention_dim"):
        made = layer(**LAYERS[layer], hidden=7)
    assert made.projection.out_features == 7
    with pytest.raises(TypeError, match="hidden is now called attention_dim"):
        layer(**LAYERS[layer], hidden=7, attention_dim=7)


@pytest.mark.parametrize("function", [*LAYERS, make_pooling])
def test_signatures_show_the_new_name_alone(function):
    names = inspect.signature(function).parameters
    assert "attention_dim" in names
    assert "hidden" not in names
    assert not {"args", "kwargs"} & set(names)


@pytest.mark.parametrize(
    ("old", "new"), [("mean-query", "mean_query"), ("min-variance", "min_variance")]
)
def test_earlier_names_of_poolings(old, new):
    with pytest.warns(FutureWarning, match=f"'{old}' is now called '{new}'"):
        made = make_pooling(old, 3)
    assert type(made) is type(make_pooling(new, 3))


def test_make_pooling_takes_hidden():
    with pytest.warns(FutureWarning, match="hidden is now called attention_dim"):
        assert make_pooling("attention", 3, hidden=5).projection.out_features == 5
