"""The pooling layers for Keras 3, on torch, JAX and TensorFlow.

`layer(inputs, mask) -> (vector, weights)`, with the contract of `attnpool.pooling`: weights are
exactly 0 on padding, and a row without a real token is zero. `attnpool.integrations.keras` needs
no torch where Keras runs on another backend; `pip install 'attnpool[keras]'` brings Keras, the
backend is yours to choose.
"""

from __future__ import annotations

from attnpool.integrations.keras.additive import AdditiveAttention1D
from attnpool.integrations.keras.attention import AttentionPooling1D
from attnpool.integrations.keras.average import MaskGlobalAveragePooling1D
from attnpool.integrations.keras.max import MaskGlobalMaxPooling1D
from attnpool.integrations.keras.mean_query import MeanQueryAttentionPooling1D
from attnpool.integrations.keras.min_variance import MinVariancePooling1D
from attnpool.integrations.keras.multi_head import MultiHeadAttentionPooling1D

__all__ = [
    "AdditiveAttention1D",
    "AttentionPooling1D",
    "MaskGlobalAveragePooling1D",
    "MaskGlobalMaxPooling1D",
    "MeanQueryAttentionPooling1D",
    "MinVariancePooling1D",
    "MultiHeadAttentionPooling1D",
]
