"""Attention pooling: one learned query scores every token."""

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


class AttentionPooling1D(nn.Module):
    """The mean of the token vectors, weighted by their scores for a learned query.

    `weights = normalizer(v . tanh(W x))`, `vector = sum of weights * x`; no biases. Additive
    attention (Bahdanau, Cho and Bengio, ICLR 2015) whose query is learned, as in Yang et al.,
    "Hierarchical Attention Networks for Document Classification", NAACL 2016.

    Args:
        dim: Size of the token vectors.
        attention_dim: Rows of W, the size in which tokens are scored; default: `dim`.
        normalizer: `"softmax"`, `"sparsemax"` or `"entmax15"`.

    Call arguments:
        x: Token vectors; float16, bfloat16, float32 or float64. Not changed.
        mask: bool, True = a real token (torch's `key_padding_mask` is the opposite); None = all
            are real. Real tokens may be left, right or anywhere.

    Input shape:
        x `(batch, steps, dim)`, mask `(batch, steps)`.

    Output shape:
        vector `(batch, dim)`, weights `(batch, steps)`, both in the dtype of x. Weights are
        exactly 0 on padding and sum to 1; a row without a real token is zero in both.

    Raises:
        InputError: A size is below 1, the normaliser is unknown, or x or mask has another shape.
        TypeError: x is not floating point, or the mask is not bool.

    Example:
        >>> layer = AttentionPooling1D(dim=3)
        >>> x = torch.randn(2, 4, 3)
        >>> mask = torch.tensor([[True, True, False, False], [True, True, True, True]])
        >>> vector, weights = layer(x, mask)
        >>> vector.shape, weights.shape
        (torch.Size([2, 3]), torch.Size([2, 4]))
        >>> weights[0, 2:].tolist()
        [0.0, 0.0]
    """

    @renamed_parameters(hidden="attention_dim")
    def __init__(
        self, dim: int, attention_dim: int | None = None, normalizer: str = "softmax"
    ) -> None:
        super().__init__()
        attention_dim = dim if attention_dim is None else attention_dim
        self.projection = glorot_linear(dim, attention_dim)
        self.score = glorot_linear(attention_dim, 1)
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
        scores = self.score(torch.tanh(self.projection(x))).squeeze(2)
        weights = self.normalize(scores.to(x.dtype), mask)
        vector = torch.bmm(weights.unsqueeze(1), x).squeeze(1)
        return Pooled(vector.to(x.dtype), weights)
