"""The contract of `attribute`: what it takes, what it gives, and what it leaves alone."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from benchmarks.encoders.tiny import strong
from torch import nn
from torch.nn import functional as F  # noqa: N812

import attnpool
from attnpool import InputError

from .sums import BATCH, DIM, HEAD, STEPS, drawn, embeddings, margins_of, miss, split


class Encoder(nn.Module):
    """Positions, a layer and a head."""

    def __init__(self):
        super().__init__()
        self.position_embeddings = nn.Embedding(STEPS, DIM)
        self.places = nn.Parameter(torch.zeros(1, 9, DIM))
        self.norm, self.wide, self.head = nn.LayerNorm(DIM), nn.Linear(DIM, 12), nn.Linear(12, 3)
        strong(self)

    def forward(self, x):
        at = self.position_embeddings(torch.arange(x.shape[1])).unsqueeze(0)
        x = self.norm(x + at.expand_as(x) + self.places[:, : x.shape[1]])
        return self.head(F.gelu(self.wide(x)).mean(1))


def test_the_largest_output_is_split_by_default():
    found, plain = split(Encoder())
    assert found.targets.tolist() == plain.argmax(1).tolist()
    assert found.values.shape == (BATCH, STEPS)
    assert found.base.shape == found.bias.shape == (BATCH,)
    assert all(isinstance(one, np.ndarray) for one in found)
    assert found._fields == ("values", "base", "bias", "outputs", "targets")


@pytest.mark.parametrize(
    "target",
    [1, np.int64(1), [0, 2, 1], np.array([0, 2, 1]), torch.tensor([0, 2, 1]), torch.tensor(2)],
    ids=str,
)
def test_a_target_can_be_chosen(target):
    found, _ = split(Encoder(), target=target)
    chosen = target.numpy() if isinstance(target, torch.Tensor) else np.asarray(target)
    assert found.targets.tolist() == np.broadcast_to(chosen, BATCH).tolist()


def test_parts_of_all_targets_cancel():
    """The margins of all outputs sum to 0, so the parts of each token do."""
    model = Encoder()
    found = [attnpool.attribute(model, embeddings(), target) for target in range(3)]
    for parts in ("values", "base", "bias"):
        assert np.abs(sum(getattr(one, parts) for one in found)).max() < 1e-5


def test_one_output_is_split_itself():
    found, plain = split(lambda x: (x @ HEAD).mean(1)[:, :1] + 3)
    np.testing.assert_allclose(found.values.sum(1) + 3, plain[:, 0], rtol=1e-5)
    np.testing.assert_allclose(found.bias, 3, rtol=1e-6)


def test_by_hand():
    x = embeddings()
    found, _ = split(lambda x: x.mean(1) @ HEAD + drawn(3, seed=5), target=1)
    head = HEAD[:, 1] - HEAD.mean(1)
    np.testing.assert_allclose(found.values, x @ head / STEPS, atol=1e-6)
    offset = drawn(3, seed=5)
    np.testing.assert_allclose(found.bias, (offset[1] - offset.mean()).expand(BATCH), atol=1e-6)
    assert (found.base == 0).all()


def test_positions_are_base():
    model = Encoder()
    found, _ = split(model)
    given, _ = split(model, base=[model.position_embeddings])
    both, _ = split(model, base=[model.places])
    np.testing.assert_array_equal(found.base, given.base)
    assert (np.abs(found.base) > 1e-3).all()
    assert (np.abs(found.base - both.base) > 1e-3).all()
    for one in (given, both):  # the rest is as it was
        np.testing.assert_allclose(one.values, found.values, atol=1e-6)
        np.testing.assert_allclose(one.base + one.bias, found.base + found.bias, atol=1e-5)
    with torch.no_grad():
        model.position_embeddings.weight.zero_()
        model.places.zero_()
    none, _ = split(model, base=[model.places])
    assert (none.base == 0).all()


def test_positions_are_found_whatever_becomes_of_them():
    at = strong(nn.Embedding(STEPS, DIM))
    kinds = torch.nn.Parameter(drawn(1, 1, DIM, seed=8))

    def forward(x):
        places = at(torch.arange(STEPS))
        places = torch.stack([places, places])[0] * 2 + (kinds[0] - 1)
        return (
            F.gelu(torch.cat([places[None, :1].expand(BATCH, -1, -1), x + places], 1)).mean(1)
            @ HEAD
        )

    found, _ = split(forward, base=[at, kinds])
    alone, _ = split(forward, base=[kinds])
    rest, _ = split(forward, base=[at])
    np.testing.assert_allclose(found.base, alone.base + rest.base, atol=1e-5)
    assert (np.abs(found.bias) > 1e-3).all()


def test_special_tokens_are_base():
    special = torch.zeros(BATCH, STEPS, dtype=torch.bool)
    special[:, 0] = True
    special[1, 3] = True
    plain, _ = split(Encoder())
    for given in (special, special.numpy(), special.tolist()):
        found, _ = split(Encoder(), special=given)
        assert (found.values[special.numpy()] == 0).all()
        moved = np.where(special, plain.values, 0).sum(1)
        np.testing.assert_allclose(found.base, plain.base + moved, atol=1e-6)


def test_a_cosine_of_two_texts_is_split_over_both():
    one, other = (strong(nn.Linear(DIM, DIM), seed) for seed in (1, 2))

    def cosine(x):
        left, right = one(x[:, :2]).mean(1), other(x[:, 2:]).mean(1)
        return F.cosine_similarity(left, right).unsqueeze(1)

    found = attnpool.attribute(cosine, embeddings())
    assert miss(found) < 1e-5
    assert (found.values != 0).all()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_computed_in_float32(dtype):
    exact = Encoder()
    with torch.no_grad():
        for parameter in exact.parameters():
            parameter.copy_(parameter.to(dtype))
    half = Encoder()
    half.load_state_dict(exact.state_dict())
    half.to(dtype)
    x = embeddings().to(dtype)
    expected = attnpool.attribute(exact, x.float())
    for forward in (half, lambda x: half(x.to(dtype)).to(dtype)):
        for given in (x, x.float()):
            found = attnpool.attribute(forward, given, base=[half.position_embeddings])
            assert found.values.dtype == found.outputs.dtype == np.float32
            np.testing.assert_allclose(found.outputs, expected.outputs, atol=1e-5)
            np.testing.assert_allclose(found.values, expected.values, atol=1e-5)
            np.testing.assert_allclose(found.base, expected.base, atol=1e-5)
    assert {p.dtype for p in half.parameters()} == {dtype}


def test_float64_stays_float64():
    found, _ = split(Encoder().double(), embeddings(torch.float64))
    assert found.values.dtype == np.float64
    assert miss(found) < 1e-14


def test_the_model_is_left_as_it_was():
    model = Encoder()
    model.norm.weight.requires_grad_(False)
    before = {name: one.clone() for name, one in model.state_dict().items()}
    wanted = [p.requires_grad for p in model.parameters()]
    hooks = nn.modules.module._global_forward_hooks, nn.modules.module._global_forward_pre_hooks
    sizes = [len(one) for one in hooks]
    x = embeddings().requires_grad_()
    for _ in range(2):
        attnpool.attribute(model, x)
    with pytest.raises(InputError):
        attnpool.attribute(lambda x: model(x).prod(1, keepdim=True), x)
    with pytest.raises(ZeroDivisionError):
        attnpool.attribute(lambda x: model(x) / (1 // 0), x)
    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())
    assert [p.requires_grad for p in model.parameters()] == wanted
    assert x.grad is None
    assert all(p.grad is None for p in model.parameters())
    assert [len(one) for one in hooks] == sizes
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())
    assert not model.training


def test_it_works_where_gradients_are_off():
    model, x = Encoder(), embeddings()
    expected = attnpool.attribute(model, x)
    for context in (torch.no_grad, torch.inference_mode):
        with context():
            found = attnpool.attribute(model, embeddings())
        np.testing.assert_array_equal(found.values, expected.values)


def test_a_text_is_split_the_same_in_any_batch():
    model, x = Encoder(), embeddings()
    together = attnpool.attribute(model, x)
    for text in range(BATCH):
        alone = attnpool.attribute(model, x[text : text + 1])
        np.testing.assert_allclose(alone.values[0], together.values[text], atol=1e-5)
        np.testing.assert_allclose(alone.base[0], together.base[text], atol=1e-5)
        np.testing.assert_allclose(alone.bias[0], together.bias[text], atol=1e-5)


def test_a_layout_that_rows_do_not_show_is_split_text_by_text():
    """Time-major, with as many steps as texts: constants seem to belong to other texts."""
    place = drawn(BATCH, 1, DIM, seed=7)

    def forward(x):
        x = x[:, :BATCH].transpose(0, 1)
        return (F.gelu(x + place) * drawn(BATCH, BATCH, 1, seed=9)).mean(0) @ HEAD

    found, _ = split(forward)
    values = embeddings()[:, :BATCH].transpose(0, 1) + place
    slopes = F.gelu(values) / values * drawn(BATCH, BATCH, 1, seed=9) / BATCH
    heads = (HEAD - HEAD.mean(1, keepdim=True))[:, found.targets].T
    np.testing.assert_allclose(found.bias, (slopes * place * heads).sum((0, 2)), atol=1e-5)


def test_rounding_is_told_from_a_missing_rule():
    """What cancels is 1e7 times what remains: float32 cannot tell, float64 can."""

    def forward(x):
        large = (x @ drawn(DIM, DIM, seed=2)).mean(1) * 3e6 + 1e6
        return (F.gelu(large) - (large.abs() / 2 + large / 2) + x.mean(1)) @ HEAD

    found = attnpool.attribute(forward, embeddings())
    margins, scale = margins_of(found)
    sums = found.values.sum(1, dtype=float) + found.base + found.bias
    assert np.abs(sums - margins).max() < 1e-5 * scale + 1e-6 * np.abs(found.values).sum()


def test_it_needs_no_transformers():
    code = (
        "import sys; sys.modules['transformers'] = None\n"
        "import torch, attnpool; x = torch.ones(2, 3, 4)\n"
        "print(attnpool.attribute(lambda x: torch.nn.functional.gelu(x).mean(1), x).values.shape)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "(2, 3)\n"
