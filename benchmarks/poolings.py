"""Poolings that are compared with the library's own and are not in it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnpool.pooling import AttentionPooling1D, GlobalMaxPooling1D, QueryAttentionPooling1D
from attnpool.pooling.pooled import Pooled


class PaddedAttention(nn.Module):
    """Attention without a mask: every text is padded to the longest, and padding takes its share.

    What `AttentionPooling1D` without a mask does with texts padded by one learned vector, as an
    embedding's row 0, at the cost of the real tokens alone: all padding of a text has one score.

    Args:
        dim: Size of the token vectors.
        attention_dim: The size in which attention scores tokens.
        longest: The tokens of the longest text; longer ones are not padded.
    """

    def __init__(self, dim: int, attention_dim: int, longest: int) -> None:
        super().__init__()
        self.attention = AttentionPooling1D(dim, attention_dim)
        self.padding = nn.Parameter(torch.empty(dim).uniform_(-0.05, 0.05))
        self.longest = longest

    def forward(self, x: Tensor, mask: Tensor) -> Pooled:
        """x `(batch, steps, dim)`, mask `(batch, steps)`; the weights of real tokens."""
        scored = torch.cat([x, self.padding.expand(len(x), 1, -1)], dim=1)
        layer = self.attention
        scores = layer.score(torch.tanh(layer.projection(scored))).squeeze(2)
        blank = (self.longest - mask.sum(1, keepdim=True)).clamp(min=0)
        # As many equal scores as there is padding are one score, higher by the log of their number.
        times = torch.cat([mask.to(scores.dtype), blank.to(scores.dtype)], dim=1)
        weights = torch.softmax(scores + times.log(), dim=1)
        return Pooled(torch.bmm(weights.unsqueeze(1), scored).squeeze(1), weights[:, :-1])


class OwnQuery(nn.Module):
    """Query attention whose query is the text's own maximum over its tokens.

    Args:
        dim: Size of the token vectors.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.strongest = GlobalMaxPooling1D()
        self.attention = QueryAttentionPooling1D(dim)

    def forward(self, x: Tensor, mask: Tensor) -> Pooled:
        """x `(batch, steps, dim)`, mask `(batch, steps)`."""
        return self.attention(x, self.strongest(x, mask).vector, mask)
