"""Random masks for training."""

from __future__ import annotations

from torch import Tensor

from attnpool._shapes import Bool
from attnpool.models.draws import uniform


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
