"""`Predictions`: the outputs of a model for many items, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attnpool._shapes import Float


class Predictions(NamedTuple):
    """The outputs of a model for many items.

    Attributes:
        logits: One score per class.
        weights: The pooling weights per head, for the tokens of all texts one after the other, as
            `Tokens.bounds` divides them; None unless asked for.
        alignments: For each pair how much each left token attends to each right token; None
            unless asked for, or if the model does not align.
    """

    logits: Float[np.ndarray, "items classes"]
    weights: Float[np.ndarray, "tokens heads"] | None
    alignments: list[np.ndarray] | None = None
