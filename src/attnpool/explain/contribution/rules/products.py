"""Products: weights are constants, values share equally."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from attnpool.explain.contribution.rules.gradients import scaled
from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.roles import Role, depends, mark, replaced, role, tensors


def product(_: Mode, func: Any, /, *args: Any, **kwargs: Any) -> Any:
    """A function linear in each of its tensors that depend on leaves: equal parts for each."""
    terms = [one for one in (*tensors(args), *tensors(kwargs.values())) if depends(one)]
    values = [one for one in terms if role(one) is not Role.GATE]
    if not values:  # weights alone: a weight
        return func(*args, **kwargs)
    share = partial(_share, part=1 / len(values))
    return func(*replaced(args, share), **replaced(kwargs, share))


def _share(one: Tensor, part: float) -> Tensor:
    if not depends(one):
        return one
    if role(one) is Role.GATE:
        return one.detach()
    return one if part == 1 else scaled(one, part)


def _mul(mode: Mode, func: Any, /, u: Any, other: Any, **kwargs: Any) -> Any:
    """`u * v`; 1 + tanh or 1 + erf beside a value is the gate of an activation."""
    halves = [role(one) is Role.HALF if depends(one) else False for one in (u, other)]
    if depends(u) and depends(other):
        if halves == [True, False] and role(other) is not Role.GATE:
            u = u.detach()
        elif halves == [False, True] and role(u) is not Role.GATE:
            other = other.detach()
        return product(mode, func, u, other, **kwargs)
    y = func(u, other, **kwargs)
    return mark(y, Role.HALF) if any(halves) else y


def _div(_: Mode, func: Any, u: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """`u / v`: what divides is constant, and a weight where it divides a constant."""
    options = {} if rounding_mode is None else {"rounding_mode": rounding_mode}
    if not depends(other) or rounding_mode is not None:
        return func(u, other, **options)
    if depends(u) and role(u) is not Role.GATE:
        return func(u, other.detach())
    with torch.no_grad():
        weight = func(u, other)
    return mark(weight.requires_grad_(), Role.GATE)


def _square(mode: Mode, _: Any, z: Tensor) -> Any:
    return product(mode, torch.mul, z, z)


def _matrix_product(mode: Mode, func: Any, /, left: Tensor, *right: Any, **named: Any) -> Any:
    """`A @ B`; where the rows of A are averages of those of B, they are weights."""
    vectors = right[0] if right else next(iter(named.values()))
    values = [depends(one) and role(one) is not Role.GATE for one in (left, vectors)]
    if all(values) and _averages(left.detach()):
        left = left.detach()
    return product(mode, func, left, *right, **named)


def _averages(rows: Tensor) -> bool:
    """Whether the rows are non-negative and sum to 1, or are all 0."""
    if rows.ndim < 2 or not bool((rows >= 0).all()):
        return False
    sums = rows.sum(-1)
    near = 1e3 * torch.finfo(rows.dtype).eps
    return bool(((sums == 0) | ((sums - 1).abs() < near)).all())


def _bilinear(mode: Mode, func: Any, u: Any, v: Any, weight: Any, bias: Any = None) -> Any:
    y = product(mode, func, u, v, weight, bias)
    if bias is not None:
        mode.constant(y, bias)
    return y


RULES: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("mul", "__mul__", "__rmul__", "multiply"), _mul),
    **dict.fromkeys(("div", "divide", "true_divide", "__truediv__", "__div__"), _div),
    "square": _square,
    **dict.fromkeys(("bmm", "matmul", "__matmul__", "mm", "mv"), _matrix_product),
    **dict.fromkeys(("dot", "inner", "outer", "ger", "einsum", "tensordot", "kron"), product),
    **dict.fromkeys(("vdot", "vecdot", "linalg_vecdot", "linalg_multi_dot", "cross"), product),
    **dict.fromkeys(("chain_matmul", "multi_dot", "linalg_matmul", "linalg_cross"), product),
    "bilinear": _bilinear,
}
"""By the names of the functions."""
