"""Learned positions, counted over real tokens."""

from __future__ import annotations

from torch import Tensor, nn

from attnpool._shapes import Bool, Float


class PositionEmbedding(nn.Module):
    """A learned vector for each place in the text.

    Places are counted over real tokens, so left padding moves nothing; places from the last
    one on share it.

    Args:
        length: The number of places.
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
        places = (mask.cumsum(dim=1) - 1).clamp(0, self.table.num_embeddings - 1)
        vectors: Tensor = self.table(places) * mask.unsqueeze(-1)
        return vectors
