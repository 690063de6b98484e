"""Weights: functions whose values multiply others, and count as constants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from attnpool.errors import InputError
from attnpool.explain.contribution.roles import Role, depends, gate, role
from attnpool.explain.contribution.rules.activations import POWERS
from attnpool.explain.contribution.rules.gradients import standardised
from attnpool.explain.contribution.rules.mode import Mode


def _weight(_: Mode, func: Any, /, *args: Any, **kwargs: Any) -> Any:
    with torch.no_grad():
        return gate(func(*args, **kwargs))


def _pow(mode: Mode, func: Any, base: Any, exponent: Any) -> Any:
    if isinstance(exponent, Tensor) and exponent.numel() == 1 and not depends(exponent):
        exponent = exponent.item()
    positive = isinstance(exponent, int | float) and exponent > 0
    if positive and depends(base) and role(base) is not Role.GATE:
        return POWERS(mode, func, base, exponent)
    return _weight(mode, func, base, exponent)


def _log_softmax(mode: Mode, func: Any, /, x: Tensor, *args: Any, **kwargs: Any) -> Any:
    """`x` less one number per row, which every margin is free of."""
    y = standardised(x, lambda x: (func(x, *args, **kwargs), x.new_ones(())), None, _same, ())
    mode.constant(y, y.detach() - x.detach())
    return y


def _same(x: Tensor) -> Tensor:
    return x


def _dropout(_: Mode, func: Any, /, x: Any, *args: Any, **kwargs: Any) -> Any:
    p = args[0] if args else kwargs.get("p", 0.5)
    switched = args[1] if len(args) > 1 else kwargs.get("training", kwargs.get("train", True))
    if p and switched:
        raise InputError(
            "attribute: forward has dropout switched on, so that each call gives another output; "
            "call .eval() on the model first"
        )
    return func(x, *args, **kwargs)


RULES: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("softmax", "softmin", "sigmoid", "hardsigmoid", "exp", "exp2"), _weight),
    **dict.fromkeys(("expit", "rsqrt", "reciprocal", "special_softmax"), _weight),
    **dict.fromkeys(("pow", "__pow__", "float_power", "__rpow__"), _pow),
    **dict.fromkeys(("log_softmax",), _log_softmax),
    **dict.fromkeys(
        ("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout"), _dropout
    ),
    **dict.fromkeys(("dropout1d", "dropout2d", "dropout3d", "native_dropout"), _dropout),
}
"""By the names of the functions."""
