"""What an attribution method is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from torch import nn

from attnpool._shapes import Float, Int
from attnpool.models.predict import Predictions
from attnpool.text.tokens import Tokens


@dataclass(frozen=True, slots=True, eq=False)
class AttributionRequest:
    """Why did the model answer so?

    Attributes:
        model: The model, in evaluation mode; `model.sides` texts make an item.
        texts: The raw texts, side by side: `texts[side][item]`.
        tokens: Their tokens, all first sides before all second ones.
        targets: The number of the class that is explained, an item.
        predictions: The model's answers, with weights.
    """

    model: nn.Module
    texts: Sequence[Sequence[str]]
    tokens: Tokens
    targets: Int[np.ndarray, "items"]
    predictions: Predictions


class Attribution(NamedTuple):
    """What a method makes of a request.

    Attributes:
        values: One value a token, in the order of the tokens.
        base: What of each item's logit no token accounts for: positions. Additive methods only.
        bias: What of it the biases account for. Additive methods only.
    """

    values: Float[np.ndarray, "tokens"]
    base: Float[np.ndarray, "items"] | None = None
    bias: Float[np.ndarray, "items"] | None = None
