"""Token ids to token vectors, each computed from its own neighbourhood."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int
from attnpool.models.char_ngrams import Bags, CharNgramEmbedding, CharNgrams
from attnpool.models.config import EncoderConfig
from attnpool.models.convolution import MaskedConvolution1D
from attnpool.models.draws import uniform
from attnpool.models.dropout import dropout
from attnpool.models.ngrams import NgramEmbedding
from attnpool.models.positions import PositionEmbedding
from attnpool.text.special_tokens import UNKNOWN


class TextEncoder(nn.Module):
    """Embeddings, convolutions, n-gram embeddings and positions.

    The embedding of a word is the sum of its own and of the mean of its character n-grams', if
    it has any. The convolutions read these embeddings; the vectors of n-grams and positions are
    added after them. So a token vector is a sum of table rows except for the activations, which
    keeps prediction cheap and lets a logit be split exactly over the tokens.

    Args:
        config: The shape.
        ngrams: The keys of the n-grams that have embeddings (see `known_ngrams`).
        char_ngrams: The character n-grams that have embeddings (see `CharNgrams.learn`).

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        unknown: The character n-grams of the words that the vocabulary lacks, if their ids are
            those after its last one and not 1 (see `TensorBatches`).

    Input shape:
        `(batch, steps)`

    Output shape:
        `(batch, steps, dim)`, zero on padding; the vectors of a text do not depend on the rest
        of the batch.
    """

    def __init__(
        self,
        config: EncoderConfig,
        ngrams: Int[np.ndarray, "ngrams"] | None = None,
        char_ngrams: CharNgrams | None = None,
    ) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.dim, padding_idx=0)
        nn.init.normal_(self.embedding.weight, std=0.1)
        # Padding and tokens that training never saw have no embedding.
        nn.init.zeros_(self.embedding.weight[: UNKNOWN + 1])
        self.char_ngrams = None
        if config.char_ngrams:
            char_ngrams = char_ngrams or CharNgrams.blank(
                config.vocabulary, config.char_ngram_rows, config.char_ngram_uses
            )
            self.char_ngrams = CharNgramEmbedding(char_ngrams, config.char_ngrams, config.dim)
        self.convolutions = nn.ModuleList(
            MaskedConvolution1D(config.dim, width, residual=config.residual)
            for width in config.kernel_sizes
        )
        keys = np.zeros(config.ngram_rows, dtype=np.int64) if ngrams is None else ngrams
        self.ngrams = NgramEmbedding(keys, config.ngrams, config.dim) if config.ngrams else None
        self.positions = (
            PositionEmbedding(config.positions, config.dim) if config.positions else None
        )
        # With one length for all, attention alone decides how much a token counts.
        self.length = None
        if config.equal_length:
            length = torch.tensor(config.dim**0.5 * 0.1, dtype=torch.float32)
            self.length = nn.Parameter(length)

    def forward(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Bags | None = None,
    ) -> Float[Tensor, "batch steps dim"]:
        """Encode the tokens."""
        if self.training and self.config.token_dropout:
            kept = uniform(ids.shape, ids.device) >= self.config.token_dropout
            ids = torch.where(kept, ids, 0)
        words = ids
        if unknown is not None:
            ids = torch.where(ids < self.config.vocabulary, ids, UNKNOWN)
        x = self.embedding(ids)
        if self.char_ngrams is not None:
            x = x + self.char_ngrams(words, unknown)
        x = dropout(x * mask.unsqueeze(-1), self.config.embedding_dropout, self.training)
        for convolution in self.convolutions:
            x = convolution(x, mask)
        if self.ngrams is not None:
            x = x + self.ngrams(ids, mask)
        if self.positions is not None:
            x = x + self.positions(mask)
        if self.length is not None:
            x = F.normalize(x, dim=2) * self.length
        vectors: Tensor = x
        return vectors

    @property
    def table_size(self) -> int:
        """How many tokens and n-grams there are, unknown ones included."""
        return self.config.vocabulary + (0 if self.ngrams is None else len(self.ngrams.keys) + 1)

    def table_rows(
        self, ids: Int[Tensor, "batch steps"], mask: Bool[Tensor, "batch steps"]
    ) -> Int[Tensor, "batch steps kinds"]:
        """The number of each token, and of the n-grams of each length that begin at it.

        Those of n-grams begin after the vocabulary; the first of them is that of unknown ones.
        """
        size = self.config.vocabulary
        own = ids
        if self.char_ngrams is not None:  # else there are no ids beyond the vocabulary
            own = torch.where(ids < size, ids, UNKNOWN)
        of_ngrams = [] if self.ngrams is None else self.ngrams.rows(own, mask)
        return torch.stack([own, *(rows + size for rows in of_ngrams)], dim=2)
