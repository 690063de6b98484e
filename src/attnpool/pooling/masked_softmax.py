"""The one place where padding is masked in scores."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from attnpool._shapes import Bool, Float
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


def masked_softmax(
    scores: Float[Tensor, "*rows steps"],
    mask: Bool[Tensor, "*#rows steps"] | None = None,
) -> Float[Tensor, "*rows steps"]:
    """Softmax over the last axis, over real tokens alone.

    Computed in at least float32 and returned in the dtype of the scores. Values in padding, NaN
    too, change neither the result nor any gradient. A row without a real token is all zeros and
    has zero gradients.

    Args:
        scores: One score per token; float16, bfloat16, float32 or float64. Not changed.
        mask: True marks a real token (torch's `key_padding_mask` is the opposite); None means
            that all are real. Broadcasts against the scores.

    Returns:
        Weights in the shape of the scores: exactly 0 on padding, every other row sums to 1.

    Raises:
        InputError: The mask does not broadcast to the shape of the scores.
        TypeError: The mask is not bool.

    Example:
        >>> scores = torch.tensor([[0.0, 0.0, 5.0], [1.0, 2.0, 3.0]])
        >>> masked_softmax(scores, torch.tensor([[True, True, False], [False, False, False]]))
        tensor([[0.5000, 0.5000, 0.0000],
                [0.0000, 0.0000, 0.0000]])
    """
    return normalize_masked(partial(torch.softmax, dim=-1), scores, mask)


def normalize_masked(
    normalize: Callable[[Tensor], Tensor],
    scores: Float[Tensor, "*rows steps"],
    mask: Bool[Tensor, "*#rows steps"] | None,
) -> Float[Tensor, "*rows steps"]:
    """Apply any normaliser to real tokens alone, with the contract of `masked_softmax`.

    Args:
        normalize: Scores to weights over the last axis. Padding has the lowest finite score, and
            the axis never has length 0.
        scores: One score per token.
        mask: True marks a real token; None means that all are real.

    Returns:
        Weights in the shape and dtype of the scores.

    Raises:
        InputError: The mask does not broadcast to the shape of the scores.
        TypeError: The mask is not bool.
    """
    if mask is not None:
        _check_mask(scores, mask)
    if scores.shape[-1] == 0:
        return scores.clone()
    wide = scores.to(torch.promote_types(scores.dtype, torch.float32))
    if mask is None:
        return normalize(wide).to(scores.dtype)
    padding = ~mask
    # The lowest finite number, not -inf: a row of -inf alone would be NaN, forward and backward.
    filled = wide.masked_fill(padding, torch.finfo(wide.dtype).min)
    return normalize(filled).masked_fill(padding, 0).to(scores.dtype)


def check_bool(mask: Tensor) -> None:
    """Refuse a mask of unclear meaning, such as 0/1 integers or float penalties.

    Args:
        mask: The mask.

    Raises:
        TypeError: The mask is not bool.
    """
    if mask.dtype != torch.bool:
        raise TypeError(
            f"mask must be bool, True = a real token; received {mask.dtype}: pass mask.bool() "
            "for 1 = real (torch's key_padding_mask is the opposite: pass ~key_padding_mask)"
        )


def _check_mask(scores: Tensor, mask: Tensor) -> None:
    check_bool(mask)
    sizes = zip(reversed(mask.shape), reversed(scores.shape), strict=False)
    if mask.ndim > scores.ndim or any(m not in (s, 1) for m, s in sizes):
        raise InputError(
            f"mask must broadcast to the scores' shape {tuple(scores.shape)}; "
            f"received {tuple(mask.shape)}"
        )
