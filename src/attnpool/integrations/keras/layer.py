"""What the layers share: masks that end here, shapes of both outputs, checks, configuration."""

from __future__ import annotations

import operator
from typing import Any

from attnpool.errors import InputError
from attnpool.integrations.keras.library import keras
from attnpool.integrations.keras.masking import check_call


class PoolingLayer(keras.layers.Layer):  # type: ignore[misc] # Keras has no types
    """A layer from token vectors to `(vector, weights)`.

    Args:
        **kwargs: Those of every Keras layer: `name`, `dtype`, `trainable`.
    """

    dim: int | None = None  # the size of the token vectors, where the weights depend on it

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:  # noqa: ARG002
        """None: what is pooled has no steps to mask. Keras would pass the mask on to both outputs.

        That it is here at all tells Keras that the layer supports masking.

        Args:
            inputs: Not used.
            mask: Not used.
        """
        return

    def _symbols(self, shapes: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(keras.KerasTensor(shape, dtype=self.compute_dtype) for shape in shapes)


class TokenLayer(PoolingLayer):
    """A layer that takes the token vectors and their mask alone; its vector has their size."""

    def compute_output_shape(self, inputs_shape: Any) -> tuple[Any, ...]:
        """The shapes of vector and weights.

        Args:
            inputs_shape: `(batch, steps, dim)`.
        """
        batch, steps, dim = inputs_shape
        return (batch, dim), (batch, steps)

    def compute_output_spec(self, inputs: Any, mask: Any = None) -> tuple[Any, ...]:
        """The symbolic outputs.

        Args:
            inputs: The symbolic token vectors.
            mask: The symbolic mask, or None.

        Raises:
            InputError: A shape is wrong.
            TypeError: `inputs` is not floating point.
        """
        check_call(inputs, mask, self.dim)
        return self._symbols(self.compute_output_shape(inputs.shape))


class AttendingLayer(PoolingLayer):
    """A layer that scores tokens with weights it learns.

    Args:
        hdims: The size in which tokens are scored.
        kernel_initializer: How the weights begin.
        **kwargs: Those of every Keras layer.

    Raises:
        InputError: hdims is below 1.
    """

    def __init__(
        self, hdims: int, kernel_initializer: Any = "glorot_uniform", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.hdims = positive("hdims", hdims)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def get_config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        initializer = keras.initializers.serialize(self.kernel_initializer)
        own = {"hdims": self.hdims, "kernel_initializer": initializer}
        return {**super().get_config(), **own}

    def _make_projection(self, inputs_shape: Any) -> None:
        if len(inputs_shape) != 3 or not inputs_shape[2]:
            raise InputError(
                f"inputs must have shape (batch, steps, dim); received {tuple(inputs_shape)}"
            )
        self.dim = int(inputs_shape[2])
        self.projection = self._kernel("projection", self.dim, self.hdims)

    def _kernel(self, name: str, rows: int, columns: int) -> Any:
        initializer = self.kernel_initializer
        if isinstance(initializer, keras.initializers.Initializer):
            # One that is used twice gives the same numbers twice; a copy draws its own.
            initializer = initializer.from_config(initializer.get_config())
        return self.add_weight(name=name, shape=(rows, columns), initializer=initializer)


def positive(name: str, size: Any) -> int:
    """A size of a layer.

    Args:
        name: What it is called.
        size: What was given.

    Raises:
        InputError: It is no whole number, or below 1.
    """
    try:
        found = 0 if isinstance(size, bool) else operator.index(size)
    except TypeError:
        found = 0
    if found < 1:
        raise InputError(f"{name} must be a whole number of at least 1; received {size!r}")
    return found
