"""Mean-query attention pooling: the query is the mean of the text's own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from attnpool._renamed import renamed_parameters
from attnpool._shapes import Bool, Float
from attnpool.pooling.average import GlobalAveragePooling1D
from attnpool.pooling.linear import glorot_linear
from attnpool.pooling.normalizers import find_normalizer
from attnpool.pooling.padding import blank_padding
from attnpool.pooling.pooled import Pooled


class MeanQueryAttentionPooling1D(nn.Module):
    """The mean of the token vectors, weighted by their scores for the mean of the text.

    `k = tanh(W x)`, `q = mean of k` over the real tokens, `weights = normalizer(v . (k * q))`,
    `vector = sum of weights * x`; no biases. For a learned query a token has the same score in
    every text; here it has a higher weight in a text whose other tokens are similar to it. The
    score is multiplicative (Luong, Pham and Manning, "Effective Approaches to Attention-based
    Neural Machine Translation", EMNLP 2015, with a diagonal matrix v). A mean as the query is
    from Ma et al., "Interactive Attention Networks", IJCAI 2017, there the mean of another text.

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
        >>> layer = MeanQueryAttentionPooling1D(dim=3)
        >>> vector, weights = layer(torch.randn(2, 4, 3))
        >>> vector.shape, weights.shape
        (torch.Size([2, 3]), torch.Size([2, 4]))
    """

    @renamed_parameters(hidden="attention_dim")
    def __init__(
        self, dim: int, attention_dim: int | None = None, normalizer: str = "softmax"
    ) -> None:
        super().__init__()
        attention_dim = dim if attention_dim is None else attention_dim
        self.projection = glorot_linear(dim, attention_dim)
        self.average = GlobalAveragePooling1D()
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
        keys = torch.tanh(self.projection(x))
        scores = match(keys, self.average(keys, mask).vector, self.score.weight)
        weights = self.normalize(scores.to(x.dtype), mask)
        vector = torch.bmm(weights.unsqueeze(1), x).squeeze(1)
        return Pooled(vector.to(x.dtype), weights)


def match(
    keys: Float[Tensor, "batch steps attention_dim"],
    query: Float[Tensor, "batch attention_dim"],
    by: Float[Tensor, "1 attention_dim"],
) -> Float[Tensor, "batch steps"]:
    """The score of each key for a query: `by . (key * query)`.

    Args:
        keys: The keys of the tokens.
        query: One query per row.
        by: The weights of the score.
    """
    # v . (k * q) = k . (v * q): one product per token, without a tensor of all k * q.
    return torch.bmm(keys, (query * by).unsqueeze(2)).squeeze(2)
