"""Texts to vectors: what classifiers, triplet matchers and text–label matchers share."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from attnpool._shapes import Bool, Float, Int
from attnpool.models.char_ngrams import Bags, CharNgrams
from attnpool.models.config import ClassifierConfig, MatcherConfig
from attnpool.models.context import ContextEncoder
from attnpool.models.dropout import Dropout
from attnpool.models.net import TextNet, make_encoder, pool
from attnpool.pooling import Pooled


class TextEmbedder(TextNet):
    """An encoder and a pooling: one vector per text.

    Args:
        config: The shape.
        ngrams: The keys of the n-grams that have embeddings (see `known_ngrams`).
        char_ngrams: The character n-grams that have embeddings (see `CharNgrams.learn`).
        encoder: A pretrained encoder, in place of one that is made.

    Attributes:
        width: The width of a text's vector.
    """

    def __init__(
        self,
        config: ClassifierConfig | MatcherConfig,
        ngrams: Int[np.ndarray, "ngrams"] | None = None,
        char_ngrams: CharNgrams | None = None,
        encoder: ContextEncoder | None = None,
    ) -> None:
        super().__init__(config, encoder or make_encoder(config, ngrams, char_ngrams))
        self.pooling = pool(config, config.encoder.dim)
        self.dropout = Dropout(config.dropout)
        self.width = config.heads * config.encoder.dim

    def embed(
        self,
        ids: Int[Tensor, "texts steps"],
        mask: Bool[Tensor, "texts steps"],
        unknown: Bags | None = None,
    ) -> Pooled:
        """The pooled vectors `(texts, width)` and the weights `(texts, heads, steps)`."""
        return self.pooled(self.encoder(ids, mask, unknown), mask)

    def pooled(
        self, vectors: Float[Tensor, "texts steps dim"], mask: Bool[Tensor, "texts steps"]
    ) -> Pooled:
        """The same from token vectors."""
        pooled: Pooled = self.pooling(vectors, mask)
        return Pooled(self.dropout(pooled.vector), pooled.by_head)
