"""The classifier: an encoder, a pooling, a linear head."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from attnpool._shapes import Bool, Float, Int
from attnpool.models.char_ngrams import Bags, CharNgrams
from attnpool.models.config import ClassifierConfig
from attnpool.models.embedder import TextEmbedder
from attnpool.models.outputs import ModelOutput
from attnpool.pooling import Pooled


class Classifier(TextEmbedder):
    """Token ids to class logits and pooling weights.

    Args:
        config: The shape.
        ngrams: The keys of the n-grams that have embeddings (see `known_ngrams`).
        char_ngrams: The character n-grams that have embeddings (see `CharNgrams.learn`).

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        unknown: The character n-grams of words that the vocabulary lacks (see `TensorBatches`).

    Input shape:
        `(batch, steps)`

    Output shape:
        logits `(batch, classes)`, weights `(batch, heads, steps)`
    """

    sides = 1
    config: ClassifierConfig

    def __init__(
        self,
        config: ClassifierConfig,
        ngrams: Int[np.ndarray, "ngrams"] | None = None,
        char_ngrams: CharNgrams | None = None,
    ) -> None:
        super().__init__(config, ngrams, char_ngrams)
        self.head = nn.Linear(self.width, config.classes)

    def forward(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Bags | None = None,
    ) -> ModelOutput:
        """Classify the batch."""
        return self.answer(self.encoder(ids, mask, unknown), mask)

    def answer(
        self, vectors: Float[Tensor, "batch steps dim"], mask: Bool[Tensor, "batch steps"]
    ) -> ModelOutput:
        """The output for the token vectors of a batch."""
        vector, weights = self.pooled(vectors, mask)
        return ModelOutput(self.head(vector), weights)

    def weights(
        self, vectors: Float[Tensor, "batch steps dim"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch heads steps"]:
        """The pooling weights of the token vectors of a batch."""
        pooled: Pooled = self.pooling(vectors, mask)
        return pooled.by_head
