"""Random masks for training."""

from __future__ import annotations

import torch
from torch import Tensor

from attnpool._shapes import Bool


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
    share = torch.rand(len(mask), 1, device=mask.device)
    spared = torch.rand(len(mask), 1, device=mask.device) < 0.5
    return mask & (spared | (torch.rand(mask.shape, device=mask.device) >= share))
