"""The linear part of a classifier: n-grams that count wherever they occur."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnpool._shapes import Float, Int


class LinearPart(nn.Module):
    """A weighted bag of tokens and n-grams, and a linear map of it to logits.

    `logit_c = bias_c + Σ table[r, c] / norm` over the occurrences of known tokens and n-grams,
    where `norm² = Σ squares[r]` over the same occurrences. So each occurrence has its share of
    every logit, and no count is needed: a row's weight holds its inverse document frequency, and
    how often it occurs where it does. The norm is a constant of the text to explanations, as
    attention weights are.

    Args:
        rows: The number of tokens and n-grams.
        classes: The number of classes.

    Call arguments:
        rows: The table rows of each token (see `TextEncoder.table_rows`).

    Input shape:
        `(batch, steps, kinds)`

    Output shape:
        `(batch, classes)`

    Source:
        TF-IDF with cosine normalisation (Salton & Buckley 1988, "Term-weighting approaches in
        automatic text retrieval"), with the mean count of a term in place of its count in a text.
    """

    squares: Tensor
    bias: Tensor

    def __init__(self, rows: int, classes: int) -> None:
        super().__init__()
        # Nothing is drawn: the weights are a solution (see `attnpool.training.linear`).
        blank = torch.zeros(rows, classes, dtype=torch.float32)
        self.table = nn.Embedding(rows, classes, _weight=blank)
        self.register_buffer("squares", torch.zeros(rows, dtype=torch.float32))
        self.register_buffer("bias", torch.zeros(classes, dtype=torch.float32))

    def forward(self, rows: Int[Tensor, "batch steps kinds"]) -> Float[Tensor, "batch classes"]:
        """Add up the shares."""
        # One look-up for each kind: explanations keep their rows apart.
        parts = torch.stack([self.table(of_kind) for of_kind in rows.unbind(2)])
        logits: Tensor = parts.sum((0, 2)) / norms(self.squares[rows].sum((1, 2))) + self.bias
        return logits


def norms(squares: Float[Tensor, "batch"]) -> Float[Tensor, "batch 1"]:
    """The norms of bags from their sums of squares; 1 for an empty bag."""
    return torch.where(squares > 0, squares, 1).sqrt().unsqueeze(1)
