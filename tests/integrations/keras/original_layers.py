"""Layers with the interface of the original tf.keras page, in other words: what scripts import.

Padding loses 1e12 of its score and softmax runs over the steps, so that weights are
`(batch, steps, 1 or heads)`; two tensors come as a list; max pooling gives the vector alone.
"""

import keras
from keras import ops


def penalty(mask):
    """What the scores of padding lose, `(batch, steps, 1)`."""
    if isinstance(mask, list):  # Keras 3 fills in one for each tensor of a list
        mask = mask[0]
    return 0.0 if mask is None else 1e12 * (1 - ops.expand_dims(ops.cast(mask, "float32"), 2))


class Scoring(keras.layers.Layer):
    """A layer of two matrices without biases."""

    def __init__(self, hdims, kernel_initializer="glorot_uniform", scores=1, **kwargs):
        super().__init__(**kwargs)
        self.keys = keras.layers.Dense(
            hdims, "tanh", use_bias=False, kernel_initializer=kernel_initializer
        )
        self.score = keras.layers.Dense(scores, use_bias=False)

    def shares(self, keys, mask):
        return ops.softmax(self.score(keys) - penalty(mask), axis=1)


class AttentionPooling1D(Scoring):
    def call(self, inputs, mask=None):
        weights = self.shares(self.keys(inputs), mask)
        return ops.sum(weights * inputs, axis=1), weights


class MultiHeadAttentionPooling1D(Scoring):
    def __init__(self, hdims, heads, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(hdims, kernel_initializer, heads, **kwargs)
        self.size = heads * hdims  # right only where hdims is the size of the token vectors

    def call(self, inputs, mask=None):
        weights = self.shares(self.keys(inputs), mask)
        heads = ops.sum(ops.expand_dims(weights, 3) * ops.expand_dims(inputs, 2), axis=1)
        return ops.reshape(heads, (-1, self.size)), weights


class AdditiveAttention1D(Scoring):
    def call(self, inputs, mask=None):
        tokens, query = inputs
        keys = self.keys(tokens)
        weights = self.shares(keys * ops.expand_dims(query, 1), mask)
        return ops.sum(weights * keys, axis=1), weights


class MaskGlobalMaxPooling1D(keras.layers.Layer):
    def call(self, inputs, mask=None):
        return ops.max(inputs - penalty(mask), axis=1)
