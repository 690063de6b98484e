"""Families of transformers add up; what has no rule is named."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from attnpool import InputError, attribute

pytest.importorskip("transformers")
from benchmarks.encoders.families import FAMILIES, build, miss

CASES = [
    pytest.param(family, implementation, id=f"{name} {implementation}")
    for name, family in FAMILIES.items()
    for implementation in family.implementations
    if family.adds_up
]
# They mix a text with its padding: Fourier transforms, convolutions, pooled or joined neighbours.
READS_PADDING = {"fnet", "funnel", "convbert", "mobilebert", "nystromformer"}


@pytest.mark.parametrize(("family", "implementation"), CASES)
def test_the_parts_of_every_text_add_up(family, implementation):
    tiny = build(family, implementation)
    learned = [p.requires_grad for p in tiny.model.parameters()]
    found = attribute(tiny.forward, tiny.embeddings)
    assert miss(found) < 1e-5
    with torch.no_grad():
        plain = tiny.forward(tiny.embeddings)
    np.testing.assert_allclose(found.outputs, plain, atol=1e-5 * float(plain.abs().max()))
    if family.model_type not in READS_PADDING:
        assert (found.values[~tiny.mask.numpy()] == 0).all()
    assert np.abs(found.values[tiny.mask.numpy()]).max() > 0
    assert all(p.grad is None for p in tiny.model.parameters())
    assert [p.requires_grad for p in tiny.model.parameters()] == learned


@pytest.mark.parametrize("name", ["BERT", "RoBERTa", "ALBERT", "ELECTRA", "GPT-2", "OPT", "XLNet"])
def test_outputs_are_the_models_own_to_the_last_bit(name):
    tiny = build(FAMILIES[name])
    found = attribute(tiny.forward, tiny.embeddings)
    with torch.no_grad():
        np.testing.assert_array_equal(found.outputs, tiny.forward(tiny.embeddings))


@pytest.mark.parametrize("name", ["BERT", "ALBERT", "GPT-2", "T5 encoder, relu"])
@pytest.mark.parametrize("target", [0, 2, [2, 0, 1, 2]])
def test_any_output_can_be_split(name, target):
    tiny = build(FAMILIES[name])
    found = attribute(tiny.forward, tiny.embeddings, target)
    assert found.targets.tolist() == ([target] * 4 if isinstance(target, int) else target)
    assert miss(found) < 1e-5


def test_positions_and_token_types_are_base_and_biases_are_not():
    tiny = build(FAMILIES["BERT"])
    found = attribute(tiny.forward, tiny.embeddings)
    assert (np.abs(found.base) > 1e-3).all()
    with torch.no_grad():
        embeddings = tiny.model.embeddings
        embeddings.position_embeddings.weight.zero_()
        embeddings.token_type_embeddings.weight.zero_()
    without = attribute(tiny.forward, tiny.embeddings)
    np.testing.assert_array_equal(without.base, 0)
    assert (np.abs(without.bias) > 1e-3).all()
    assert (attribute(build(FAMILIES["T5 encoder, relu"]).forward, tiny.embeddings).base == 0).all()


def test_special_tokens_are_base():
    tiny = build(FAMILIES["BERT"])
    whole = attribute(tiny.forward, tiny.embeddings)
    special = np.zeros(tiny.mask.shape, dtype=bool)
    special[:, 0] = True
    found = attribute(tiny.forward, tiny.embeddings, special=special)
    np.testing.assert_array_equal(found.values[:, 0], 0)
    np.testing.assert_allclose(found.base, whole.base + whole.values[:, 0], atol=1e-5)
    np.testing.assert_array_equal(
        attribute(tiny.forward, tiny.embeddings, special=special.astype(int).tolist()).base,
        found.base,
    )


def test_code_that_torch_does_not_show_is_said_to_be_such():
    tiny = build(FAMILIES["YOSO"])
    with pytest.raises(InputError, match="is code that torch does not show"):
        attribute(tiny.forward, tiny.embeddings)


class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.square()

    @staticmethod
    def backward(ctx, gradient):
        return gradient


NO_RULE = {
    "logcumsumexp": lambda x: torch.logcumsumexp(x, -1),
    "cumprod": lambda x: torch.cumprod(x, -1),
    "renorm": lambda x: torch.renorm(x, 2, 0, 1.0),
    "logaddexp": lambda x: torch.logaddexp(x, x.flip(-1)),
    "linalg_solve": lambda x: torch.linalg.solve(torch.eye(x.shape[-1]) + x.mT @ x, x.mT).mT,
}


@pytest.mark.parametrize("name", NO_RULE)
@pytest.mark.parametrize("family", ["BERT", "Llama"])
def test_an_operation_without_a_rule_is_named(name, family):
    """It stands in the midst of a model, behind rules that hold."""
    tiny = build(FAMILIES[family])
    layers = next(m for m in tiny.model.modules() if isinstance(m, nn.ModuleList) and len(m) == 2)

    def change(module, args, output):
        states = output if isinstance(output, torch.Tensor) else output[0]
        bent = states + NO_RULE[name](states) * 0.3
        return bent if isinstance(output, torch.Tensor) else (bent, *output[1:])

    handle = layers[0].register_forward_hook(change)
    try:
        with pytest.raises(InputError, match="cannot split") as caught:
            attribute(tiny.forward, tiny.embeddings)
    finally:
        handle.remove()
    assert name.removeprefix("linalg_") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_function_of_somebodys_own_is_named():
    with pytest.raises(InputError, match="Doubled"):
        attribute(lambda x: Doubled.apply(x).mean(1), torch.randn(2, 3, 4))


@pytest.mark.parametrize("kind", [nn.GRU, nn.LSTM, nn.RNN])
def test_recurrent_layers_are_refused(kind):
    layer = kind(8, 8, batch_first=True).eval()
    with pytest.raises(InputError, match="cannot split"):
        attribute(lambda x: layer(x)[0].mean(1), torch.randn(2, 3, 8))


def bad_calls():
    x, head = torch.randn(2, 3, 4), nn.Linear(4, 3)

    def fine(x):
        return head(x.mean(1))

    def without_gradients(x):
        with torch.no_grad():
            return fine(x)

    def in_inference(x):
        with torch.inference_mode():
            return fine(x)

    return {
        "no_grad": ((without_gradients, x), "no_grad"),
        "inference_mode": ((in_inference, x), "no_grad|inference"),
        "does not depend": ((lambda _: torch.ones(2, 3), x), "depend"),
        "two axes": ((fine, x[0]), r"\(batch, steps, dim\)"),
        "whole numbers": ((fine, torch.zeros(2, 3, 4, dtype=torch.int64)), "floating|float"),
        "an array": ((fine, x.numpy()), "ndarray"),
        "NaN": ((fine, x.clone().fill_(torch.nan)), "finite|NaN"),
        "outputs of one axis": ((lambda x: x.sum((1, 2)), x), "outputs"),
        "outputs of fewer texts": ((lambda x: fine(x)[:1], x), "outputs"),
        "no tensor": ((lambda x: (fine(x),), x), "tuple"),
        "endless outputs": ((lambda x: fine(x) / 0, x), "finite"),
        "a target too large": ((fine, x, 3), "target"),
        "a target below zero": ((fine, x, -1), "target"),
        "targets of fewer texts": ((fine, x, [0]), "target"),
        "dropout": ((lambda x: fine(F.dropout(x, 0.5, training=True)), x), "dropout|eval"),
    }


BAD = bad_calls()


@pytest.mark.parametrize("case", BAD)
def test_bad_calls_are_refused_in_a_line(case):
    from attnpool.explain.contribution.attribute import attribute as plain

    arguments, message = BAD[case]
    unchecked = getattr(plain, "__wrapped__", plain)
    with pytest.raises(InputError, match=message) as caught:
        unchecked(*arguments)
    assert "\n" not in str(caught.value)


def test_half_precision_is_computed_in_single():
    tiny = build(FAMILIES["BERT"])
    tiny.model.to(torch.bfloat16)

    def forward(x):
        states = tiny.model(inputs_embeds=x, attention_mask=tiny.mask.long())[0]
        return states.mean(1)[:, :3]

    found = attribute(forward, tiny.embeddings.to(torch.bfloat16))
    assert found.values.dtype == np.float32
    assert miss(found) < 1e-5
    assert tiny.model.embeddings.word_embeddings.weight.dtype == torch.bfloat16
