"""Batches as sentence-transformers hands them on: padded or flat, with or without a prompt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from attnpool._shapes import Bool, Float, Int


def tokens_of(features: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
    """The token vectors `(batch, steps, dim)` and which of them are real, `(batch, steps)`.

    Flash attention keeps a batch flat: one row of all texts, and where each begins. It is padded
    here, behind the texts.

    Args:
        features: What the module before gave.
    """
    x = features["token_embeddings"]
    if "cu_seq_lens_q" in features:
        return _padded(x, features["cu_seq_lens_q"])
    mask = features.get("attention_mask")
    if mask is None or mask.shape[-1] != x.shape[1]:  # of other tokens than these
        return x, torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
    return x, mask.bool()


def without_prompt(
    mask: Bool[Tensor, "batch steps"], length: int | Int[Tensor, "..."]
) -> Bool[Tensor, "batch steps"]:
    """The mask without the tokens of a prompt, which come first in each row; a new one.

    Args:
        mask: True = a real token.
        length: The number of tokens of the prompt, the same in each row: a number, or a tensor of
            one or of one per row, as training hands it on.
    """
    tokens = int(length.reshape(-1)[0]) if isinstance(length, Tensor) else int(length)
    first = mask.int().argmax(1, keepdim=True)  # padding may come before the prompt
    return mask & (torch.arange(mask.shape[1], device=mask.device) >= first + tokens)


def _padded(x: Float[Tensor, "1 tokens dim"], ends: Int[Tensor, "bounds"]) -> tuple[Tensor, Tensor]:
    lengths = (ends[1:] - ends[:-1]).to(x.device)
    steps = torch.arange(int(lengths.max()), device=x.device)
    mask = steps < lengths.unsqueeze(1)
    rows = x.new_zeros(*mask.shape, x.shape[2])
    rows[mask] = x.squeeze(0)
    return rows, mask
