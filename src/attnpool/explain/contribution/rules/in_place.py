"""Functions that change a tensor in place, by the rules of those that return a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool.explain.contribution.rules.gradients import linked
from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.roles import (
    Role,
    base_part,
    depends,
    mark,
    mark_base,
    role,
    tensors,
)

_OPERATORS = {
    "__iadd__": "add",
    "__isub__": "sub",
    "__imul__": "mul",
    "__itruediv__": "div",
    "__idiv__": "div",
    "__ipow__": "pow",
}


def rules(out_of_place: dict[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The rules of functions in place by their names.

    Args:
        out_of_place: The rules of all other functions.
    """
    names = {f"{name}_": name for name in out_of_place if not name.startswith("__")}
    found = {name: _rule(plain) for name, plain in {**names, **_OPERATORS}.items()}
    return {**found, "__setitem__": _set_item, "copy_": _copy}


def _rule(name: str) -> Callable[..., Any]:
    homes = [home for home in (torch.Tensor, torch, F) if hasattr(home, name)]
    plain: Any = getattr(homes[0], name) if homes else None

    def in_place(mode: Mode, _: Any, /, target: Tensor, *args: Any, **kwargs: Any) -> Any:
        if not depends(target):
            _link_old(mode, target, next(one for one in tensors(args) if depends(one)))
        before = target.clone()
        own = role(target)
        if own is not None and depends(target):
            mark(before, own)
        y = mode.apply(name, plain, (before, *args), kwargs)
        result = target.copy_(y)
        return mark(result, role(y) or Role.VALUE) if depends(y) else result

    return in_place


def _set_item(mode: Mode, func: Any, target: Tensor, index: Any, value: Any) -> None:
    """`target[index] = value`: a constant that is put in, or that stays, has a part."""
    if not depends(target):
        _link_old(mode, target, value)
    elif not depends(value) and (not isinstance(value, Tensor) or value.is_floating_point()):
        constant = torch.as_tensor(value, dtype=target.dtype, device=target.device)
        value = _linked(mode, constant, target, base_part(value), target.detach()[index].shape)
    func(target, index, value)


def _copy(mode: Mode, func: Any, target: Tensor, source: Tensor, *args: Any) -> Any:
    if depends(source):
        if not depends(target):
            _link_old(mode, target, source)
        return func(target, source, *args)
    return func(target, _linked(mode, source, target, base_part(source), target.shape), *args)


def _link_old(mode: Mode, target: Tensor, value: Tensor) -> None:
    """What stays of a constant that a value is put into, also around a part of it."""
    whole = target if target._base is None else target._base
    if depends(whole) or not whole.is_floating_point():
        return
    if bool((whole != 0).any()):
        whole.copy_(_linked(mode, whole, value, base_part(whole)))
        _ = target.grad_fn  # asked for, torch sees that a part depends on what the whole does
    mark(whole, Role.VALUE)


def _linked(
    mode: Mode,
    constant: Tensor,
    to: Tensor,
    base: Tensor | None,
    shape: tuple[int, ...] | None = None,
) -> Tensor:
    """A copy of a constant whose gradient is asked for together with that of a value.

    Torch allows no hooks on tensors that are changed in place through views of others.
    """
    if shape is not None and constant.ndim <= len(shape):  # so that each text has its own
        base = base if base is None or base is constant else base.expand(shape)
        whole, constant = base is constant, constant.expand(shape)
        base = constant if whole else base
    copy = linked(constant, to)
    kept = constant.clone()  # what is copied from may be changed after it
    if base is not None:
        mark_base(kept, None if base is constant else base.clone())
    mode.constant(copy, kept)
    return copy
