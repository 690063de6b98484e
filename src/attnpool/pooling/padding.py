"""The first step of every layer: check `x` and its mask, and set padding to zero."""

from __future__ import annotations

from torch import Tensor

from attnpool._shapes import Bool, Float
from attnpool.errors import InputError
from attnpool.pooling.masked_softmax import check_bool


def blank_padding(
    x: Float[Tensor, "batch steps dim"],
    mask: Bool[Tensor, "batch steps"] | None,
    dim: int | None = None,
) -> Float[Tensor, "batch steps dim"]:
    """`x` with zeros in place of padding; a new tensor, or `x` itself where nothing is masked.

    A weight of 0 alone would not keep padding out: 0 times NaN or infinity is NaN, in the result
    and in the gradient. With zeros, the values in padding have no effect.

    Args:
        x: Token vectors.
        mask: True marks a real token; None means that all are real.
        dim: The required size of the last axis; None for any.

    Returns:
        Token vectors, zero on padding.

    Raises:
        InputError: `x` or the mask has the wrong shape.
        TypeError: `x` is not floating point, or the mask is not bool.
    """
    if not x.is_floating_point():
        raise TypeError(f"x must be floating point; received {x.dtype}: pass x.float()")
    if x.ndim != 3 or x.shape[2] != (x.shape[2] if dim is None else dim) or x.shape[2] == 0:
        raise InputError(
            f"x must have shape (batch, steps, {'dim' if dim is None else dim}); "
            f"received {tuple(x.shape)}"
        )
    if mask is None:
        return x
    check_bool(mask)
    if mask.shape != x.shape[:2]:
        raise InputError(
            f"mask must have shape (batch, steps) = {tuple(x.shape[:2])}; "
            f"received {tuple(mask.shape)}"
        )
    return x.masked_fill(~mask.unsqueeze(2), 0)
