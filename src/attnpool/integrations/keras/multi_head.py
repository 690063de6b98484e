"""Multi-head attention pooling: several learned queries score every token."""

from __future__ import annotations

from typing import Any

from attnpool.integrations.keras.layer import AttendingLayer, TokenLayer, positive
from attnpool.integrations.keras.library import keras, ops
from attnpool.integrations.keras.masking import (
    blank_padding,
    check_call,
    masked_softmax,
    weighted_sum,
)


@keras.saving.register_keras_serializable(package="attnpool")
class MultiHeadAttentionPooling1D(AttendingLayer, TokenLayer):
    """Several attention-weighted means of the token vectors, concatenated.

    `weights_h = softmax(v_h . tanh(W x))`, `vector_h = sum of weights_h * x`; no biases, W is
    shared and each head has its own v. Lin et al., "A Structured Self-attentive Sentence
    Embedding", ICLR 2017. The numbers are those of `attnpool.pooling.MultiHeadAttentionPooling1D`
    with the same weights.

    Args:
        hdims: The size in which tokens are scored, the columns of W; any, whatever the size of
            the token vectors.
        heads: The number of learned queries.
        kernel_initializer: How the weights begin, as in `keras.layers.Dense`.
        **kwargs: Those of every Keras layer: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: Token vectors; float16, bfloat16, float32 or float64. Not changed.
        mask: True = a real token, anywhere in the row; of another dtype, all but 0 is real, as
            in Keras. None = the mask that Keras carries along with the inputs, or all are real.

    Input shape:
        inputs `(batch, steps, dim)`, mask `(batch, steps)`.

    Output shape:
        vector `(batch, heads * dim)`, the first head's `dim` numbers first; weights
        `(batch, heads, steps)`; both in the dtype of the inputs. Weights are exactly 0 on padding
        and each head's sum to 1; a row without a real token is zero in both.

    Raises:
        InputError: hdims or heads is below 1, or inputs or mask has another shape.
        TypeError: The inputs are not floating point.

    Example:
        >>> layer = MultiHeadAttentionPooling1D(8, heads=2)
        >>> vector, weights = layer(keras.random.normal((5, 4, 3)))
        >>> tuple(vector.shape), tuple(weights.shape)
        ((5, 6), (5, 2, 4))
    """

    def __init__(
        self, hdims: int, heads: int, kernel_initializer: Any = "glorot_uniform", **kwargs: Any
    ) -> None:
        super().__init__(hdims, kernel_initializer, **kwargs)
        self.heads = positive("heads", heads)

    def build(self, inputs_shape: Any) -> None:
        """Make the weights: `projection` `(dim, hdims)`, then `score` `(hdims, heads)`.

        Args:
            inputs_shape: `(batch, steps, dim)`.
        """
        self._make_projection(inputs_shape)
        self.score = self._kernel("score", self.hdims, self.heads)

    def compute_output_shape(self, inputs_shape: Any) -> tuple[Any, ...]:
        """The shapes of vector and weights.

        Args:
            inputs_shape: `(batch, steps, dim)`.
        """
        batch, steps, dim = inputs_shape
        return (batch, self.heads * dim), (batch, self.heads, steps)

    def get_config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return {**super().get_config(), "heads": self.heads}

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        """Pool; see the class for arguments and shapes."""
        check_call(inputs, mask, self.dim)
        x, real = blank_padding(inputs, mask)
        keys = ops.tanh(ops.einsum("bsd,dk->bsk", x, self.projection))
        scores = ops.einsum("bsk,kh->bhs", keys, self.score)
        weights = masked_softmax(scores, ops.expand_dims(real, 1))
        # Not -1 rows: of no rows at all, that size would be anybody's guess.
        shape = (ops.shape(x)[0], self.heads * x.shape[2])
        return ops.reshape(weighted_sum(weights, x), shape), weights
