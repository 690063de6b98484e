"""Dropout with random numbers that cost a tenth."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Float


def dropout(x: Float[Tensor, "*shape"], share: float, training: bool) -> Float[Tensor, "*shape"]:
    """Zero a share of the entries at random and scale the others up.

    `torch.nn.functional.dropout` draws one number per entry, which on a CPU takes longer than
    most layers; here one byte per entry decides, so the share is rounded to 1/256.

    Args:
        x: The tensor; not changed.
        share: The share to drop, from 0 to below 1.
        training: Whether to drop at all.

    Source:
        Srivastava et al. 2014, "Dropout", Journal of Machine Learning Research 15.
    """
    if not training or not share:
        return x
    if x.device.type != "cpu":
        return F.dropout(x, share)
    dropped = min(255, max(1, round(share * 256)))
    words = torch.empty(x.numel() // 8 + 1, dtype=torch.int64).random_(-(2**63), None)
    kept = words.view(torch.uint8)[: x.numel()].view(x.shape) >= dropped
    return x * kept * (256 / (256 - dropped))
