"""Linear layers and convolutions: their biases are constants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.products import product
from attnpool.explain.contribution.rules.roles import Number, depends


def _linear(mode: Mode, func: Any, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Any:
    y = product(mode, lambda x, weight: func(x, weight, bias), x, weight)
    if bias is not None and not depends(bias):
        mode.constant(y, bias)
    return y


def _convolution(
    mode: Mode,
    func: Any,
    /,
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *args: Any,
    **kwargs: Any,
) -> Any:
    y = product(mode, lambda x, weight: func(x, weight, bias, *args, **kwargs), x, weight)
    if bias is not None and not depends(bias):
        mode.constant(y, bias.reshape(-1, *[1] * (weight.ndim - 2)))
    return y


def _added(mode: Mode, func: Any, /, term: Any, *factors: Any, **kwargs: Any) -> Any:
    """`beta * term + alpha * product of factors`: addmm and its like."""
    named = {key: kwargs[key] for key in ("beta", "alpha", "value") if key in kwargs}
    names = ("mat1", "mat2", "batch1", "batch2", "mat", "vec", "vec1", "vec2")
    given = (*factors, *(kwargs[key] for key in (*names, "tensor1", "tensor2") if key in kwargs))
    y = product(mode, lambda *factors: func(term, *factors, **named), *given)
    if not depends(term):
        mode.constant(y, term, named.get("beta", 1))
    return y


def _addcdiv(
    mode: Mode, func: Any, term: Any, tensor1: Any, tensor2: Any, *, value: Number = 1
) -> Any:
    divisor = tensor2.detach() if depends(tensor2) else tensor2
    y = func(term, tensor1, divisor, value=value)
    if not depends(term):
        mode.constant(y, term)
    return y


_CONVOLUTIONS = ("conv1d", "conv2d", "conv3d")

RULES: dict[str, Callable[..., Any]] = {
    "linear": _linear,
    **dict.fromkeys(_CONVOLUTIONS, _convolution),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), _convolution),
    **dict.fromkeys(("addmm", "baddbmm", "addbmm", "addmv", "addr", "addcmul"), _added),
    "addcdiv": _addcdiv,
}
"""By the names of the functions."""
