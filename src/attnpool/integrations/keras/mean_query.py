"""Mean-query attention pooling: the query is the mean of the text's own keys."""

from __future__ import annotations

from typing import Any

from attnpool.integrations.keras.average import masked_mean
from attnpool.integrations.keras.layer import AttendingLayer, TokenLayer
from attnpool.integrations.keras.library import keras, ops
from attnpool.integrations.keras.masking import (
    blank_padding,
    check_call,
    masked_softmax,
    weighted_sum,
)


@keras.saving.register_keras_serializable(package="attnpool")
class MeanQueryAttentionPooling1D(AttendingLayer, TokenLayer):
    """The mean of the token vectors, weighted by their scores for the mean of the text.

    `k = tanh(W x)`, `q = mean of k` over the real tokens, `weights = softmax(v . (k * q))`,
    `vector = sum of weights * x`; no biases. For a learned query a token has the same score in
    every text; here it has a higher weight in a text whose other tokens are similar to it. The
    score is multiplicative (Luong, Pham and Manning, EMNLP 2015, with a diagonal matrix v); a mean
    as the query is from Ma et al., "Interactive Attention Networks", IJCAI 2017. The numbers are
    those of `attnpool.pooling.MeanQueryAttentionPooling1D` with the same weights.

    Args:
        hdims: The size in which tokens are scored, the columns of W.
        kernel_initializer: How the weights begin, as in `keras.layers.Dense`.
        **kwargs: Those of every Keras layer: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: Token vectors; float16, bfloat16, float32 or float64. Not changed.
        mask: True = a real token, anywhere in the row; of another dtype, all but 0 is real, as
            in Keras. None = the mask that Keras carries along with the inputs, or all are real.

    Input shape:
        inputs `(batch, steps, dim)`, mask `(batch, steps)`.

    Output shape:
        vector `(batch, dim)`, weights `(batch, steps)`, both in the dtype of the inputs. Weights
        are exactly 0 on padding and sum to 1; a row without a real token is zero in both.

    Raises:
        InputError: hdims is below 1, or inputs or mask has another shape.
        TypeError: The inputs are not floating point.

    Example:
        >>> layer = MeanQueryAttentionPooling1D(8)
        >>> vector, weights = layer(keras.random.normal((2, 4, 3)))
        >>> tuple(vector.shape), tuple(weights.shape)
        ((2, 3), (2, 4))
    """

    def build(self, inputs_shape: Any) -> None:
        """Make the weights: `projection` `(dim, hdims)`, then `score` `(hdims, 1)`.

        Args:
            inputs_shape: `(batch, steps, dim)`.
        """
        self._make_projection(inputs_shape)
        self.score = self._kernel("score", self.hdims, 1)

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        """Pool; see the class for arguments and shapes."""
        check_call(inputs, mask, self.dim)
        x, real = blank_padding(inputs, mask)
        keys = ops.tanh(ops.einsum("bsd,dk->bsk", x, self.projection))
        query, _ = masked_mean(keys, real)
        # v . (k * q) = k . (v * q): one product per token, without a tensor of all k * q.
        scale = query * ops.squeeze(self.score, 1)
        weights = masked_softmax(ops.einsum("bsk,bk->bs", keys, scale), real)
        return weighted_sum(weights, x), weights
