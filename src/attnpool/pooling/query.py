"""Query-conditioned attention pooling: the query is an argument, such as another text's vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from attnpool._renamed import renamed_parameters
from attnpool._shapes import Bool, Float
from attnpool.errors import InputError
from attnpool.pooling.linear import glorot_linear
from attnpool.pooling.normalizers import find_normalizer
from attnpool.pooling.padding import blank_padding
from attnpool.pooling.pooled import Pooled


class QueryAttentionPooling1D(nn.Module):
    """The mean of the projected tokens, weighted by their scores for a given query.

    `h = tanh(W x)`, `weights = normalizer(v . (h * q))`, `vector = sum of weights * h`; no
    biases. It pools h, not x. The score is multiplicative (Luong, Pham and Manning, "Effective
    Approaches to Attention-based Neural Machine Translation", EMNLP 2015, with a diagonal matrix
    v), not the additive one of Bahdanau et al.

    Args:
        dim: Size of the token vectors.
        query_dim: Size of the query. None means `attention_dim`, and the query is used as it is;
            given, a linear map brings it to `attention_dim`.
        attention_dim: Rows of W, the size of the pooled vector; default: `dim`.
        normalizer: `"softmax"`, `"sparsemax"` or `"entmax15"`.

    Call arguments:
        x: Token vectors; float16, bfloat16, float32 or float64. Not changed.
        query: One query per row, in the dtype of x.
        mask: bool, True = a real token (torch's `key_padding_mask` is the opposite); None = all
            are real. Real tokens may be left, right or anywhere.

    Input shape:
        x `(batch, steps, dim)`, query `(batch, query_dim)`, mask `(batch, steps)`.

    Output shape:
        vector `(batch, attention_dim)`, weights `(batch, steps)`, both in the dtype of x. Weights
        are exactly 0 on padding and sum to 1; a row without a real token is zero in both.

    Raises:
        InputError: A size is below 1, the normaliser is unknown, or x, query or mask has another
            shape.
        TypeError: x is not floating point, or the mask is not bool.

    Example:
        >>> layer = QueryAttentionPooling1D(dim=3, query_dim=5, attention_dim=4)
        >>> vector, weights = layer(torch.randn(2, 6, 3), torch.randn(2, 5))
        >>> vector.shape, weights.shape
        (torch.Size([2, 4]), torch.Size([2, 6]))
    """

    @renamed_parameters(hidden="attention_dim")
    def __init__(
        self,
        dim: int,
        query_dim: int | None = None,
        attention_dim: int | None = None,
        normalizer: str = "softmax",
    ) -> None:
        super().__init__()
        attention_dim = dim if attention_dim is None else attention_dim
        self.projection = glorot_linear(dim, attention_dim)
        self.query_projection = (
            None if query_dim is None else glorot_linear(query_dim, attention_dim)
        )
        self.score = glorot_linear(attention_dim, 1)
        self.normalize = find_normalizer(normalizer)

    if TYPE_CHECKING:

        def __call__(self, x: Tensor, query: Tensor, mask: Tensor | None = None) -> Pooled:
            """See `forward`; `torch.nn.Module` has no types for calls."""

    def forward(
        self,
        x: Float[Tensor, "batch steps dim"],
        query: Float[Tensor, "batch query_dim"],
        mask: Bool[Tensor, "batch steps"] | None = None,
    ) -> Pooled:
        """Pool; see the class for arguments and shapes."""
        x = blank_padding(x, mask, self.projection.in_features)
        projected = torch.tanh(self.projection(x))
        # v . (h * q) = h . (v * q): one product per token, without a tensor of all h * q.
        scale = self._projected_query(x, query) * self.score.weight
        scores = torch.bmm(projected, scale.unsqueeze(2)).squeeze(2)
        weights = self.normalize(scores.to(x.dtype), mask)
        vector = torch.bmm(weights.unsqueeze(1), projected).squeeze(1)
        return Pooled(vector.to(x.dtype), weights)

    def _projected_query(self, x: Tensor, query: Tensor) -> Tensor:
        projection = self.query_projection
        size = self.projection.out_features if projection is None else projection.in_features
        if query.shape != (x.shape[0], size):
            raise InputError(
                f"query must have shape (batch, query_dim) = {(x.shape[0], size)}; "
                f"received {tuple(query.shape)}"
            )
        return query if projection is None else projection(query)
