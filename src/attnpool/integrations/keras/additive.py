"""Attention pooling by a given query, such as another text's vector."""

from __future__ import annotations

from typing import Any

from attnpool.errors import InputError
from attnpool.integrations.keras.layer import AttendingLayer
from attnpool.integrations.keras.library import keras, ops
from attnpool.integrations.keras.masking import (
    blank_padding,
    check_call,
    fits,
    masked_softmax,
    weighted_sum,
)


@keras.saving.register_keras_serializable(package="attnpool")
class AdditiveAttention1D(AttendingLayer):
    """The mean of the projected tokens, weighted by their scores for a given query.

    `h = tanh(W x)`, `weights = softmax(v . (h * q))`, `vector = sum of weights * h`; no biases.
    It pools h, not x. The name is that of the original scripts; the score is multiplicative
    (Luong, Pham and Manning, "Effective Approaches to Attention-based Neural Machine
    Translation", EMNLP 2015, with a diagonal matrix v). The numbers are those of
    `attnpool.pooling.QueryAttentionPooling1D` with the same weights.

    Args:
        hdims: The size of the pooled vector, the columns of W.
        kernel_initializer: How the weights begin, as in `keras.layers.Dense`.
        project_query: Whether a linear map brings the query to `hdims`; else the query has that
            size itself.
        **kwargs: Those of every Keras layer: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: Token vectors; float16, bfloat16, float32 or float64. Not changed.
        query: One query per row, in the dtype of the inputs.
        inputs_mask: True = a real token, anywhere in the row; of another dtype, all but 0 is real,
            as in Keras. None = the mask that Keras carries along with the inputs, or all are real.
            Keras fills in `mask` only where a layer takes one tensor; this one takes two, hence
            the name.

    Input shape:
        inputs `(batch, steps, dim)`, query `(batch, query_dim)`, inputs_mask `(batch, steps)`.

    Output shape:
        vector `(batch, hdims)`, weights `(batch, steps)`, both in the dtype of the inputs.
        Weights are exactly 0 on padding and sum to 1; a row without a real token is zero in both.

    Raises:
        InputError: hdims is below 1, or inputs, query or inputs_mask has another shape.
        TypeError: The inputs are not floating point.

    Example:
        >>> layer = AdditiveAttention1D(4)
        >>> vector, weights = layer(keras.random.normal((2, 6, 3)), keras.random.normal((2, 4)))
        >>> tuple(vector.shape), tuple(weights.shape)
        ((2, 4), (2, 6))
    """

    def __init__(
        self,
        hdims: int,
        kernel_initializer: Any = "glorot_uniform",
        project_query: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(hdims, kernel_initializer, **kwargs)
        self.project_query = bool(project_query)

    def __call__(self, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        """Call the layer; a call as the original's is told before Keras misses arguments."""
        given = dict(zip(("inputs", "query", "inputs_mask"), args, strict=False)) | kwargs
        if isinstance(given.get("inputs"), (list, tuple)) or "mask" in given:
            raise InputError(
                "AdditiveAttention1D is called as layer(inputs, query, inputs_mask=mask); that of "
                "attnpool.integrations.keras.original as layer([inputs, query], mask=mask)"
            )
        if isinstance(given.get("query"), (list, tuple)):
            raise InputError(
                "query must be one tensor, such as vector of `vector, weights = layer(inputs)`; "
                f"received {len(given['query']):,} parts"
            )
        pooled: tuple[Any, Any] = super().__call__(*args, **kwargs)
        return pooled

    def build(self, inputs_shape: Any, query_shape: Any) -> None:
        """Make the weights: `projection` `(dim, hdims)`, that of the query, `score` `(hdims, 1)`.

        Args:
            inputs_shape: `(batch, steps, dim)`.
            query_shape: `(batch, query_dim)`.

        Raises:
            InputError: A shape is another.
        """
        self._make_projection(inputs_shape)
        self._check_query(query_shape, inputs_shape[0])
        self.query_dim = int(query_shape[1])
        if self.project_query:
            self.query_projection = self._kernel("query_projection", self.query_dim, self.hdims)
        self.score = self._kernel("score", self.hdims, 1)

    def compute_output_shape(self, inputs_shape: Any, query_shape: Any) -> tuple[Any, ...]:  # noqa: ARG002
        """The shapes of vector and weights.

        Args:
            inputs_shape: `(batch, steps, dim)`.
            query_shape: `(batch, query_dim)`.
        """
        batch, steps, _ = inputs_shape
        return (batch, self.hdims), (batch, steps)

    def compute_output_spec(
        self, inputs: Any, query: Any, inputs_mask: Any = None
    ) -> tuple[Any, ...]:
        """The symbolic outputs.

        Args:
            inputs: The symbolic token vectors.
            query: The symbolic query.
            inputs_mask: The symbolic mask, or None.

        Raises:
            InputError: A shape is wrong.
            TypeError: The inputs are not floating point.
        """
        check_call(inputs, inputs_mask, self.dim)
        self._check_query(query.shape, inputs.shape[0])
        return self._symbols(self.compute_output_shape(inputs.shape, query.shape))

    def get_config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return {**super().get_config(), "project_query": self.project_query}

    def call(self, inputs: Any, query: Any, inputs_mask: Any = None) -> tuple[Any, Any]:
        """Pool; see the class for arguments and shapes."""
        check_call(inputs, inputs_mask, self.dim)
        self._check_query(query.shape, inputs.shape[0])
        x, real = blank_padding(inputs, inputs_mask)
        projected = ops.tanh(ops.einsum("bsd,dk->bsk", x, self.projection))
        if self.project_query:
            query = ops.einsum("bq,qk->bk", query, self.query_projection)
        # v . (h * q) = h . (v * q): one product per token, without a tensor of all h * q.
        scale = query * ops.squeeze(self.score, 1)
        weights = masked_softmax(ops.einsum("bsk,bk->bs", projected, scale), real)
        return weighted_sum(weights, projected), weights

    def _check_query(self, shape: Any, batch: int | None) -> None:
        size = getattr(self, "query_dim", None) if self.project_query else self.hdims
        if not fits(shape, (batch, size)) or not shape[1]:
            raise InputError(
                f"query must have shape (batch, query_dim) = {(batch, size)}; "
                f"received {tuple(shape)}"
            )
