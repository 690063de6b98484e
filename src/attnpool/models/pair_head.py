"""What two pooled texts say of their pair."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Float


class PairHead(nn.Module):
    """`[u, v, u*v, |u-v|]` through one hidden layer to a logit a class.

    Args:
        dim: The width of a pooled text.
        head_dim: Hidden head_dim.
        classes: Logits.
        dropout: The share of entries dropped before each layer in training.

    Call arguments:
        left: The pooled left texts, u.
        right: The pooled right texts, v.

    Input shape:
        `(batch, dim)` each

    Output shape:
        `(batch, classes)`

    Source:
        The features of Conneau et al. 2017 (InferSent), arXiv 1705.02364.
    """

    def __init__(self, dim: int, head_dim: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(4 * dim, head_dim)
        self.output = nn.Linear(head_dim, classes)

    def forward(
        self, left: Float[Tensor, "batch dim"], right: Float[Tensor, "batch dim"]
    ) -> Float[Tensor, "batch classes"]:
        """Score the pairs."""
        features = torch.cat([left, right, left * right, (left - right).abs()], dim=-1)
        logits: Tensor = self.output(self.dropout(F.gelu(self.hidden(self.dropout(features)))))
        return logits
