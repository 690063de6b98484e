"""Learned positions, counted over real tokens."""

from __future__ import annotations

from torch import Tensor, nn

from attnpool._shapes import Bool, Float


class PositionEmbedding(nn.Module):
    """A learned vector per position in the text.

    Positions are counted over real tokens, so left padding changes nothing; all positions from
    the last one on share its vector.

    Args:
        length: The number of positions.
        dim: The width of a vector.

    Call arguments:
        mask: True for a real token.

    Input shape:
        `(batch, steps)`

    Output shape:
        `(batch, steps, dim)`, zero on padding.
    """

    def __init__(self, length: int, dim: int) -> None:
        super().__init__()
        self.table = nn.Embedding(length, dim)
        nn.init.normal_(self.table.weight, std=0.02)

    def forward(self, mask: Bool[Tensor, "batch steps"]) -> Float[Tensor, "batch steps dim"]:
        """Look up the vectors."""
        positions = (mask.cumsum(dim=1) - 1).clamp(0, self.table.num_embeddings - 1)
        vectors: Tensor = self.table(positions) * mask.unsqueeze(-1)
        return vectors
