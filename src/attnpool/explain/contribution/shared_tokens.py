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
    """Shares in which equal tokens on different sides of an item have nearly the same value.

    A difference `|u - v|` gives equal tokens of its two sides large shares of opposite signs,
    which cancel in the sum: a single one of them means nothing. So each token gets the mean of
    the shares of all tokens equal to it, plus a tenth of its own distance to that mean, which
    still shows which of them counts more. The sum of the shares does not change.

    On topics held out of training the order of these values was more comprehensive than that of
    the plain shares (0.39 against 0.33) and more sufficient (0.18 against 0.25); see
    docs/trust.md.

    Args:
        values: The shares.
        tokens: The texts, all first sides before all second sides.
        sides: The number of texts per item.
    """
    texts = len(tokens)
    if sides == 1 or not len(values):
        return values
    text = np.repeat(np.arange(texts), tokens.lengths)
    side, item = np.divmod(text, texts // sides)
    ids = tokens.ids.astype(np.int64)
    # The model may distinguish unknown tokens, so each of them stands alone.
    unknown = ids == UNKNOWN
    ids[unknown] = ids.max() + 1 + np.arange(unknown.sum())
    _, group = np.unique(item * (ids.max() + 1) + ids, return_inverse=True)
    size = np.bincount(group)
    on_both = np.ones(len(size), dtype=np.bool_)
    for number in range(sides):
        on_both &= np.bincount(group[side == number], minlength=len(size)) > 0
    mean = (np.bincount(group, values) / size)[group]
    balanced: np.ndarray = np.where(on_both[group], mean + _KEPT * (values - mean), values)
    return balanced
