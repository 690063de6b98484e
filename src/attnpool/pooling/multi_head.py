"""Multi-head attention pooling: several learned queries score every token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from attnpool._renamed import renamed_parameters
from attnpool._shapes import Bool, Float
from attnpool.pooling.linear import glorot_linear
from attnpool.pooling.normalizers import find_normalizer
from attnpool.pooling.padding import blank_padding
from attnpool.pooling.pooled import Pooled


class MultiHeadAttentionPooling1D(nn.Module):
    """Several attention-weighted means of the token vectors, concatenated.

    `weights_h = normalizer(v_h . tanh(W x))`, `vector_h = sum of weights_h * x`; no biases, W is
    shared and each head has its own v. Lin et al., "A Structured Self-attentive Sentence
    Embedding", ICLR 2017.

    Args:
        dim: Size of the token vectors.
        heads: The number of learned queries.
        attention_dim: Rows of W, the size in which tokens are scored; default: `dim`.
        normalizer: `"softmax"`, `"sparsemax"` or `"entmax15"`.

    Call arguments:
        x: Token vectors; float16, bfloat16, float32 or float64. Not changed.
        mask: bool, True = a real token (torch's `key_padding_mask` is the opposite); None = all
            are real. Real tokens may be left, right or anywhere.

    Input shape:
        x `(batch, steps, dim)`, mask `(batch, steps)`.

    Output shape:
        vector `(batch, heads * dim)`, the first head's `dim` numbers first; weights
        `(batch, heads, steps)`; both in the dtype of x. Weights are exactly 0 on padding and each
        head's sum to 1; a row without a real token is zero in both.

    Raises:
        InputError: A size is below 1, the normaliser is unknown, or x or mask has another shape.
        TypeError: x is not floating point, or the mask is not bool.

    Example:
        >>> layer = MultiHeadAttentionPooling1D(dim=3, heads=2)
        >>> vector, weights = layer(torch.randn(5, 4, 3))
        >>> vector.shape, weights.shape
        (torch.Size([5, 6]), torch.Size([5, 2, 4]))
    """

    @renamed_parameters(hidden="attention_dim")
    def __init__(
        self, dim: int, heads: int, attention_dim: int | None = None, normalizer: str = "softmax"
    ) -> None:
        super().__init__()
        attention_dim = dim if attention_dim is None else attention_dim
        self.projection = glorot_linear(dim, attention_dim)
        self.score = glorot_linear(attention_dim, heads)
        self.normalize = find_normalizer(normalizer)

    if TYPE_CHECKING:

        def __call__(self, x: Tensor, mask: Tensor | None = None) -> Pooled:
            """See `forward`; `torch.nn.Module` has no types for calls."""

    def forward(
        self,
        x: Float[Tensor, "batch steps dim"],
        mask: Bool[Tensor, "batch steps"] | None = None,
    ) -> Pooled:
        """Pool; see the class for arguments and shapes."""
        x = blank_padding(x, mask, self.projection.in_features)
        scores = self.score(torch.tanh(self.projection(x))).transpose(1, 2)
        by_head = None if mask is None else mask.unsqueeze(1)
        weights = self.normalize(scores.to(x.dtype), by_head)
        vector = torch.bmm(weights, x).flatten(1)
        return Pooled(vector.to(x.dtype), weights)
