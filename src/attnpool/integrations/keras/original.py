"""The layers with the calls of the original tf.keras page: a script changes its import alone.

Constructors, calls, what comes back and the shapes of weights are those of
`text-attentionpooling-visualization`; numbers are those of `attnpool.integrations.keras`.
"""

from __future__ import annotations

from typing import Any

from attnpool.errors import InputError
from attnpool.integrations import keras as layers
from attnpool.integrations.keras.layer import AttendingLayer
from attnpool.integrations.keras.library import keras, ops
from attnpool.integrations.keras.masking import check_call

_registered = keras.saving.register_keras_serializable(package="attnpool.original")


@_registered
class AttentionPooling1D(layers.AttentionPooling1D):
    """`layer(inputs, mask=None)` gives vector `(batch, dim)`, weights `(batch, steps, 1)`."""

    def compute_output_shape(self, inputs_shape: Any) -> tuple[Any, ...]:
        """The shapes of vector and weights."""
        vector, weights = super().compute_output_shape(inputs_shape)
        return vector, (*weights, 1)

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        """Pool."""
        vector, weights = super().call(inputs, mask)
        return vector, ops.expand_dims(weights, 2)


@_registered
class MultiHeadAttentionPooling1D(layers.MultiHeadAttentionPooling1D):
    """The same with vector `(batch, heads * dim)`, weights `(batch, steps, heads)`."""

    def compute_output_shape(self, inputs_shape: Any) -> tuple[Any, ...]:
        """The shapes of vector and weights."""
        vector, (batch, heads, steps) = super().compute_output_shape(inputs_shape)
        return vector, (batch, steps, heads)

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        """Pool."""
        vector, weights = super().call(inputs, mask)
        return vector, ops.transpose(weights, (0, 2, 1))


@_registered
class AdditiveAttention1D(AttendingLayer):
    """`layer([inputs, query], mask=None)` gives vector `(batch, hdims)`, weights `(…, 1)`."""

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Call the layer; a call as that of `attnpool.integrations.keras` is told."""
        if not isinstance(inputs, (list, tuple)) or len(inputs) != 2 or "inputs_mask" in kwargs:
            raise InputError("AdditiveAttention1D is called as layer([inputs, query], mask=mask)")
        return super().__call__(inputs, *args, **kwargs)

    def build(self, inputs_shape: Any) -> None:
        """Make the weights, for the shapes of `[inputs, query]`."""
        initializer, dtype = self.kernel_initializer, self.dtype_policy
        self.pool = layers.AdditiveAttention1D(self.hdims, initializer, dtype=dtype)
        self.pool.build(*inputs_shape)

    def compute_output_shape(self, inputs_shape: Any) -> tuple[Any, ...]:
        """The shapes of vector and weights."""
        batch, steps, _ = inputs_shape[0]
        return (batch, self.hdims), (batch, steps, 1)

    def compute_output_spec(self, inputs: Any, mask: Any = None) -> tuple[Any, ...]:
        """The symbolic outputs."""
        (x, query), mask = inputs, mask[0] if isinstance(mask, (list, tuple)) else mask
        vector, weights = self.pool.compute_output_spec(x, query, mask)
        return self._symbols((vector.shape, (*weights.shape, 1)))

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        """Pool."""
        # Of a list Keras carries along a list: the mask of each tensor.
        mask = mask[0] if isinstance(mask, (list, tuple)) else mask
        vector, weights = self.pool(*inputs, inputs_mask=mask)
        return vector, ops.expand_dims(weights, 2)


@_registered
class MaskGlobalMaxPooling1D(layers.MaskGlobalMaxPooling1D):
    """`layer(inputs, mask=None)` gives the vector alone, `(batch, dim)`."""

    def compute_output_shape(self, inputs_shape: Any) -> Any:
        """The shape of the vector."""
        return super().compute_output_shape(inputs_shape)[0]

    def compute_output_spec(self, inputs: Any, mask: Any = None) -> Any:
        """The symbolic vector."""
        check_call(inputs, mask)
        return self._symbols((self.compute_output_shape(inputs.shape),))[0]

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Pool."""
        return super().call(inputs, mask)[0]
