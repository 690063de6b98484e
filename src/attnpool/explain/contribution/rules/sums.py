"""Sums, and what puts values and constants side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from attnpool.errors import InputError
from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.roles import (
    Number,
    Role,
    base_part,
    depends,
    mark,
    mark_base,
    replaced,
    role,
    tensors,
)


def _add(mode: Mode, func: Any, u: Any, other: Any, *, alpha: Number = 1) -> Any:
    y = func(u, other) if alpha == 1 else func(u, other, alpha=alpha)
    if not depends(other):
        mode.constant(y, other, alpha)
    elif not depends(u):
        mode.constant(y, u)
    live, constant = (u, other) if depends(u) else (other, u)
    if role(live) is Role.BOUNDED and _is_one(constant):
        mark(y, Role.HALF)
    return y


def _is_one(constant: Any) -> bool:
    if isinstance(constant, Tensor):
        return constant.numel() == 1 and not depends(constant) and bool(constant == 1)
    return isinstance(constant, int | float) and constant == 1


def _sub(mode: Mode, func: Any, u: Any, other: Any, *, alpha: Number = 1) -> Any:
    y = func(u, other) if alpha == 1 else func(u, other, alpha=alpha)
    if not depends(other):
        mode.constant(y, other, -alpha)
    elif not depends(u):
        mode.constant(y, u)
    return y


def _rsub(mode: Mode, func: Any, u: Any, other: Any, *, alpha: Number = 1) -> Any:
    y = func(u, other, alpha=alpha)
    if not depends(other):
        mode.constant(y, other)
    elif not depends(u):
        mode.constant(y, u, -alpha)
    return y


def _joined(mode: Mode, func: Any, /, *args: Any, **kwargs: Any) -> Any:
    """`cat` and its like: the constants among the parts keep their places."""
    y = func(*args, **kwargs)
    if not all(depends(one) for one in (*tensors(args), *tensors(kwargs.values()))):
        _note(mode, y, func, args, kwargs)
    return y


def filled(mode: Mode, func: Any, /, *args: Any, **kwargs: Any) -> Any:
    """A function affine in all values at once: its constant is what it gives where they are 0."""
    y = func(*args, **kwargs)
    _note(mode, y, func, args, kwargs)
    return y


def _note(mode: Mode, y: Any, func: Any, args: Any, kwargs: dict[str, Any]) -> None:
    if not depends(y):
        return

    constant = func(*replaced(args, _zero), **replaced(kwargs, _zero))
    if any(base_part(one) is not None for one in (*tensors(args), *tensors(kwargs.values()))):
        part = func(*replaced(args, _base_alone), **replaced(kwargs, _base_alone))
        mark_base(constant, part)
    mode.constant(y, constant)


def _zero(one: Tensor) -> Tensor:
    return torch.zeros_like(one.detach()) if depends(one) else one


def _base_alone(one: Tensor) -> Tensor:
    part = base_part(one)
    if part is not None:
        return part
    return torch.zeros_like(one.detach()) if one.is_floating_point() else one


def _masked_fill(mode: Mode, func: Any, x: Any, mask: Tensor, value: Any) -> Any:
    if isinstance(value, int | float) and value == 0:
        return func(x, mask, value)
    return filled(mode, func, x, mask, value)


def _where(mode: Mode, func: Any, /, condition: Any, *args: Any, **kwargs: Any) -> Any:
    if all(depends(one) for one in args) and not kwargs:
        return func(condition, *args)
    return filled(mode, func, condition, *args, **kwargs)


def _lerp(mode: Mode, func: Any, u: Tensor, end: Tensor, weight: Any) -> Any:
    """`u + weight * (end - u)` with a constant weight."""
    if depends(weight) and role(weight) is Role.GATE:
        weight = weight.detach()
    return func(u, end, weight) if depends(weight) else filled(mode, func, u, end, weight)


def _maximum(mode: Mode, func: Any, u: Tensor, other: Any) -> Any:
    """The larger or smaller one; a constant where it is chosen, half of it in a tie."""
    y = func(u, other)
    if depends(u) and depends(other):
        return y
    live, constant = (u, other) if depends(u) else (other, u)
    chosen = (y.detach() == constant).to(y.dtype) / (1 + (live.detach() == constant).to(y.dtype))
    mode.constant(y, y.detach() * chosen)
    return y


def _batch_norm(
    mode: Mode,
    func: Any,
    /,
    x: Tensor,
    mean: Any,
    variance: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    *rest: Any,
    **kwargs: Any,
) -> Any:
    if training or mean is None:
        raise InputError(
            "attribute: forward normalises over the batch, so that texts depend on each other; "
            "call .eval() on the model first"
        )
    statistics = (mean, variance, weight, bias, training, *rest)
    y = func(x, *statistics, **kwargs)
    zeros = x.detach().new_zeros((1, x.shape[1], *[1] * (x.ndim - 2)))
    mode.constant(y, func(zeros, *statistics, **kwargs))
    return y


RULES: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("add", "__add__", "__radd__"), _add),
    **dict.fromkeys(("sub", "__sub__", "subtract"), _sub),
    "rsub": _rsub,
    **dict.fromkeys(("cat", "concat", "concatenate", "stack", "hstack", "vstack"), _joined),
    **dict.fromkeys(("dstack", "column_stack", "row_stack", "block_diag"), _joined),
    "where": _where,
    "masked_fill": _masked_fill,
    **dict.fromkeys(("pad", "constant_pad_nd", "masked_scatter"), filled),
    **dict.fromkeys(("scatter", "scatter_add", "index_add", "index_copy"), filled),
    **dict.fromkeys(("index_fill", "index_put", "select_scatter", "slice_scatter"), filled),
    **dict.fromkeys(("diagonal_scatter", "nan_to_num"), filled),
    "lerp": _lerp,
    **dict.fromkeys(("maximum", "minimum"), _maximum),
    "batch_norm": _batch_norm,
}
"""By the names of the functions."""
