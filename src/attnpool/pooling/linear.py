"""The linear maps of the attention layers: without bias, initialised Glorot-uniform."""

from __future__ import annotations

from torch import nn

from attnpool.errors import InputError


def glorot_linear(in_features: int, out_features: int) -> nn.Linear:
    """A linear map without bias, initialised as in Glorot and Bengio (AISTATS 2010).

    Args:
        in_features: The size of the input.
        out_features: The size of the output.

    Raises:
        InputError: A size is not a positive integer.
    """
    for size in (in_features, out_features):
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise InputError(
                "dim, attention_dim, query_dim and heads are whole numbers that must be at least "
                f"1; received {size}"
            )
    linear = nn.Linear(in_features, out_features, bias=False)
    nn.init.xavier_uniform_(linear.weight)
    return linear
