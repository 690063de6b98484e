"""The classifier as one would write it in plain PyTorch: padded batches, dense tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """The sizes of a `TwinModel`; its n-grams have one table, row 0 for those not known."""

    vocabulary: int
    ngram_rows: int
    classes: int
    dim: int
    hidden: int
    heads: int
    kernel_sizes: Sequence[int]
    embedding_dropout: float
    dropout: float


class TwinModel(nn.Module):
    """Embeddings, convolutions, n-gram embeddings, attention with some heads, a linear layer.

    Call arguments:
        ids: Character ids `(batch, steps)`, 0 for padding.
        rows: Rows of the n-gram table `(batch, steps, lengths)`, 0 for none.

    Returns:
        Logits `(batch, classes)` and attention weights `(batch, steps, heads)`.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        dim = shape.dim
        self.embedding = nn.Embedding(shape.vocabulary, dim, padding_idx=0)
        self.ngrams = nn.Embedding(shape.ngram_rows + 1, dim, padding_idx=0)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(dim, dim, width, padding="same") for width in shape.kernel_sizes
        )
        self.projection = nn.Linear(dim, shape.hidden, bias=False)
        self.score = nn.Linear(shape.hidden, shape.heads, bias=False)
        self.head = nn.Linear(shape.heads * dim, shape.classes)
        self.embedding_dropout = nn.Dropout(shape.embedding_dropout)
        self.dropout = nn.Dropout(shape.dropout)
        nn.init.normal_(self.embedding.weight, std=0.1)
        nn.init.zeros_(self.embedding.weight[:2])
        nn.init.zeros_(self.ngrams.weight)

    def forward(self, ids: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
        return self.read(*self.embed(ids, rows), ids > 0)

    def embed(self, ids: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
        """The embeddings of the characters, and the sums of those of their n-grams."""
        ngrams = torch.zeros(())
        for k in range(rows.shape[2]):
            ngrams = ngrams + self.ngrams(rows[:, :, k])
        return self.embedding(ids), ngrams

    def read(self, characters: Tensor, ngrams: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """From embeddings on."""
        x = self.embedding_dropout(characters)
        for convolution in self.convolutions:
            x = torch.relu(convolution(x.transpose(1, 2)).transpose(1, 2)) * mask.unsqueeze(2)
        x = x + ngrams
        scores = self.score(torch.tanh(self.projection(x)))
        scores = scores.masked_fill(~mask.unsqueeze(2), torch.finfo(scores.dtype).min)
        weights = torch.softmax(scores, dim=1)
        pooled = torch.bmm(weights.transpose(1, 2), x).flatten(1)
        return self.head(self.dropout(pooled)), weights
