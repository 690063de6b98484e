"""The parts add up through the families of transformers, on tiny random models with padding."""

import numpy as np
import pytest
import torch
from benchmarks.encoders.families import FAMILIES
from benchmarks.encoders.tiny import build

import attnpool
from attnpool.explain.attribution import CannotSplitError

from .sums import margins_of, miss

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of transformers
    pytest.mark.usefixtures("unchecked"),  # checks of signatures would take most of the time
]
CASES = [(name, kind) for name, family in FAMILIES.items() for kind in family.implementations]
# They read padding: a Fourier transform, convolutions, means, landmarks.
READ_PADDING = {"FNet", "ConvBERT", "Funnel", "MobileBERT", "Nyströmformer"}
BASE = {"BERT", "RoBERTa", "DistilBERT", "ELECTRA", "MPNet", "ALBERT", "GPT-2", "OPT", "XLM"} | {
    "M2M-100 encoder"
}


@pytest.mark.parametrize(("name", "implementation"), CASES, ids=[" ".join(one) for one in CASES])
def test_parts_add_up(name, implementation):
    family = FAMILIES[name]
    tiny = build(family, implementation)
    tiny.model.requires_grad_(False)
    if not family.adds_up:
        with pytest.raises(CannotSplitError, match="cannot split what forward computes"):
            attnpool.attribute(tiny.forward, tiny.embeddings)
        return
    plain = tiny.forward(tiny.embeddings.clone().requires_grad_().clone())
    found = attnpool.attribute(tiny.forward, tiny.embeddings)
    assert margins_of(found)[1] > 0.1  # behind small margins a miss hides
    assert miss(found) < 1e-5
    if found.outputs.dtype == np.float32:
        np.testing.assert_array_equal(found.outputs, plain.detach().numpy())
    else:  # where what cancels is far larger than what remains, rounding may call for float64
        assert name == "MobileBERT"
        np.testing.assert_allclose(found.outputs, plain.detach().numpy(), rtol=1e-3)
    if name not in READ_PADDING:
        assert (found.values[~tiny.mask.numpy()] == 0).all()
    assert (np.abs(found.values).max(1) > 1e-3).all()
    assert (found.base != 0).any() or name not in BASE
    assert not tiny.model.training
    assert all(p.grad is None for p in tiny.model.parameters())


@pytest.mark.parametrize("name", ["BERT", "XLNet", "DeBERTa-v2", "GPT-2, next token"])
def test_a_text_is_split_the_same_alone(name):
    tiny = build(FAMILIES[name])
    together = attnpool.attribute(tiny.forward, tiny.embeddings)
    with torch.no_grad():
        other = tiny.embeddings.clone()
        other[1:] = torch.randn_like(other[1:])
    again = attnpool.attribute(tiny.forward, other, together.targets)
    for parts in ("values", "base", "bias"):
        np.testing.assert_allclose(getattr(again, parts)[0], getattr(together, parts)[0], atol=1e-5)


def test_the_table_of_families(monkeypatch):
    from benchmarks.encoders import table

    kept = {name: FAMILIES[name] for name in ("BERT", "YOSO")}
    monkeypatch.setattr(table, "FAMILIES", kept)
    eager, sdpa, refused = table.lines()
    assert (eager["family"], eager["attention"]) == ("BERT", "eager")
    assert "layer_norm" in eager["note"]
    assert "scaled_dot_product_attention" in sdpa["note"]
    assert refused["miss"] == "refused"
    assert refused["note"].startswith("attribute cannot split")
