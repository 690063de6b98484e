"""Random values for tokens, which an item has whatever else is asked about in the same call."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from attnpool._shapes import Float
from attnpool.explain.removal import item_tokens
from attnpool.text.tokens import Tokens


def chance(tokens: Tokens, sides: int, *seed: int) -> Float[np.ndarray, "tokens"]:
    """Evenly distributed values between 0 and 1; always the same for the same item.

    Args:
        tokens: The texts, all first sides before all second ones.
        sides: How many texts an item has.
        seed: Numbers that decide the values, with the ids of the item's tokens.
    """
    values = np.zeros(len(tokens.ids))
    for item in range(len(tokens) // sides):
        places = item_tokens(tokens, sides, item)
        own = crc32(tokens.ids[places].astype("<i8").tobytes())
        values[places] = np.random.default_rng([*seed, own]).random(len(places))
    return values
