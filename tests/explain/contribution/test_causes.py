"""What a refusal says is so: whose fault it is, how much is missing, and what helps."""

import warnings

import numpy as np
import pytest
import torch
from benchmarks.encoders.tiny import strong
from torch import nn
from torch.utils.checkpoint import checkpoint

import attnpool
from attnpool import InputError
from attnpool.explain.attribution import CannotSplitError
from attnpool.explain.contribution.attribute import _share

from .sums import BATCH, DIM, HEAD, drawn, embeddings, miss, split

LAYERS = strong(nn.Sequential(nn.Linear(DIM, DIM), nn.Tanh(), nn.Linear(DIM, 3))).eval()
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    SCRIPTED = torch.jit.script(LAYERS)
    TRACED = torch.jit.trace(LAYERS, embeddings().mean(1))


SQUARE = drawn(DIM, DIM)


def mapped(x):
    return torch.vmap(lambda one: torch.tanh(one @ SQUARE + 1).mean(0) @ HEAD)(x)


def refused(forward, x=None):
    with pytest.raises(CannotSplitError) as caught:
        attnpool.attribute(forward, embeddings() if x is None else x)
    assert "\n" not in str(caught.value)
    return str(caught.value)


HIDDEN = {
    "scripted": lambda x: SCRIPTED(x.mean(1)),
    "traced": lambda x: TRACED(x.mean(1)),
    "mapped": mapped,
    "mapped, then more": lambda x: mapped(x) + x.mean(1) @ HEAD,
}


@pytest.mark.parametrize("texts", [1, BATCH])
@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_code_is_told_from_texts_that_depend_on_each_other(name, texts):
    said = refused(HIDDEN[name], embeddings()[:texts])
    assert "is code that torch does not show" in said
    assert "one text" not in said


def test_a_batch_of_one_is_not_advised_for_one(monkeypatch):
    from attnpool.explain.contribution import guard

    monkeypatch.setattr(guard.Watched, "culprit", lambda *_: ("''", 0.0))
    one, many = (refused(lambda x: x.sigmoid().mean(1) @ HEAD, embeddings()[:n]) for n in (1, 3))
    assert "no single operation is to blame" in one
    assert "try a batch of one text" in many


def test_noise_is_called_noise():
    def forward(x):
        return (x.sigmoid() + torch.randn(x.shape)).mean(1) @ HEAD

    assert "it gives another output at each call" in refused(forward)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, "100%"),
        (0.226, "23%"),
        (0.004, "0.4%"),
        (1.1e-5, "0.001%"),
        (12.0, ">999%"),
        (1e290, ">999%"),
        (float("nan"), ">999%"),
    ],
)
def test_a_missing_part_is_a_figure_that_one_can_read(share, said):
    assert _share(share, 1.0) == said


def test_a_small_miss_is_not_none():
    said = refused(lambda x: x.mean(1) @ HEAD + 1e-2 * x.sigmoid().mean(1) @ HEAD)
    assert " 0%" not in said


def test_outputs_that_are_all_alike_are_split():
    """Their margin is 0 but for rounding, of which a share says nothing."""
    found = attnpool.attribute(lambda x: torch.ones(BATCH, 3) + 0 * x.sum(), embeddings())
    assert np.abs([*found.values.flat, *found.base, *found.bias]).max() < 1e-7


def weighted(x):
    return torch.tanh(x @ drawn(DIM, DIM))


BACKWARD = {
    "checkpoint": lambda x: checkpoint(weighted, x, use_reentrant=False).mean(1) @ HEAD,
    "reentrant": lambda x: checkpoint(weighted, x, use_reentrant=True).mean(1) @ HEAD,
}


@pytest.mark.parametrize("name", BACKWARD)
def test_whatever_the_backward_pass_raises_is_one_line(name):
    said = refused(BACKWARD[name])
    assert "its backward pass fails (" in said
    assert "gradient_checkpointing_disable()" in said


def test_a_compiled_model_is_split_or_one_line():
    torch._dynamo.reset()
    compiled = torch.compile(LAYERS, backend="aot_eager")
    for texts in (BATCH, 1):
        said = ""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = attnpool.attribute(lambda x: compiled(x.mean(1)), embeddings()[:texts])
        except CannotSplitError as error:
            said = str(error)
        assert "\n" not in said
        assert "torch.compile" in said if said else miss(found) < 1e-5


def test_what_runs_without_gradients_alone_is_one_line():
    flex = pytest.importorskip("torch.nn.attention.flex_attention").flex_attention
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = refused(lambda x: flex(*(x[:, None],) * 3)[:, 0].mean(1) @ HEAD)
    assert "does not run where gradients are kept (" in said
    assert "flex_attention" in said


class MineError(Exception):
    pass


def test_an_error_of_forward_itself_is_its_own():
    cause = KeyError("why")

    def forward(x):
        raise MineError from cause

    with pytest.raises(MineError) as caught:
        attnpool.attribute(forward, embeddings())
    assert caught.value.__cause__ is cause


RETURNED = {
    "None": (lambda x: None, "not None; end it with return"),
    "an array": (lambda x: x.detach().numpy(), r"not 'ndarray'; .* without \.numpy\(\)"),
    "a list": (lambda x: x.tolist(), "not 'list'; return what torch computed"),
    "integers": (lambda x: (x.mean(1) @ HEAD).long(), "real numbers, not torch.int64"),
    "booleans": (lambda x: x.mean(1) @ HEAD > 0, "real numbers, not torch.bool"),
}


@pytest.mark.parametrize("name", RETURNED)
def test_what_is_returned_is_named(name):
    forward, said = RETURNED[name]
    with pytest.raises(InputError, match=f"^attribute: .*{said}"):
        attnpool.attribute(forward, embeddings())


def test_code_of_transformers_is_not_the_users_to_change():
    tf = pytest.importorskip("transformers")
    shape = {
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "vocab_size": 20,
        "intermediate_size": 24,
        "num_key_value_heads": 1,
        "num_local_experts": 4,
    }
    model = strong(tf.PhimoeForCausalLM(tf.PhimoeConfig(**shape))).eval()
    said = refused(lambda x: model(inputs_embeds=x, use_cache=False).logits[:, -1], drawn(2, 4, 16))
    assert "'max' of the embeddings under torch.no_grad() in models.phimoe" in said
    assert "remove" not in said


class Placed(nn.Module):
    def __init__(self):
        super().__init__()
        self.at, self.other = nn.Embedding(9, DIM), nn.Embedding(9, DIM)
        self.kinds = nn.Parameter(drawn(1, 1, DIM, seed=3))

    def forward(self, x):
        return (x + self.at(torch.arange(x.shape[1])) + self.kinds).mean(1) @ HEAD


def test_what_the_model_left_alone_is_no_base():
    model = Placed()
    found, _ = split(model, base=[model.at, model.kinds])
    assert (found.base != 0).all()
    with pytest.raises(InputError, match=r"base\[1\] is 'Embedding', which forward does not call"):
        attnpool.attribute(model, embeddings(), base=[model.at, model.other])
    stray = torch.ones(DIM)
    with pytest.raises(InputError, match=r"base\[0\] is 'Tensor', which forward does not read"):
        attnpool.attribute(model, embeddings(), base=[stray])
