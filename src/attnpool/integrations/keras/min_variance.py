"""Inverse-variance pooling: tokens whose dimensions vary less have more weight."""

from __future__ import annotations

from typing import Any

from attnpool.integrations.keras.layer import TokenLayer
from attnpool.integrations.keras.library import keras, ops
from attnpool.integrations.keras.masking import (
    blank_padding,
    check_call,
    masked_softmax,
    weighted_sum,
    widened,
)

# Above the rounding error in the variance of a constant token of ordinary size (about 1e-15).
_FLOOR = 1e-12


@keras.saving.register_keras_serializable(package="attnpool")
class MinVariancePooling1D(TokenLayer):
    """The mean of the token vectors, weighted by the inverse of their variance over dimensions.

    `weights = (1 / var) / sum of (1 / var)`, `vector = sum of weights * x`: inverse-variance
    weighting, the unbiased mean of least variance (Cochran, "Problems Arising in the Analysis of
    a Series of Similar Experiments", JRSS supplement, 1937). A variance below 1e-12, also 0,
    counts as 1e-12. The numbers are those of `attnpool.pooling.MinVariancePooling1D`.

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
        >>> layer = MinVariancePooling1D()
        >>> vector, weights = layer(keras.ops.array([[[0.0, 2.0], [1.0, 5.0]]]))  # 1 and 4
        >>> [f"{share:.2f}" for share in keras.ops.convert_to_numpy(weights)[0]]
        ['0.80', '0.20']
    """

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        """Pool; see the class for arguments and shapes."""
        check_call(inputs, mask)
        x, real = blank_padding(inputs, mask)
        wide = widened(x)
        # By hand: a factor d / (d - 1) would cancel.
        variance = ops.mean(ops.square(wide - ops.mean(wide, axis=2, keepdims=True)), axis=2)
        # 1 / var, normalised, is softmax(-log var): no overflow, and masked in masked_softmax.
        floor = ops.cast(_FLOOR, wide.dtype)
        weights = ops.cast(masked_softmax(-ops.log(ops.maximum(variance, floor)), real), x.dtype)
        return weighted_sum(weights, x), weights
