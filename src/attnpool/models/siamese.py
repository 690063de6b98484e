"""Siamese: neither text knows of the other until both are pooled."""

from __future__ import annotations

from torch import Tensor, nn

from attnpool._shapes import Bool, Float
from attnpool.models.config import MatcherConfig
from attnpool.models.outputs import PairEncoding
from attnpool.pooling import make_pooling


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
        self.pooling = make_pooling(
            config.pooling,
            config.encoder.dim,
            config.heads,
            attention_dim=config.attention_dim,
            normalizer=config.normalizer,
        )
        self.width = config.heads * config.encoder.dim

    def forward(
        self, x: Float[Tensor, "texts steps dim"], mask: Bool[Tensor, "texts steps"]
    ) -> PairEncoding:
        """Pool each text by itself."""
        vectors, weights = self.pooling(x, mask)
        return PairEncoding(vectors, weights.unsqueeze(1) if weights.dim() == 2 else weights)
