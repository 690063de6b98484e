"""`random`: random values, which other methods are compared with. Unsigned."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from attnpool._shapes import Float
from attnpool.explain.attribution import AttributionRequest, MethodResult
from attnpool.explain.removal import item_tokens
from attnpool.text.tokens import Tokens


def random_order(request: AttributionRequest) -> MethodResult:
    """Uniform random values between 0 and 1; always the same for the same tokens."""
    return MethodResult(random_values(request.tokens, request.model.sides))


def random_values(tokens: Tokens, sides: int, *seed: int) -> Float[np.ndarray, "tokens"]:
    """Uniform random values between 0 and 1; an item has the same values in any batch.

    Args:
        tokens: The texts, all first sides before all second sides.
        sides: The number of texts per item.
        *seed: Numbers that decide the values, together with the ids of the item's tokens.
    """
    values = np.zeros(len(tokens.ids))
    for item in range(len(tokens) // sides):
        places = item_tokens(tokens, sides, item)
        checksum = crc32(tokens.ids[places].astype("<i8").tobytes())
        values[places] = np.random.default_rng([*seed, checksum]).random(len(places))
    return values
