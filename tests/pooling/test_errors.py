"""Wrong input is refused in one line that says what came."""

import pytest
import torch

from attnpool.errors import InputError
from attnpool.pooling import (
    NORMALIZERS,
    POOLINGS,
    AttentionPooling1D,
    GlobalMaxPooling1D,
    MultiHeadAttentionPooling1D,
    Pooled,
    QueryAttentionPooling1D,
    make_pooling,
)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        (torch.ones(3, 6, dtype=torch.int64), TypeError, "received torch.int64: pass mask.bool()"),
        (torch.zeros(3, 6), TypeError, "received torch.float32"),
        (torch.ones(6, dtype=torch.bool), InputError, "= (3, 6); received (6,)"),
        (torch.ones(1, 6, dtype=torch.bool), InputError, "= (3, 6); received (1, 6)"),
        (torch.ones(3, 5, dtype=torch.bool), InputError, "= (3, 6); received (3, 5)"),
        (torch.ones(3, 6, 1, dtype=torch.bool), InputError, "= (3, 6); received (3, 6, 1)"),
    ],
)
def test_wrong_mask(case, mask, error, message):
    with pytest.raises(error) as caught:
        case.layer()(*case.inputs(3, 6), mask)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 6, 5), (3, 6, 0)])
def test_wrong_shape_of_x(case, shape):
    _, *query = case.inputs(3, 6)
    with pytest.raises(InputError, match=r"x must have shape \(batch, steps, .*received"):
        case.layer()(torch.zeros(shape), *query)


@pytest.mark.usefixtures("unchecked")
def test_wrong_dim_and_type_of_x():
    with pytest.raises(InputError, match=r"\(batch, steps, 4\); received \(2, 3, 5\)"):
        AttentionPooling1D(4)(torch.zeros(2, 3, 5))
    with pytest.raises(TypeError, match=r"received torch.int64: pass x.float\(\)"):
        GlobalMaxPooling1D()(torch.zeros(2, 3, 4, dtype=torch.int64))


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("shape", [(2, 5), (1, 4), (2, 1, 4), (4,)])
def test_wrong_query(shape):
    with pytest.raises(InputError, match=r"\(batch, query_dim\) = \(2, 4\); received"):
        QueryAttentionPooling1D(4)(torch.zeros(2, 3, 4), torch.zeros(shape))


@pytest.mark.parametrize(
    "make",
    [
        lambda: AttentionPooling1D(0),
        lambda: AttentionPooling1D(4, attention_dim=-1),
        lambda: MultiHeadAttentionPooling1D(4, heads=0),
        lambda: QueryAttentionPooling1D(4, query_dim=0),
        lambda: make_pooling("attention", 4, heads=0),
    ],
)
def test_sizes_below_1(make):
    with pytest.raises(InputError, match="must be at least 1; received"):
        make()


def test_unknown_normalizer():
    with pytest.raises(InputError, match="normalizer 'relu' is unknown"):
        MultiHeadAttentionPooling1D(4, 2, normalizer="relu")


@pytest.mark.parametrize("name", POOLINGS)
def test_make_pooling_by_name(name):
    layer = make_pooling(name, 4)
    assert type(layer) is POOLINGS[name]
    pooled = layer(torch.randn(2, 3, 4))
    assert isinstance(pooled, Pooled)
    assert pooled.vector.shape == (2, 4)


def test_make_pooling_passes_options_on():
    layer = make_pooling("attention", 4, heads=2, attention_dim=3, normalizer="sparsemax")
    assert type(layer) is MultiHeadAttentionPooling1D
    assert layer.projection.weight.shape == (3, 4)
    assert layer.normalize.__name__ == "sparsemax"
    assert layer(torch.randn(2, 3, 4)).vector.shape == (2, 8)


@pytest.mark.parametrize("name", ["max", "average", "min_variance"])
def test_make_pooling_refuses_what_a_pooling_lacks(name):
    with pytest.raises(InputError, match=f"'{name}' has one head; received heads=2"):
        make_pooling(name, 4, heads=2)
    with pytest.raises(InputError, match=f"'{name}' takes neither attention_dim nor normalizer"):
        make_pooling(name, 4, attention_dim=3)
    with pytest.raises(InputError, match="takes neither"):
        make_pooling(name, 4, normalizer="entmax15")


def test_make_pooling_of_attention_passes_on_what_it_takes():
    assert make_pooling("mean_query", 4, attention_dim=3).projection.out_features == 3
    assert (
        make_pooling("mean_query", 4, normalizer="sparsemax").normalize is NORMALIZERS["sparsemax"]
    )
    with pytest.raises(InputError, match="'mean_query' has one head; received heads=2"):
        make_pooling("mean_query", 4, heads=2)


def test_make_pooling_unknown():
    message = "'mean' is unknown; choose one of attention, mean_query, max"
    with pytest.raises(InputError, match=message):
        make_pooling("mean", 4)
