"""Tokens that stand on both sides of a pair, whose shares only mean something together."""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Float
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens

_KEPT = 0.1


def balance_shared(
    values: Float[np.ndarray, "tokens"], tokens: Tokens, sides: int
) -> Float[np.ndarray, "tokens"]:
    """Shares in which equal tokens of different sides have nearly the same one.

    A difference `|u - v|` draws equal tokens of its two sides opposite ways, by much, though
    together they cancel: alone, neither share says anything. So each gets the mean of them all,
    and of its distance to the mean a tenth, which still tells which counts for more. Their sum
    stays what it was.

    On topics held out of training their order was more comprehensive than that of the plain
    shares (0.39 against 0.33) and more sufficient (0.18 against 0.25); see docs/trust.md.

    Args:
        values: The shares.
        tokens: The texts, all first sides before all second ones.
        sides: How many texts an item has.
    """
    texts = len(tokens)
    if sides == 1 or not len(values):
        return values
    text = np.repeat(np.arange(texts), tokens.lengths)
    side, item = np.divmod(text, texts // sides)
    ids = tokens.ids.astype(np.int64)
    # The model may tell unknown ones apart, so each of them stands alone.
    unknown = ids == UNKNOWN
    ids[unknown] = ids.max() + 1 + np.arange(unknown.sum())
    _, group = np.unique(item * (ids.max() + 1) + ids, return_inverse=True)
    size = np.bincount(group)
    on_both = np.ones(len(size), dtype=np.bool_)
    for number in range(sides):
        on_both &= np.bincount(group[side == number], minlength=len(size)) > 0
    mean = (np.bincount(group, values) / size)[group]
    found: np.ndarray = np.where(on_both[group], mean + _KEPT * (values - mean), values)
    return found
