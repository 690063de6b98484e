"""Random-mask training."""

from __future__ import annotations

import torch
from torch import Tensor

from attnpool._shapes import Bool


def random_mask(mask: Bool[Tensor, "batch steps"]) -> Bool[Tensor, "batch steps"]:
    """A mask without a random share of the tokens of every other text, from none to all.

    What an explanation takes away to be judged is then nothing the model has never met.

    Args:
        mask: True for a real token.

    Source:
        Madsen, Reddy & Chandar 2023, "Faithfulness Measurable Masked Language Models", arXiv
        2310.07819, who mask half of each batch by a share drawn for each text.
    """
    share = torch.rand(len(mask), 1, device=mask.device)
    spared = torch.rand(len(mask), 1, device=mask.device) < 0.5
    return mask & (spared | (torch.rand(mask.shape, device=mask.device) >= share))
