"""Values in float32 at least, whatever precision the weights of a model have."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from attnpool.explain.contribution.rules.roles import base_part, mark, mark_base, replaced, role

CASTS = frozenset({"half", "bfloat16", "float"})
"""Methods named after the precision that they cast to."""


def widened(
    func: Callable[..., Any],
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    dtype: torch.dtype,
) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
    """A call in which no floating argument, and no result, has less precision than `dtype`.

    Args:
        func: The function.
        name: Its name.
        args: Its arguments.
        kwargs: Those by name.
        dtype: What is computed in at least.
    """
    wide = partial(_wide, dtype=dtype)
    if name in CASTS and is_narrow(getattr(torch, name), dtype):
        return torch.Tensor.to, (wide(args[0]), dtype), {}
    in_place = name == "__setitem__" or (name.endswith("_") and not name.startswith("__"))
    first = args[:1] if in_place else replaced(args[:1], wide)
    rest = tuple(_wide_dtype(one, dtype) for one in replaced(args[1:], wide))
    named = {key: _wide_dtype(one, dtype) for key, one in replaced(kwargs, wide).items()}
    return func, (*first, *rest), named


def _wide(tensor: Tensor, dtype: torch.dtype) -> Tensor:
    if not is_narrow(tensor.dtype, dtype):
        return tensor
    cast = tensor.to(dtype)
    part, own = base_part(tensor), role(tensor)
    if part is not None:
        mark_base(cast, None if part is tensor else part.to(dtype))
    return cast if own is None else mark(cast, own)


def is_narrow(given: torch.dtype, dtype: torch.dtype) -> bool:
    """Whether a type of floating numbers has less precision than another.

    Args:
        given: The type.
        dtype: The other.
    """
    return given.is_floating_point and given.itemsize < dtype.itemsize


def _wide_dtype(term: Any, dtype: torch.dtype) -> Any:
    return dtype if isinstance(term, torch.dtype) and is_narrow(term, dtype) else term
