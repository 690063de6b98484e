"""Functions with the value of another function and the gradient of an affine one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


class _Chord(torch.autograd.Function):
    """`φ(z)` with the slope of its chord from (0, φ(0)): (φ(z) - φ(0)) / z."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, activation: Callable[[Tensor], Tensor], at_zero: Any) -> Any:
        y = activation(z)
        ctx.save_for_backward(z, y)
        ctx.at_zero = at_zero
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        z, y = ctx.saved_tensors
        rise = y if ctx.at_zero is None else y - ctx.at_zero
        return gradients[0] * torch.where(z == 0, 0, rise / z), None, None


class _Scaled(torch.autograd.Function):
    """The identity with a scaled gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: float) -> Tensor:
        ctx.scale = scale
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return gradients[0] * ctx.scale, None


class _Standardised(torch.autograd.Function):
    """`(x - mean) * scale * weight + bias` with scale and weight constant, as a given function."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        normalise: Callable[[Tensor], tuple[Tensor, Tensor]],
        weight: Tensor | None,
        view: Callable[[Tensor], Tensor],
        centre: tuple[int, ...],
    ) -> Tensor:
        y, scale = normalise(x)
        ctx.save_for_backward(*((scale,) if weight is None else (scale, weight)))
        ctx.view, ctx.centre = view, centre
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None, None]:
        scale, *weight = ctx.saved_tensors
        (g,) = gradients
        shape = g.shape
        g = ctx.view(g * weight[0] if weight else g) * scale
        if ctx.centre:
            g = g - g.mean(ctx.centre, keepdim=True)
        return g.reshape(shape), None, None, None, None


class _Linked(torch.autograd.Function):
    """A copy of a constant, as if it depended on a value; nothing flows back."""

    @staticmethod
    def forward(ctx: Any, constant: Tensor, to: Tensor) -> Tensor:  # noqa: ARG004
        return constant.detach().clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[None, None]:  # noqa: ARG004
        return None, None


# Typed names for torch's untyped ones.
chord: Callable[..., Tensor] = _Chord.apply
linked: Callable[..., Tensor] = _Linked.apply
scaled: Callable[..., Tensor] = _Scaled.apply
standardised: Callable[..., Tensor] = _Standardised.apply
