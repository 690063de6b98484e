"""The classifier: an encoder, a pooling, a head; and n-grams that count wherever they occur."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float, Int
from attnpool.models.char_ngrams import Bags, CharNgrams
from attnpool.models.config import ClassifierConfig
from attnpool.models.context import ContextEncoder
from attnpool.models.embedder import TextEmbedder
from attnpool.models.linear import LinearPart
from attnpool.models.outputs import ModelOutput
from attnpool.pooling import Pooled


class Classifier(TextEmbedder):
    """Token ids to class logits and pooling weights.

    Args:
        config: The shape.
        ngrams: The keys of the n-grams that have embeddings (see `known_ngrams`).
        char_ngrams: The character n-grams that have embeddings (see `CharNgrams.learn`).
        encoder: A pretrained encoder, in place of one that is made.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        unknown: The character n-grams of words that the vocabulary lacks (see `TensorBatches`).

    Input shape:
        `(batch, steps)`

    Output shape:
        logits `(batch, classes)`, weights `(batch, heads, steps)`

    Attributes:
        counts: How often the training texts have each token and n-gram, by table row; it changes no
            output. None if that was not counted.
    """

    sides = 1
    config: ClassifierConfig
    counts: Tensor | None

    def __init__(
        self,
        config: ClassifierConfig,
        ngrams: Int[np.ndarray, "ngrams"] | None = None,
        char_ngrams: CharNgrams | None = None,
        encoder: ContextEncoder | None = None,
    ) -> None:
        super().__init__(config, ngrams, char_ngrams, encoder)
        self.head = nn.Linear(self.width, config.classes)
        self.linear = LinearPart(self.encoder.table_size, config.classes) if config.linear else None
        counts = torch.zeros(self.encoder.table_size, dtype=torch.int32) if config.counted else None
        self.register_buffer("counts", counts)

    def forward(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Bags | None = None,
    ) -> ModelOutput:
        """Classify the batch."""
        output = self.answer(self.encoder(ids, mask, unknown), mask)
        if self.linear is None:
            return output
        rows = self.encoder.table_rows(ids, mask) * mask.unsqueeze(2)
        return output._replace(logits=output.logits + self.linear(rows))

    def add_linear(self, linear: LinearPart, attention: float) -> None:
        """Add a linear part to a trained classifier.

        Args:
            linear: The part.
            attention: The factor that the logits have had by themselves until now.
        """
        with torch.no_grad():
            self.head.weight.mul_(attention)
            self.head.bias.mul_(attention)
        self.linear = linear.to(self.head.weight.device)
        self.config = replace(self.config, linear=True)

    def answer(
        self, vectors: Float[Tensor, "batch steps dim"], mask: Bool[Tensor, "batch steps"]
    ) -> ModelOutput:
        """The output for the token vectors of a batch, without the linear part."""
        vector, weights = self.pooled(vectors, mask)
        return ModelOutput(self.head(vector), weights)

    def weights(
        self, vectors: Float[Tensor, "batch steps dim"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch heads steps"]:
        """The pooling weights of the token vectors of a batch."""
        pooled: Pooled = self.pooling(vectors, mask)
        return pooled.by_head
