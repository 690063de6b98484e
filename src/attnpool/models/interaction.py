"""Interaction: each text is pooled by what the other asks of it."""

from __future__ import annotations

from torch import Tensor, nn

from attnpool._shapes import Bool, Float
from attnpool.models.config import MatcherConfig
from attnpool.models.outputs import PairEncoding
from attnpool.pooling import GlobalMaxPooling1D, QueryAttentionPooling1D


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
        self.question = GlobalMaxPooling1D()
        self.pooling = QueryAttentionPooling1D(config.encoder.dim, normalizer=config.normalizer)
        self.width = config.encoder.dim

    def forward(
        self, x: Float[Tensor, "texts steps dim"], mask: Bool[Tensor, "texts steps"]
    ) -> PairEncoding:
        """Ask, then pool."""
        asked = self.question(x, mask).vector
        # Each side answers the other's question.
        vectors, weights = self.pooling(x, asked.roll(len(x) // 2, dims=0), mask)
        return PairEncoding(vectors, weights.unsqueeze(1))
