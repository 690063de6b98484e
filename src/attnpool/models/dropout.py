"""What training leaves out at random: entries of vectors, and whole tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float
from attnpool.models.draws import generator, uniform

_STEPS = 1 << 16


def dropout(x: Float[Tensor, "*shape"], share: float, training: bool) -> Float[Tensor, "*shape"]:
    """Zero each entry with a probability of `share` and scale the others up.

    `torch.nn.functional.dropout` draws a 64-bit number per entry, which on a CPU takes longer
    than most layers, and has no generator. Here 16 bits decide, so the share is rounded to
    1/65536.

    Args:
        x: The tensor; not changed.
        share: The share to drop, from 0 to below 1.
        training: Whether to drop at all.

    Source:
        Srivastava et al. 2014, "Dropout", Journal of Machine Learning Research 15.
    """
    if not training or not share:
        return x
    dropped = min(_STEPS - 1, max(1, round(share * _STEPS)))
    words = torch.empty(x.numel() // 4 + 1, dtype=torch.int64, device=x.device)
    words.random_(-(2**63), None, generator=generator(x.device))
    drawn = words.view(torch.int16)[: x.numel()].view(x.shape)
    return x * (drawn >= dropped - _STEPS // 2) * (_STEPS / (_STEPS - dropped))


class Dropout(nn.Module):
    """`dropout` as a layer.

    Args:
        share: The share to drop in training.

    Call arguments:
        x: Any tensor of floats.

    Input shape:
        any

    Output shape:
        the same
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Drop while training."""
        return dropout(x, self.share, self.training)


def random_mask(mask: Bool[Tensor, "batch steps"]) -> Bool[Tensor, "batch steps"]:
    """A mask that hides a random share of the tokens of about half of the texts.

    A model trained with such masks knows texts with tokens removed, as measures of faithfulness
    use them.

    Args:
        mask: True for a real token.

    Source:
        Madsen, Reddy & Chandar 2023, "Faithfulness Measurable Masked Language Models", arXiv
        2310.07819, who mask half of each batch by a share drawn for each text.
    """
    texts, steps = mask.shape
    # For each text its share, whether it is spared, and a number per token.
    drawn = uniform((texts, steps + 2), mask.device)
    share, spared = drawn[:, :1], drawn[:, 1:2] < 0.5
    return mask & (spared | (drawn[:, 2:] >= share))
