"""A model made affine at the point computed, so that one backward pass splits its output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from torch.overrides import TorchFunctionMode


class Affine(TorchFunctionMode):
    """A context in which gradients are those of an affine function with the same value.

    The function treats these as constants: the weights of an average of vectors (the first
    factor of a matrix product), the slope φ(z)/z of an activation, the norm that a vector is
    divided by. A product of two terms is split equally between them. ReLU, the absolute value
    and the maximum need no rule: their gradients are their slopes, or select the maximum. So
    `output = Σ leaf · gradient` over all leaves, exactly: token and n-gram embeddings, positions,
    and `ones` for every additive constant.

    Only terms that depend on the leaves may require gradients, so the parameters must not. The
    outputs are those of the model: on one machine to the last bit, except for the rounding of a
    cosine.

    Args:
        items: The number of items of the batch; a tensor's rows are those of their texts, side
            after side.
        device: The device of the model.
        dtype: That of its weights, so that a bias keeps their precision.

    Attributes:
        ones: A leaf, 1 for each item, that every bias and threshold is multiplied by: its
            gradient is their part of the output.

    Source:
        The rules for activations, normalisations and products are those of layer-wise relevance
        propagation without a stabiliser: Bach et al. 2015, PLOS ONE 10(7); Ali et al. 2022, "XAI
        for Transformers", arXiv 2202.07304; for products half and half also Chefer et al. 2021.
    """

    def __init__(
        self, items: int, device: torch.device, dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__()
        self.ones = torch.ones(items, device=device, dtype=dtype, requires_grad=True)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Replace functions that have a rule."""
        rule = _RULES.get(getattr(func, "__name__", ""))
        if rule is None or not any(_depends(arg) for arg in args):
            return func(*args, **(kwargs or {}))
        return rule(self, func, *args, **(kwargs or {}))


def _depends(term: Any) -> bool:
    return isinstance(term, Tensor) and term.requires_grad


class _Slope(torch.autograd.Function):
    """`φ(z)` with the slope of its chord to the origin, φ(z)/z."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, activation: Callable[[Tensor], Tensor]) -> Tensor:
        y = activation(z)
        ctx.save_for_backward(z, y)
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        z, y = ctx.saved_tensors
        return gradients[0] * torch.where(z == 0, 0, y / z), None


class _Product(torch.autograd.Function):
    """`u * v`, split equally between the factors."""

    @staticmethod
    def forward(ctx: Any, u: Tensor, v: Tensor) -> Tensor:
        ctx.save_for_backward(u, v)
        return u * v

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        u, v = ctx.saved_tensors
        half = gradients[0] / 2
        return (half * v).sum_to_size(u.shape), (half * u).sum_to_size(v.shape)


class _Linear(torch.autograd.Function):
    """`W x + b`; the gradient of `ones` is the bias's part in each item."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, ones: Tensor) -> Tensor:
        ctx.save_for_backward(weight, bias)
        ctx.items = len(ones)
        return F.linear(x, weight, bias)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, Tensor]:
        weight, bias = ctx.saved_tensors
        (g,) = gradients
        by_row = (g @ bias).reshape(len(g), -1).sum(1)
        return g @ weight, None, None, by_row.reshape(-1, ctx.items).sum(0)


# Typed names for torch's untyped ones.
_apply_slope: Callable[..., Tensor] = _Slope.apply
_apply_product: Callable[..., Tensor] = _Product.apply
_apply_linear: Callable[..., Tensor] = _Linear.apply


def _linear(mode: Affine, _: Any, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Any:
    if bias is None:
        return F.linear(x, weight)
    return _apply_linear(x, weight, bias, mode.ones)


def _activation(_: Affine, func: Any, z: Tensor, **options: Any) -> Any:
    return _apply_slope(z, lambda z: func(z, **options))


def _product(_: Affine, func: Any, u: Any, v: Any) -> Any:
    both = _depends(u) and _depends(v)
    return _apply_product(u, v) if both else func(u, v)


def _square(_: Affine, __: Any, z: Tensor) -> Any:
    return _apply_product(z, z)


def _weighted(_: Affine, func: Any, weights: Tensor, vectors: Tensor) -> Any:
    return func(weights.detach(), vectors)


def _normalize(
    _: Affine, __: Any, x: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12, **___: Any
) -> Any:
    return x / x.detach().norm(p, dim, keepdim=True).clamp_min(eps)


def _cosine(mode: Affine, func: Any, u: Tensor, v: Tensor, dim: int = 1, eps: float = 1e-8) -> Any:
    units = (_normalize(mode, func, x, dim=dim, eps=eps) for x in (u, v))
    return _apply_product(*units).sum(dim)


def _sum(mode: Affine, func: Any, a: Any, b: Any) -> Any:
    """A sum or difference; a term that depends on no leaf is a constant for each item."""
    if _depends(a) and _depends(b):
        return func(a, b)
    rows, axes = (a if _depends(a) else b).shape[:1], (a if _depends(a) else b).ndim
    if not rows or rows[0] % max(len(mode.ones), 1):
        return func(a, b)  # not one row per text: no part of the output
    ones = mode.ones.repeat(rows[0] // max(len(mode.ones), 1)).reshape(-1, *[1] * (axes - 1))
    return func(a, b * ones) if _depends(a) else func(a * ones, b)


_RULES: dict[str, Callable[..., Any]] = {
    "linear": _linear,
    **dict.fromkeys(("tanh", "gelu", "sqrt"), _activation),
    **dict.fromkeys(("mul", "__mul__", "__rmul__"), _product),
    "square": _square,
    **dict.fromkeys(("bmm", "matmul", "__matmul__"), _weighted),
    "normalize": _normalize,
    "cosine_similarity": _cosine,
    **dict.fromkeys(("add", "__add__", "__radd__", "sub", "__sub__"), _sum),
}
"""The replacements of the functions of these names, where an argument depends on leaves."""
