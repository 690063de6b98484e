"""What comes of two texts that met, before a head judges them."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from attnpool._shapes import Float


class Met(NamedTuple):
    """Two pooled texts a pair, all left ones before all right ones.

    Attributes:
        vectors: The pooled texts.
        weights: Where each head looked.
        alignment: How much each left token reads each right one; None if they were not aligned.
    """

    vectors: Float[Tensor, "texts width"]
    weights: Float[Tensor, "texts heads steps"]
    alignment: Float[Tensor, "batch left right"] | None = None
