"""Poolings by name, for names from a configuration or a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool._renamed import current_value, renamed_parameters
from attnpool.errors import InputError
from attnpool.pooling.attention import AttentionPooling1D
from attnpool.pooling.average import GlobalAveragePooling1D
from attnpool.pooling.max import GlobalMaxPooling1D
from attnpool.pooling.mean_query import MeanQueryAttentionPooling1D
from attnpool.pooling.min_variance import MinVariancePooling1D
from attnpool.pooling.multi_head import MultiHeadAttentionPooling1D

if TYPE_CHECKING:
    from collections.abc import Mapping

Pooling = (
    AttentionPooling1D
    | MultiHeadAttentionPooling1D
    | MeanQueryAttentionPooling1D
    | GlobalMaxPooling1D
    | GlobalAveragePooling1D
    | MinVariancePooling1D
)
"""What `make_pooling` makes: a layer that is called as `layer(x, mask)`."""

_PLAIN: Mapping[str, type[GlobalMaxPooling1D | GlobalAveragePooling1D | MinVariancePooling1D]] = {
    "max": GlobalMaxPooling1D,
    "average": GlobalAveragePooling1D,
    "min_variance": MinVariancePooling1D,
}

POOLINGS: Mapping[str, type[Pooling]] = {
    "attention": AttentionPooling1D,
    "mean_query": MeanQueryAttentionPooling1D,
    **_PLAIN,
}

ATTENDING = ("attention", "mean_query")
"""The poolings with learned weights; only they have `attention_dim` and `normalizer`."""


@renamed_parameters(hidden="attention_dim")
def make_pooling(
    name: str,
    dim: int,
    heads: int = 1,
    *,
    attention_dim: int | None = None,
    normalizer: str = "softmax",
) -> Pooling:
    """The pooling of that name, called as `layer(x, mask)`.

    Args:
        name: A key of `POOLINGS`; the earlier `"mean-query"` and `"min-variance"` work with a
            warning.
        dim: Size of the token vectors. The pooled vector has `heads * dim` numbers.
        heads: Above 1, attention is the multi-head layer, with weights
            `(batch, heads, steps)` in place of `(batch, steps)`.
        attention_dim: The size in which attention and mean_query score tokens; default: `dim`.
        normalizer: Their normaliser.

    Returns:
        The layer.

    Raises:
        InputError: The name is unknown, a size is below 1, or the pooling does not have an
            argument that is given.

    Example:
        >>> make_pooling("attention", dim=8, heads=2)
        MultiHeadAttentionPooling1D(
          (projection): Linear(in_features=8, out_features=8, bias=False)
          (score): Linear(in_features=8, out_features=2, bias=False)
        )
    """
    name = current_value(name)
    if name not in POOLINGS:
        raise InputError(f"pooling {name!r} is unknown; choose one of {', '.join(POOLINGS)}")
    if name == "attention":
        if heads == 1:
            return AttentionPooling1D(dim, attention_dim, normalizer)
        return MultiHeadAttentionPooling1D(dim, heads, attention_dim, normalizer)
    if heads != 1:
        raise InputError(f"pooling {name!r} has one head; received heads={heads}: use attention")
    if name == "mean_query":
        return MeanQueryAttentionPooling1D(dim, attention_dim, normalizer)
    if attention_dim is not None or normalizer != "softmax":
        raise InputError(
            f"pooling {name!r} takes neither attention_dim nor normalizer: use attention"
        )
    return _PLAIN[name]()
