"""Activations: the slope of the chord from their value at 0, a constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from attnpool.explain.contribution.rules.gradients import chord
from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.roles import Role, depends, mark


def _activation(_: Mode, func: Any, /, z: Tensor, *args: Any, **kwargs: Any) -> Any:
    return _chord(func, z, args, kwargs)


def _with_offset(mode: Mode, func: Any, /, z: Tensor, *args: Any, **kwargs: Any) -> Any:
    at_zero = func(z.detach().new_zeros(1), *args, **kwargs)
    y = _chord(func, z, args, kwargs, at_zero)
    mode.constant(y, at_zero)
    return y


def _bounded(_: Mode, func: Any, z: Tensor) -> Any:
    return mark(_chord(func, z, (), {}), Role.BOUNDED)


def _chord(
    func: Any,
    z: Tensor,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    at_zero: Tensor | None = None,
) -> Tensor:
    if kwargs.get("inplace") or any(one is True for one in args):
        named = {**kwargs, "inplace": False} if "inplace" in kwargs else kwargs
        return z.copy_(_chord(func, z.clone(), _out_of_place(args), named, at_zero))
    return chord(z, lambda z: func(z, *args, **kwargs), at_zero)


def _out_of_place(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(False if one is True else one for one in args)


def _clamp(mode: Mode, func: Any, /, z: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Bounds beyond 0 are constants; others are a slope, as of any activation."""
    limits = [one for one in (*args, *kwargs.values()) if one is not None]
    at_zero = func(z.detach().new_zeros(1), *args, **kwargs) if _are_numbers(limits) else None
    if at_zero is not None and not at_zero.any():
        return chord(z, lambda z: func(z, *args, **kwargs), None)
    y = func(z, *args, **kwargs)
    if depends(y):
        beyond = y.detach() != z.detach()
        mode.constant(y, y.detach() * beyond)
    return y


def _are_numbers(limits: list[Any]) -> bool:
    return all(isinstance(one, int | float) for one in limits)


def _power(_: Mode, func: Any, z: Any, exponent: Any) -> Any:
    if isinstance(exponent, int | float) and exponent > 0:
        return chord(z, lambda z: func(z, exponent), None)
    return func(z, exponent)


RULES: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("gelu", "sqrt", "silu", "elu", "selu", "celu", "mish"), _activation),
    **dict.fromkeys(("hardswish", "hardtanh", "relu6", "softsign", "tanhshrink"), _activation),
    **dict.fromkeys(("softshrink", "hardshrink", "sin", "atan", "arctan", "sinh"), _activation),
    **dict.fromkeys(("asinh", "log1p", "expm1"), _activation),
    **dict.fromkeys(("softplus", "logsigmoid", "log_sigmoid", "cos", "cosh"), _with_offset),
    **dict.fromkeys(("tanh", "erf"), _bounded),
    **dict.fromkeys(("clamp", "clip", "clamp_min", "clamp_max"), _clamp),
}
"""By the names of the functions."""

POWERS = _power
"""The rule of `z ** exponent` for a value z and a positive number."""
