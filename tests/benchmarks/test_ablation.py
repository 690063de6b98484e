"""What the table of poolings rests on."""

import pytest
import torch
from benchmarks.ablation import _pooled_by
from benchmarks.poolings import OwnQuery, PaddedAttention

from attnpool import TextClassifier
from attnpool.data.demo_rows import load_demo
from benchmarks import ablation


def test_padded_attention_is_attention_over_padded_texts():
    torch.manual_seed(0)
    layer = PaddedAttention(5, 3, longest=9)
    x, mask = torch.randn(2, 6, 5), torch.tensor([[1, 1, 1, 1, 0, 0], [1] * 6]).bool()
    vector, weights = layer(x, mask)
    for row, length in enumerate((4, 6)):
        padded = torch.cat([x[row, :length], layer.padding.expand(9 - length, -1)])
        expected = layer.attention(padded[None])
        torch.testing.assert_close(vector[row], expected.vector[0])
        torch.testing.assert_close(weights[row, :length], expected.weights[0, :length])
    assert weights[0, 4:].eq(0).all()
    assert weights[0].sum() < 1


def test_own_query_is_blind_to_padding():
    torch.manual_seed(0)
    layer, x = OwnQuery(4), torch.randn(1, 5, 4)
    mask = torch.tensor([[True, True, True, False, False]])
    torch.testing.assert_close(layer(x, mask).vector, layer(x[:, :3], mask[:, :3]).vector)


@pytest.mark.parametrize("pooling", ablation.POOLINGS)
def test_every_pooling_is_the_one_in_the_model(pooling):
    asked, layer = ablation.POOLINGS[pooling]
    rows = load_demo("sentiment", "train")
    model = TextClassifier(epochs=1, **asked)
    with _pooled_by(layer, 50):
        model.fit(rows.texts[0], rows.labels)
    if layer is not None:
        assert type(model.model_.pooling) is type(layer(8, 50))
    assert model.score(rows.texts[0], rows.labels) > 0.5


def test_the_table_of_no_set_and_of_one():
    assert ablation.table({}) == ""
    ahead = {"mean": 0.01, "low": -0.002, "high": 0.02}
    one = {name: {"accuracy": 0.9, "sd": 0.01, "ahead": ahead} for name in ablation.POOLINGS}
    head, rule, reference, *others = ablation.table({"lcqmc": one}).splitlines()
    assert head.count("|") == rule.count("|") == reference.count("|") == 4
    assert reference == f"| {ablation.REFERENCE} | 0.900 ± 0.010 |  |"
    assert others[0].endswith("| 0.900 ± 0.010 | +0.010 [-0.002, +0.020] |")
