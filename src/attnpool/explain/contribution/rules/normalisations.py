"""Normalisations: what is divided by is a constant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from attnpool.explain.contribution.rules.gradients import standardised
from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.products import product
from attnpool.explain.contribution.rules.roles import Number


def _layer_norm(
    mode: Mode,
    _: Any,
    /,
    x: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: Number = 1e-5,
    *__: Any,
) -> Any:
    normalise = partial(_layer_normalised, options=(normalized_shape, weight, bias, eps))
    axes = tuple(range(-len(normalized_shape), 0))
    y = standardised(x, normalise, weight, _same, axes)
    if bias is not None:
        mode.constant(y, bias)
    return y


def _layer_normalised(x: Tensor, options: Any) -> tuple[Tensor, Tensor]:
    y, _, scale = torch.native_layer_norm(x, *options)
    return y, scale


def _rms_norm(
    _: Mode,
    func: Any,
    /,
    x: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    eps: Number | None = None,
) -> Any:
    normalise = partial(_rms_normalised, func=func, options=(normalized_shape, weight, eps))
    return standardised(x, normalise, weight, _same, ())


def _rms_normalised(x: Tensor, func: Any, options: Any) -> tuple[Tensor, Tensor]:
    shape, _, eps = options
    small = torch.finfo(x.dtype).eps if eps is None else eps
    axes = tuple(range(-len(shape), 0))
    scale = (x.square().mean(axes, keepdim=True) + small).rsqrt()
    return func(x, *options), scale


def _group_norm(
    mode: Mode,
    _: Any,
    /,
    x: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: Number = 1e-5,
    *__: Any,
) -> Any:
    compute = partial(
        torch.nn.functional.group_norm, num_groups=num_groups, weight=weight, bias=bias, eps=eps
    )
    return _by_group(mode, compute, x, num_groups, weight, bias, eps)


_INSTANCE = ("running_mean", "running_var", "weight", "bias", "use_input_stats", "momentum", "eps")


def _instance_norm(mode: Mode, func: Any, /, x: Tensor, *args: Any, **kwargs: Any) -> Any:
    given = {**dict(zip(_INSTANCE, args, strict=False)), **kwargs}
    weight, bias, eps = given.get("weight"), given.get("bias"), given.get("eps", 1e-5)
    if not given.get("use_input_stats", True):
        y = func(x, *args, **kwargs)
        mode.constant(y, func(torch.zeros_like(x[:1]), *args, **kwargs))
        return y
    plain = partial(torch.nn.functional.instance_norm, weight=weight, bias=bias, eps=eps)
    return _by_group(mode, plain, x, x.shape[1], weight, bias, eps)


def _by_group(
    mode: Mode,
    compute: Callable[[Tensor], Tensor],
    x: Tensor,
    groups: int,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: Number,
) -> Tensor:
    by_channel = (-1, *[1] * (x.ndim - 2))
    factor = None if weight is None else weight.reshape(by_channel)
    view = partial(_groups, groups=groups)
    normalise = partial(_group_normalised, compute=compute, view=view, eps=eps)
    y = standardised(x, normalise, factor, view, (-1,))
    if bias is not None:
        mode.constant(y, bias.reshape(by_channel))
    return y


def _groups(x: Tensor, groups: int) -> Tensor:
    return x.reshape(x.shape[0], groups, -1)


def _group_normalised(
    x: Tensor, compute: Callable[[Tensor], Tensor], view: Callable[[Tensor], Tensor], eps: Number
) -> tuple[Tensor, Tensor]:
    return compute(x), (view(x).var(-1, correction=0, keepdim=True) + eps).rsqrt()


def _same(x: Tensor) -> Tensor:
    return x


def _unit(x: Tensor, dim: int, eps: Number) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(x.detach(), 2, dim, keepdim=True)
    return x / norms.clamp_min(eps)


def _cosine(mode: Mode, _: Any, x1: Tensor, x2: Tensor, dim: int = 1, eps: Number = 1e-8) -> Any:
    units = (_unit(x, dim, eps) for x in (x1, x2))
    return product(mode, torch.mul, *units).sum(dim)


RULES: dict[str, Callable[..., Any]] = {
    "layer_norm": _layer_norm,
    "rms_norm": _rms_norm,
    "group_norm": _group_norm,
    "instance_norm": _instance_norm,
    "cosine_similarity": _cosine,
}
"""By the names of the functions."""
