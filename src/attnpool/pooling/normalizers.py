"""Normalisers from scores to weights: softmax, and two that give most tokens exactly 0.

Each takes `(scores, mask)` and has the contract of `masked_softmax`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from attnpool._shapes import Bool, Float
from attnpool.errors import InputError
from attnpool.pooling.masked_softmax import masked_softmax, normalize_masked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def sparsemax(
    scores: Float[Tensor, "*rows steps"],
    mask: Bool[Tensor, "*#rows steps"] | None = None,
) -> Float[Tensor, "*rows steps"]:
    """The Euclidean projection of the scores onto the simplex.

    `max(z - tau, 0)` with the threshold tau that makes it sum to 1: Martins and Astudillo, "From
    Softmax to Sparsemax", ICML 2016, algorithm 1.

    Args:
        scores: One score per token. Not changed.
        mask: True marks a real token (torch's `key_padding_mask` is the opposite); None means
            that all are real.

    Returns:
        Weights in the shape and dtype of the scores.

    Raises:
        InputError: The mask does not broadcast to the shape of the scores.
        TypeError: The mask is not bool.

    Example:
        >>> sparsemax(torch.tensor([1.0, 0.8, 0.1]))
        tensor([0.6000, 0.4000, 0.0000])
    """
    return normalize_masked(_sparsemax, scores, mask)


def entmax15(
    scores: Float[Tensor, "*rows steps"],
    mask: Bool[Tensor, "*#rows steps"] | None = None,
) -> Float[Tensor, "*rows steps"]:
    """1.5-entmax, halfway between softmax and sparsemax; exact, by sorting.

    `max(z / 2 - tau, 0)` squared, with the threshold tau that makes it sum to 1: Peters, Niculae
    and Martins, "Sparse Sequence-to-Sequence Models", ACL 2019, algorithm 2.

    Args:
        scores: One score per token. Not changed.
        mask: True marks a real token (torch's `key_padding_mask` is the opposite); None means
            that all are real.

    Returns:
        Weights in the shape and dtype of the scores.

    Raises:
        InputError: The mask does not broadcast to the shape of the scores.
        TypeError: The mask is not bool.

    Example:
        >>> entmax15(torch.tensor([0.4, 0.0, -3.0]))
        tensor([0.6400, 0.3600, 0.0000])
    """
    return normalize_masked(_entmax15, scores, mask)


NORMALIZERS: Mapping[str, Callable[[Tensor, Tensor | None], Tensor]] = {
    "softmax": masked_softmax,
    "sparsemax": sparsemax,
    "entmax15": entmax15,
}


def find_normalizer(name: str) -> Callable[[Tensor, Tensor | None], Tensor]:
    """The normaliser of that name.

    Raises:
        InputError: There is none.
    """
    if name not in NORMALIZERS:
        raise InputError(f"normalizer {name!r} is unknown; choose one of {', '.join(NORMALIZERS)}")
    return NORMALIZERS[name]


def _sparsemax(scores: Tensor) -> Tensor:
    z = _below_zero(scores)
    ordered, rank = _ordered(z)
    support = _support(z, ordered, 1 + rank * ordered > ordered.cumsum(-1))
    tau = (z.masked_fill(~support, 0).sum(-1, keepdim=True) - 1) / support.sum(-1, keepdim=True)
    return (z - tau).masked_fill(~support, 0).clamp(min=0)


def _entmax15(scores: Tensor) -> Tensor:
    z = _below_zero(scores) / 2
    ordered, rank = _ordered(z)
    mean = ordered.cumsum(-1) / rank
    spread = ordered.square().cumsum(-1) - rank * mean.square()
    bound = mean - ((1 - spread) / rank).clamp(min=0).sqrt()
    support = _support(z, ordered, bound <= ordered)

    # Again on the support alone: in two passes, which rounds less than the running sums.
    size = support.sum(-1, keepdim=True)
    mean = z.masked_fill(~support, 0).sum(-1, keepdim=True) / size
    spread = (z - mean).masked_fill(~support, 0).square().sum(-1, keepdim=True)
    root = ((1 - spread) / size).clamp(min=torch.finfo(z.dtype).tiny).sqrt()
    return (z - mean + root).masked_fill(~support, 0).clamp(min=0).square()


def _below_zero(scores: Tensor) -> Tensor:
    # Both depend on differences alone, and a token 2 below the best one has no weight already:
    # cut at 4, the sums stay small and padding (the lowest finite number) cannot overflow them.
    return (scores - scores.detach().amax(-1, keepdim=True)).clamp(min=-4)


def _ordered(z: Tensor) -> tuple[Tensor, Tensor]:
    # Detached: sorting only finds the support. The weights are then computed on the support, so
    # their gradient is exact without a backward pass through the sort.
    ordered = z.detach().sort(dim=-1, descending=True).values
    rank = torch.arange(1, z.shape[-1] + 1, dtype=z.dtype, device=z.device)
    return ordered, rank


def _support(z: Tensor, ordered: Tensor, inside: Tensor) -> Tensor:
    last = inside.sum(-1, keepdim=True).clamp(min=1) - 1
    return z.detach() >= ordered.gather(-1, last)  # ties at the threshold are all inside
