"""The head of a pair: two pooled texts to logits."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Float
from attnpool.models.dropout import Dropout


class PairHead(nn.Module):
    """The features of a pair (see `pair_features`) through one hidden layer to a logit per class.

    Args:
        dim: The width of a pooled text.
        head_dim: The width of the hidden layer.
        classes: The number of logits.
        dropout: The share of entries dropped before each layer in training.

    Call arguments:
        left: The pooled left texts, u.
        right: The pooled right texts, v.

    Input shape:
        `(batch, dim)` each

    Output shape:
        `(batch, classes)`
    """

    def __init__(self, dim: int, head_dim: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.dropout = Dropout(dropout)
        self.hidden = nn.Linear(4 * dim, head_dim)
        self.output = nn.Linear(head_dim, classes)

    def forward(
        self, left: Float[Tensor, "batch dim"], right: Float[Tensor, "batch dim"]
    ) -> Float[Tensor, "batch classes"]:
        """Score the pairs."""
        features = self.dropout(pair_features(left, right))
        logits: Tensor = self.output(self.dropout(F.gelu(self.hidden(features))))
        return logits


def pair_features(
    u: Float[Tensor, "*#batch dim"], v: Float[Tensor, "*#batch dim"]
) -> Float[Tensor, "*batch features"]:
    """`[u, v, u*v, |u-v|]`, four times as wide as a vector; leading axes broadcast.

    Args:
        u: Vectors of one side of the pairs.
        v: Vectors of the other side.

    Source:
        Conneau et al. 2017 (InferSent), arXiv 1705.02364.
    """
    product = u * v
    return torch.cat([u.expand_as(product), v.expand_as(product), product, (u - v).abs()], dim=-1)
