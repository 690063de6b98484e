"""Global max pooling: the maximum of each dimension over the real tokens."""

from __future__ import annotations

from typing import Any

from attnpool.integrations.keras.layer import TokenLayer
from attnpool.integrations.keras.library import keras, ops
from attnpool.integrations.keras.masking import blank_padding, check_call, widened


@keras.saving.register_keras_serializable(package="attnpool")
class MaskGlobalMaxPooling1D(TokenLayer):
    """The maximum of each dimension, with the share of dimensions whose maximum is at a token.

    `vector_d = max over t of x_td`, `weights_t = mean over d of [x_td is the maximum of d]`, a
    tie split equally among its tokens. The pooling is that of Collobert et al., "Natural Language
    Processing (Almost) from Scratch", JMLR 2011; the weights are counts and have no gradient.
    The numbers are those of `attnpool.pooling.GlobalMaxPooling1D`.

    Args:
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
        InputError: inputs or mask has another shape.
        TypeError: The inputs are not floating point.

    Example:
        >>> layer = MaskGlobalMaxPooling1D()
        >>> vector, weights = layer(keras.ops.array([[[1.0, 5.0], [1.0, 2.0], [0.0, 3.0]]]))
        >>> [keras.ops.convert_to_numpy(part).tolist() for part in (vector, weights)]
        [[[1.0, 5.0]], [[0.75, 0.25, 0.0]]]
    """

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        """Pool; see the class for arguments and shapes."""
        check_call(inputs, mask)
        x, real = blank_padding(inputs, mask)
        if 0 in x.shape:  # the maximum of nothing is an error
            return ops.sum(x, axis=1), ops.sum(x, axis=2)
        token = ops.expand_dims(real, 2)
        # -inf, not the lowest finite number, which would be larger than a real -inf.
        lowest = ops.cast(float("-inf"), x.dtype)
        peaks = ops.amax(ops.where(token, x, lowest), axis=1, keepdims=True)
        at_maximum = ops.logical_and(ops.equal(x, peaks), token)
        some = ops.any(real, axis=1, keepdims=True)
        vector = ops.where(some, ops.squeeze(peaks, 1), ops.cast(0, x.dtype))
        counts = ops.cast(at_maximum, widened(x[:, :0]).dtype)
        ties = ops.maximum(ops.sum(counts, axis=1, keepdims=True), ops.cast(1, counts.dtype))
        return vector, ops.cast(ops.mean(counts / ties, axis=2), x.dtype)
