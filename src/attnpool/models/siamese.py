"""Siamese: each text is pooled without the other."""

from __future__ import annotations

from torch import Tensor, nn

from attnpool._shapes import Bool, Float
from attnpool.models.config import MatcherConfig
from attnpool.models.net import pool
from attnpool.models.outputs import PairEncoding
from attnpool.pooling import Pooled


class Siamese(nn.Module):
    """One pooling for both sides.

    Args:
        config: The shape of the matcher.

    Call arguments:
        x: Token vectors, all left texts before all right ones.
        mask: True for a real token.

    Input shape:
        `(2 * batch, steps, dim)`

    Output shape:
        vectors `(2 * batch, heads * dim)`, weights `(2 * batch, heads, steps)`
    """

    def __init__(self, config: MatcherConfig) -> None:
        super().__init__()
        self.pooling = pool(config, config.encoder.dim)
        self.width = config.heads * config.encoder.dim

    def forward(
        self, x: Float[Tensor, "texts steps dim"], mask: Bool[Tensor, "texts steps"]
    ) -> PairEncoding:
        """Pool each text by itself."""
        pooled: Pooled = self.pooling(x, mask)
        return PairEncoding(pooled.vector, pooled.by_head)
