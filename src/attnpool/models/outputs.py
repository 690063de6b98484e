"""The outputs of models for a batch."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from torch import Tensor

from attnpool._shapes import Float

Array = TypeVar("Array", np.ndarray, Tensor)


class ModelOutput(NamedTuple):
    """The output of a model for a batch of items: texts, or pairs of texts.

    Attributes:
        logits: One score per class.
        weights: The pooling weights per head: non-negative, 0 on padding, summing to 1 over the
            real tokens of a text (all 0 in a text without tokens). A pair has two rows: all left
            texts stand before all right ones.
        alignment: How much each token of the left text attends to each token of the right text;
            the rows of real tokens sum to 1. None for models that do not align.
    """

    logits: Float[Tensor, "batch classes"]
    weights: Float[Tensor, "texts heads steps"]
    alignment: Float[Tensor, "batch left right"] | None = None


class PairEncoding(NamedTuple):
    """The pooled texts of pairs, all left texts before all right ones.

    Attributes:
        vectors: The pooled texts.
        weights: The pooling weights per head.
        alignment: How much each left token attends to each right token; None if the texts were
            not aligned.
    """

    vectors: Float[Tensor, "texts width"]
    weights: Float[Tensor, "texts heads steps"]
    alignment: Float[Tensor, "batch left right"] | None = None


def margins(logits: Array, targets: Array) -> Array:
    """The target's logit less the mean of all logits, for each item.

    Args:
        logits: One score per class, `(items, classes)`.
        targets: The number of a class per item, `(items,)`.
    """
    of_targets: Array = logits[np.arange(len(logits)), targets] - logits.mean(1)
    return of_targets
