"""Pooling layers: many token vectors in, one vector out, and a weight per token.

`layer(x, mask) -> Pooled(vector, weights)`, with `mask` bool and True for a real token (torch's
`key_padding_mask` is the opposite). They depend on torch alone.
"""

from attnpool.pooling.attention import AttentionPooling1D
from attnpool.pooling.average import GlobalAveragePooling1D
from attnpool.pooling.masked_softmax import masked_softmax
from attnpool.pooling.max import GlobalMaxPooling1D
from attnpool.pooling.mean_query import MeanQueryAttentionPooling1D
from attnpool.pooling.min_variance import MinVariancePooling1D
from attnpool.pooling.multi_head import MultiHeadAttentionPooling1D
from attnpool.pooling.normalizers import NORMALIZERS, entmax15, sparsemax
from attnpool.pooling.pooled import Pooled
from attnpool.pooling.query import QueryAttentionPooling1D
from attnpool.pooling.registry import ATTENDING, POOLINGS, make_pooling

__all__ = [
    "ATTENDING",
    "NORMALIZERS",
    "POOLINGS",
    "AttentionPooling1D",
    "GlobalAveragePooling1D",
    "GlobalMaxPooling1D",
    "MeanQueryAttentionPooling1D",
    "MinVariancePooling1D",
    "MultiHeadAttentionPooling1D",
    "Pooled",
    "QueryAttentionPooling1D",
    "entmax15",
    "make_pooling",
    "masked_softmax",
    "sparsemax",
]
