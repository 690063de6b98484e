"""Fused attention and gated linear units: weights inside one function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from attnpool.errors import InputError
from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.roles import Number, Role, depends, gate, role


def _attention(
    _: Mode,
    func: Any,
    /,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: Number = 0.0,
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Queries and keys make weights, which are constants."""
    if dropout_p:
        raise InputError(
            "attribute: forward has dropout switched on, so that each call gives another output; "
            "call .eval() on the model first"
        )
    fixed = [None if one is None else one.detach() for one in (query, key, attn_mask)]
    query, key, attn_mask = fixed  # type: ignore[assignment]  # query and key are not None
    y = func(query, key, value, attn_mask, dropout_p, *args, **kwargs)
    return y if depends(value) else gate(y)


def _glu(_: Mode, __: Any, x: Tensor, dim: int = -1) -> Any:
    if role(x) is Role.GATE:
        return torch.nn.functional.glu(x, dim)
    value, at = x.chunk(2, dim)
    return value * at.detach().sigmoid()


RULES: dict[str, Callable[..., Any]] = {"scaled_dot_product_attention": _attention, "glu": _glu}
"""By the names of the functions."""
