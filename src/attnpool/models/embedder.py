"""Texts as vectors: what triplet and text–label matching have in common."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from attnpool._shapes import Bool, Int
from attnpool.models.char_ngrams import Bags, CharNgrams
from attnpool.models.config import MatcherConfig
from attnpool.models.encoder import TextEncoder
from attnpool.pooling import make_pooling
from attnpool.pooling.pooled import Pooled


class TextEmbedder(nn.Module):
    """An encoder and a pooling: one vector a text, whatever it will be compared with.

    Args:
        config: The shape.
        ngrams: The keys of the n-grams that have embeddings (see `known_ngrams`).
        char_ngrams: The character n-grams that have embeddings (see `CharNgrams.learn`).
    """

    def __init__(
        self,
        config: MatcherConfig,
        ngrams: Int[np.ndarray, "ngrams"] | None = None,
        char_ngrams: CharNgrams | None = None,
    ) -> None:
        super().__init__()
        self.config = config
        self.encoder = TextEncoder(config.encoder, ngrams, char_ngrams)
        self.pooling = make_pooling(
            config.pooling,
            config.encoder.dim,
            config.heads,
            attention_dim=config.attention_dim,
            normalizer=config.normalizer,
        )
        self.dropout = nn.Dropout(config.dropout)
        self.width = config.heads * config.encoder.dim

    def embed(
        self,
        ids: Int[Tensor, "texts steps"],
        mask: Bool[Tensor, "texts steps"],
        unknown: Bags | None = None,
    ) -> Pooled:
        """The pooled vectors `(texts, width)` and the weights `(texts, heads, steps)`."""
        vectors, weights = self.pooling(self.encoder(ids, mask, unknown), mask)
        weights = weights.unsqueeze(1) if weights.dim() == 2 else weights
        return Pooled(self.dropout(vectors), weights)
