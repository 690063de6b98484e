"""One function a rule: the parts of its result add up, and its values are those of torch."""

import numpy as np
import pytest
import torch
from benchmarks.encoders.tiny import strong
from torch import nn
from torch.nn import functional as F  # noqa: N812

from .sums import DIM, HEAD, STEPS, drawn, embeddings, split

W, ROWS, VECTOR = drawn(DIM, DIM, seed=2), drawn(STEPS, DIM, seed=3), drawn(DIM, seed=4)
MODULES = {
    "conv": nn.Conv1d(DIM, DIM, 3, padding=1),
    "conv, groups": nn.Conv1d(DIM, DIM, 3, padding=1, groups=2),
    "conv, transposed": nn.ConvTranspose1d(DIM, DIM, 3),
    "batch norm": nn.BatchNorm1d(DIM),
    "group norm": nn.GroupNorm(2, DIM),
    "instance norm": nn.InstanceNorm1d(DIM, affine=True),
    "instance norm, running": nn.InstanceNorm1d(DIM, affine=True, track_running_stats=True),
}
LAST = {
    "linear": nn.Linear(DIM, DIM),
    "layer norm": nn.LayerNorm(DIM),
    "layer norm, no weights": nn.LayerNorm(DIM, elementwise_affine=False),
    "layer norm, two axes": nn.LayerNorm((STEPS, DIM)),
    "rms norm": nn.RMSNorm(DIM),
    "prelu": nn.PReLU(),
    **{
        f"{kind.__name__} in place": kind(*options, inplace=True)
        for kind, options in (
            (nn.ReLU, ()),
            (nn.SiLU, ()),
            (nn.ELU, (1.0,)),
            (nn.LeakyReLU, (0.1,)),
            (nn.Hardtanh, (-1, 1)),
            (nn.Mish, ()),
        )
    },
}
for seed, module in enumerate((*MODULES.values(), *LAST.values())):
    strong(module, seed)
    if getattr(module, "running_mean", None) is not None:
        module.running_mean.copy_(drawn(DIM, seed=seed))
        module.running_var.copy_(drawn(DIM, seed=seed).square() + 0.5)

ACTIVATIONS = (
    *("relu", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus"),
    *("hardswish", "hardtanh", "relu6", "tanh", "softsign", "logsigmoid", "tanhshrink"),
    *("softshrink", "hardshrink", "rrelu"),
)


def changed(x):
    """Every operator that changes a tensor in place."""
    x = x * 1
    x += ROWS
    x *= VECTOR
    x -= 1
    x /= 3
    x **= 2
    x *= torch.sigmoid(x)
    x *= x.clone()
    return x.masked_fill_(x > 2, 0.5).add_(ROWS, alpha=2).tanh_().mul_(2)


def put_into(x):
    whole = torch.ones(len(x), STEPS, DIM)
    whole[:, 1:3] = x[:, 1:3]
    whole[:, 4] = 2.0
    whole[:, 0] += x[:, 0]
    whole[0, :2, 3:] = VECTOR[3:]
    return whole


def copied(x):
    whole = torch.full((len(x), 2 * STEPS, DIM), 0.5)
    whole[:, ::2].copy_(x)
    whole[:, 1].copy_(VECTOR)
    return whole


def written_out(x):
    """Normalisation by hand, as T5 and Llama have it."""
    x = W[0] * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))
    centred = x - x.mean(-1, keepdim=True)
    return VECTOR * centred / (centred.var(-1, keepdim=True, unbiased=False) + 1e-5).sqrt() + W[1]


def attention(x, **options):
    q, k, v = ((x @ one).unflatten(2, (2, -1)).transpose(1, 2) for one in (W, W.T, W * 2))
    y = F.scaled_dot_product_attention(q, k, v, **options)
    return y.transpose(1, 2).flatten(2)


def routed(x):
    """A mixture of experts: the largest weights choose."""
    weights, chosen = torch.softmax(x @ W, -1).topk(2)
    weights = weights / weights.sum(-1, keepdim=True)
    experts = torch.stack([x @ W, x * VECTOR, x + 1, *[x * 2] * (DIM - 3)], 2)
    picked = experts.gather(2, chosen.unsqueeze(3).expand(-1, -1, -1, DIM))
    return (picked * weights.unsqueeze(3)).sum(2)


TOKENWISE = {
    **{name: getattr(F, name) for name in ACTIVATIONS},
    **LAST,
    "gelu, tanh": lambda x: F.gelu(x, approximate="tanh"),
    "glu": lambda x: F.glu(torch.cat([x, x @ W], -1), -1),
    "in place": changed,
    "put into": put_into,
    "written out": written_out,
    "matmul by a constant": lambda x: x @ W,
    "constant by a value": lambda x: drawn(STEPS, STEPS, seed=5) @ x,
    "matmul by name": lambda x: torch.matmul(input=x, other=W),
    "weights": lambda x: torch.softmax(x @ x.transpose(1, 2), -1) @ x,
    "weights on the right": lambda x: (
        x.transpose(1, 2) @ torch.softmax(x @ x.transpose(1, 2), -1)
    ).transpose(1, 2),
    "two values": lambda x: (x @ x.transpose(1, 2)) @ ROWS,
    "three values": lambda x: torch.einsum("bld,bmd,bmf->blf", x, x, x @ W),
    "einsum, list": lambda x: torch.einsum("bld,de->ble", [x, W]),
    "gate": lambda x: (x @ W) * torch.sigmoid(x),
    "gate, one less": lambda x: (1 - torch.sigmoid(x)) * x + torch.sigmoid(x) * (x @ W),
    "gated product": lambda x: F.silu(x) * (x @ W),
    "gelu by hand": lambda x: 0.5 * x * (1 + torch.tanh(0.8 * (x + 0.044 * x**3))),
    "gelu by erf": lambda x: x * 0.5 * (1.0 + torch.erf(x / 2**0.5)),
    "addmm": lambda x: torch.addmm(VECTOR, x.reshape(-1, DIM), W).reshape(x.shape),
    "addmm by name": lambda x: torch.addmm(
        input=VECTOR, mat1=x.reshape(-1, DIM), mat2=W, beta=0.5, alpha=2
    ).reshape(x.shape),
    "baddbmm": lambda x: torch.baddbmm(
        ROWS.expand(len(x), -1, -1), x, W.expand(len(x), -1, -1), beta=0.5, alpha=2
    ),
    "addcmul": lambda x: torch.addcmul(ROWS, x, W[0], value=0.5),
    "addcdiv": lambda x: torch.addcdiv(ROWS, x, 1 + x.abs()),
    "powers": lambda x: x**3 + x.square() + x.abs() ** 0.5 + torch.pow(x, 2),
    "division": lambda x: x / (1 + x.abs()) + x * (1 / (1 + x.abs())) + x / 3,
    "constant less": lambda x: 1 - x + torch.rsub(x, ROWS) + torch.sub(ROWS, x, alpha=2),
    "add by name": lambda x: torch.add(input=x, other=ROWS, alpha=2),
    "add to a constant": lambda x: ROWS + x + torch.add(ROWS, x, alpha=3),
    "where": lambda x: torch.where(x > 0, x, ROWS) + torch.where(x > 1, 0.5, x),
    "masked": lambda x: x.masked_fill(x < 0, 3.0),
    "clamp": lambda x: x.clamp(-0.5, 0.5) + x.clamp(min=0.3) + x.clamp_max(-0.2),
    "larger": lambda x: torch.maximum(x, ROWS) + torch.maximum(x, x @ W) + torch.minimum(x, ROWS),
    "larger, ties": lambda x: torch.maximum(x.round(), ROWS.round()) * 0 + x,
    "lerp": lambda x: torch.lerp(x, ROWS, 0.3),
    "cumsum": lambda x: x.cumsum(1).flip(1).roll(1, 2),
    "unit": lambda x: F.normalize(x, dim=-1),
    "attention": attention,
    "attention, causal": lambda x: attention(x, is_causal=True),
    "attention, mask": lambda x: attention(x, attn_mask=drawn(STEPS, STEPS, seed=6)),
    "experts": routed,
    "log": lambda x: torch.log1p(x.abs()) + torch.expm1(x) + torch.sin(x) + torch.cos(x),
    "fourier": lambda x: torch.fft.fft2(x).real,
    "scattered": lambda x: (
        torch.zeros_like(x)
        .index_add(1, torch.arange(STEPS).flip(0), x)
        .scatter(1, torch.zeros(len(x), 1, DIM, dtype=torch.long), 0.7)
    ),
    "rows of tokens": lambda x: (
        (x.reshape(-1, DIM) + 0.5) @ W + torch.arange(3.0).repeat_interleave(STEPS).unsqueeze(1)
    ).reshape(x.shape),
    "time-major": lambda x: ((x.transpose(0, 1) + VECTOR) * 2 + 1).transpose(0, 1),
}
"""Token vectors to token vectors."""

POOLED = {
    **{
        name: lambda x, module=module: module(x.transpose(1, 2)).mean(2)
        for name, module in MODULES.items()
    },
    "copied": lambda x: copied(x).mean(1),
    "joined": lambda x: torch.cat([torch.ones(len(x), 2, DIM), x], 1).mean(1),
    "joined by name": lambda x: torch.cat(tensors=[ROWS.expand(len(x), -1, -1), x], dim=1).sum(1),
    "stacked": lambda x: torch.stack([x, torch.full_like(x, 2)]).mean((0, 2)),
    "padded": lambda x: F.pad(x, (0, 0, 1, 2), value=0.5).mean(1),
    "maximum": lambda x: x.amax(1) + x.max(1).values + x.median(1).values,
    "maximum of some": lambda x: x.masked_fill(
        torch.arange(STEPS).unsqueeze(1) > 2, -torch.inf
    ).amax(1),
    "max pooling": lambda x: F.max_pool1d(x.transpose(1, 2), 2).mean(2),
    "spread": lambda x: x.std(1) + x.norm(dim=1),
    "scores": lambda x: (x * torch.softmax(x @ VECTOR, 1).unsqueeze(2)).sum(1),
}
"""Token vectors to one vector per text."""


@pytest.mark.parametrize("name", TOKENWISE)
def test_of_tokens(name):
    # The mean of tokens alone would not notice where a constant went.
    found, plain = split(lambda x: F.gelu(TOKENWISE[name](x) + ROWS).mean(1) @ HEAD)
    np.testing.assert_array_equal(found.outputs, plain)


@pytest.mark.parametrize("name", POOLED)
def test_of_texts(name):
    found, plain = split(lambda x: F.gelu(POOLED[name](x) + VECTOR) @ HEAD)
    np.testing.assert_array_equal(found.outputs, plain)


def test_log_probabilities_have_the_margins_of_logits():
    found, plain = split(lambda x: F.log_softmax(x.mean(1) @ HEAD, 1))
    logits, _ = split(lambda x: x.mean(1) @ HEAD)
    np.testing.assert_array_equal(found.outputs, plain)
    np.testing.assert_allclose(found.values, logits.values, atol=1e-6)


@pytest.mark.parametrize("approximate", ["tanh", "none"])
def test_a_gelu_that_is_written_out_has_one_slope(approximate):
    """The "1 +" in its gate gives no share to the constants that its input holds."""

    def by_hand(x):
        if approximate == "none":
            return x * 0.5 * (1.0 + torch.erf(x / 2**0.5))
        return 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))

    found, _ = split(lambda x: by_hand(x + ROWS).mean(1) @ HEAD)
    fused, _ = split(lambda x: F.gelu(x + ROWS, approximate=approximate).mean(1) @ HEAD)
    np.testing.assert_allclose(found.values, fused.values, atol=1e-6)
    np.testing.assert_allclose(found.bias, fused.bias, atol=1e-6)


def test_a_product_is_split_equally():
    x = embeddings()
    found, _ = split(lambda x: (x[:, :1] * x[:, 1:2]).sum(2))
    np.testing.assert_allclose(found.values[:, 0], found.values[:, 1], rtol=1e-5)
    np.testing.assert_allclose(found.values[:, 0], (x[:, 0] * x[:, 1]).sum(1) / 2, rtol=1e-5)


def test_weights_take_no_part():
    found, _ = split(lambda x: (torch.sigmoid(x[:, :1]) * x[:, 1:]).mean(1) @ HEAD)
    assert (found.values[:, 0] == 0).all()
    assert (found.values[:, 1:] != 0).all()


@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_the_encoder_of_torch(batch_first, norm_first, activation):
    layer = nn.TransformerEncoderLayer(
        DIM, 2, 16, activation=activation, batch_first=batch_first, norm_first=norm_first
    )
    encoder = strong(nn.TransformerEncoder(layer, 2, enable_nested_tensor=False))
    padding = torch.arange(STEPS) >= torch.tensor([[5], [3], [1]])

    def forward(x):
        given = x if batch_first else x.transpose(0, 1)
        states = encoder(given, src_key_padding_mask=padding)
        states = states if batch_first else states.transpose(0, 1)
        return states.masked_fill(padding.unsqueeze(2), 0).sum(1) @ HEAD

    before = [p.requires_grad_(False) for p in encoder.parameters()]
    found, plain = split(forward)
    # With gradients of parameters torch takes other kernels, which round otherwise.
    np.testing.assert_array_equal(found.outputs, plain)
    for parameter in before:
        parameter.requires_grad_()
    again, _ = split(forward)
    np.testing.assert_array_equal(again.values, found.values)
    assert (found.values[padding.numpy()] == 0).all()
    assert (found.values[~padding.numpy()] != 0).all()
    assert all(p.grad is None and p.requires_grad for p in encoder.parameters())


@pytest.mark.parametrize("options", [{}, {"add_bias_kv": True, "add_zero_attn": True}])
@pytest.mark.parametrize("need_weights", [True, False])
def test_multi_head_attention_of_torch(options, need_weights):
    layer = strong(nn.MultiheadAttention(DIM, 2, batch_first=True, **options))
    layer.requires_grad_(False)
    found, plain = split(lambda x: layer(x, x, x, need_weights=need_weights)[0].mean(1) @ HEAD)
    np.testing.assert_array_equal(found.outputs, plain)
