"""The bodies of torch's functions that are written in Python, so that rules see inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import unwrap
from types import FunctionType
from typing import Any

_CHECKS = ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic")


@cache
def opened(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """The body of a function of torch, run as if nothing overrode it; None if it has none.

    Torch hands such a function (`F.multi_head_attention_forward`) over whole; what it calls
    would stay unseen.
    """
    body = unwrap(function)
    if not isinstance(body, FunctionType) or not body.__module__.startswith("torch."):
        return None
    names = {**body.__globals__, **dict.fromkeys(_CHECKS, _not_overridden)}
    copy = FunctionType(body.__code__, names, body.__name__, body.__defaults__, body.__closure__)
    copy.__kwdefaults__ = body.__kwdefaults__
    return copy


def _not_overridden(*_: Any) -> bool:
    return False
