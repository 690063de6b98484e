"""The matcher of pairs: an encoder, a pair encoder, a head."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from attnpool._shapes import Bool, Int
from attnpool.models.alignment import Alignment
from attnpool.models.char_ngrams import Bags, CharNgrams
from attnpool.models.config import MatcherConfig
from attnpool.models.context import ContextEncoder
from attnpool.models.interaction import Interaction
from attnpool.models.net import TextNet, make_encoder
from attnpool.models.outputs import ModelOutput, PairEncoding
from attnpool.models.pair_head import PairHead
from attnpool.models.siamese import Siamese

PAIR_ENCODERS: dict[str, type[Siamese | Interaction | Alignment]] = {
    "siamese": Siamese,
    "interaction": Interaction,
    "alignment": Alignment,
}
"""The pair encoder of each architecture, by name."""


class PairMatcher(TextNet):
    """Pairs as token ids to class logits, pooling weights and, where aligned, the alignment.

    Args:
        config: The shape.
        ngrams: The keys of the n-grams that have embeddings (see `known_ngrams`).
        char_ngrams: The character n-grams that have embeddings (see `CharNgrams.learn`).
        encoder: A pretrained encoder, in place of one that is made.

    Call arguments:
        ids: Token ids, 0 for padding; all left texts before all right ones.
        mask: True for a real token.
        unknown: The character n-grams of words that the vocabulary lacks (see `TensorBatches`).

    Input shape:
        `(2 * batch, steps)`

    Output shape:
        logits `(batch, classes)`, weights `(2 * batch, heads, steps)`, alignment
        `(batch, steps, steps)` or None
    """

    sides = 2

    def __init__(
        self,
        config: MatcherConfig,
        ngrams: Int[np.ndarray, "ngrams"] | None = None,
        char_ngrams: CharNgrams | None = None,
        encoder: ContextEncoder | None = None,
    ) -> None:
        super().__init__(config, encoder or make_encoder(config, ngrams, char_ngrams))
        self.pair_encoder = PAIR_ENCODERS[config.architecture](config)
        self.width = self.pair_encoder.width
        self.head = PairHead(self.width, config.head_dim, config.classes, config.dropout)

    def embed(
        self,
        ids: Int[Tensor, "texts steps"],
        mask: Bool[Tensor, "texts steps"],
        unknown: Bags | None = None,
    ) -> PairEncoding:
        """The pooled texts; an even number of them, unless the architecture is siamese."""
        encoding: PairEncoding = self.pair_encoder(self.encoder(ids, mask, unknown), mask)
        return encoding

    def forward(
        self,
        ids: Int[Tensor, "texts steps"],
        mask: Bool[Tensor, "texts steps"],
        unknown: Bags | None = None,
    ) -> ModelOutput:
        """Match the pairs."""
        encoding = self.embed(ids, mask, unknown)
        left, right = encoding.vectors.chunk(2)
        return ModelOutput(self.head(left, right), encoding.weights, encoding.alignment)
