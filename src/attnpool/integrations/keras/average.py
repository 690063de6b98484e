"""Global average pooling: every real token has the same weight."""

from __future__ import annotations

from typing import Any

from attnpool.integrations.keras.layer import TokenLayer
from attnpool.integrations.keras.library import keras, ops
from attnpool.integrations.keras.masking import blank_padding, check_call, widened


@keras.saving.register_keras_serializable(package="attnpool")
class MaskGlobalAveragePooling1D(TokenLayer):
    """The mean of the real tokens, each with the weight 1/n.

    `vector = sum of x / n`, `weights = 1 / n`, n the number of real tokens: the arithmetic mean,
    summed in at least float32. `keras.layers.GlobalAveragePooling1D` gives NaN for a row without
    a real token, and no weights. The numbers are those of
    `attnpool.pooling.GlobalAveragePooling1D`.

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
        >>> layer = MaskGlobalAveragePooling1D()
        >>> vector, weights = layer(keras.ops.array([[[1.0, 5.0], [3.0, 2.0]]]))
        >>> [keras.ops.convert_to_numpy(part).tolist() for part in (vector, weights)]
        [[[2.0, 3.5]], [[0.5, 0.5]]]
    """

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        """Pool; see the class for arguments and shapes."""
        check_call(inputs, mask)
        return masked_mean(*blank_padding(inputs, mask))


def masked_mean(x: Any, real: Any) -> tuple[Any, Any]:
    """The mean of the real tokens and the weight of each token, in the dtype of x.

    Args:
        x: `(batch, steps, dim)`. What it holds on padding counts for nothing where it is finite.
        real: bool, `(batch, steps)`.
    """
    wide = widened(x)  # counts above 2048 are lost in float16
    counted = ops.cast(real, wide.dtype)
    number = ops.maximum(ops.sum(counted, axis=1, keepdims=True), ops.cast(1, wide.dtype))
    vector = ops.sum(wide * ops.expand_dims(counted, 2), axis=1) / number
    return ops.cast(vector, x.dtype), ops.cast(counted / number, x.dtype)
