"""Interaction: each text is pooled by attention whose query is the other text."""

from __future__ import annotations

from torch import Tensor, nn

from attnpool._shapes import Bool, Float
from attnpool.models.config import MatcherConfig
from attnpool.models.outputs import PairEncoding
from attnpool.pooling import GlobalMaxPooling1D, Pooled, QueryAttentionPooling1D


class Interaction(nn.Module):
    """Attention whose query is the other side's max-pooled vector.

    Args:
        config: The shape of the matcher; it has one head.

    Call arguments:
        x: Token vectors, all left texts before all right ones.
        mask: True for a real token.

    Input shape:
        `(2 * batch, steps, dim)`

    Output shape:
        vectors `(2 * batch, dim)`, weights `(2 * batch, 1, steps)`
    """

    def __init__(self, config: MatcherConfig) -> None:
        super().__init__()
        self.query = GlobalMaxPooling1D()
        self.pooling = QueryAttentionPooling1D(config.encoder.dim, normalizer=config.normalizer)
        self.width = config.encoder.dim

    def forward(
        self, x: Float[Tensor, "texts steps dim"], mask: Bool[Tensor, "texts steps"]
    ) -> PairEncoding:
        """Pool each text with the query of the other."""
        queries = self.query(x, mask).vector.roll(len(x) // 2, dims=0)
        pooled: Pooled = self.pooling(x, queries, mask)
        return PairEncoding(pooled.vector, pooled.by_head)
