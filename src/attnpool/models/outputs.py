"""What every model gives back for a batch."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from attnpool._shapes import Float


class ModelOutput(NamedTuple):
    """A model's answer to a batch of items: texts, or pairs of them.

    Attributes:
        logits: One score a class.
        weights: Where each head looked: non-negative, 0 on padding, summing to 1 over the real
            tokens of a text (all 0 in a text without any). A pair has two rows: all left texts
            stand before all right ones.
        alignment: How much each token of the left text reads each of the right; the rows of
            real tokens sum to 1. None for models that do not align.
    """

    logits: Float[Tensor, "batch classes"]
    weights: Float[Tensor, "texts heads steps"]
    alignment: Float[Tensor, "batch left right"] | None = None


class PairEncoding(NamedTuple):
    """Two pooled texts a pair, all left ones before all right ones.

    Attributes:
        vectors: The pooled texts.
        weights: Where each head looked.
        alignment: How much each left token reads each right one; None if they were not aligned.
    """

    vectors: Float[Tensor, "texts width"]
    weights: Float[Tensor, "texts heads steps"]
    alignment: Float[Tensor, "batch left right"] | None = None
