"""The classifier: an encoder, a pooling, a linear head."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from attnpool._shapes import Bool, Float, Int
from attnpool.models.char_ngrams import Bags, CharNgrams
from attnpool.models.config import ClassifierConfig
from attnpool.models.encoder import TextEncoder
from attnpool.models.outputs import ModelOutput
from attnpool.pooling import make_pooling


class Classifier(nn.Module):
    """Texts as token ids to class logits and pooling weights.

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

    def __init__(
        self,
        config: ClassifierConfig,
        ngrams: Int[np.ndarray, "ngrams"] | None = None,
        char_ngrams: CharNgrams | None = None,
    ) -> None:
        super().__init__()
        self.config = config
        self.encoder = TextEncoder(config.encoder, ngrams, char_ngrams)
        dim = config.encoder.dim
        self.pooling = make_pooling(
            config.pooling,
            dim,
            heads=config.heads,
            attention_dim=config.attention_dim,
            normalizer=config.normalizer,
        )
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(config.heads * dim, config.classes)

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
        """What the token vectors of a batch amount to."""
        vector, weights = self.pooling(vectors, mask)
        return ModelOutput(self.head(self.dropout(vector)), _by_head(weights))

    def weights(
        self, vectors: Float[Tensor, "batch steps dim"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch heads steps"]:
        """Where each head looks, of the token vectors of a batch."""
        return _by_head(self.pooling(vectors, mask).weights)


def _by_head(weights: Tensor) -> Float[Tensor, "batch heads steps"]:
    return weights.unsqueeze(1) if weights.dim() == 2 else weights
