"""The probability of a class when its most important tokens are removed, or alone kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Float
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.logits import softmax
from attnpool.explain.random_values import random_values
from attnpool.explain.removal import Variants, item_tokens, variant_logits


class Erased(NamedTuple):
    """The probability of each item's target, for each share of its tokens.

    Attributes:
        without: With the most important tokens removed.
        only: With no other tokens than those.
    """

    without: Float[np.ndarray, "items shares"]
    only: Float[np.ndarray, "items shares"]


def erase(
    request: AttributionRequest,
    values: Float[np.ndarray, "tokens"],
    shares: tuple[float, ...],
    *,
    masking: bool = False,
    seed: int = 0,
) -> Erased:
    """Remove tokens in the order of their values, the highest first.

    Of `n` tokens, `share * n` are removed, rounded up: at least one for any share above 0. Equal
    values are put in a random order. The tokens of all sides of an item are one list.

    Args:
        request: The model, the texts, and the class of each item whose probability is measured.
        values: The importance of each token.
        shares: The shares of the tokens to remove, from 0 to 1.
        masking: Whether tokens are replaced by unknown ones and not removed.
        seed: Decides the order of equal values.
    """
    tokens, targets, sides = request.tokens, request.targets, request.model.sides
    order_of_ties = random_values(tokens, sides, seed)

    def variants() -> Iterator[Variants]:
        for item in range(len(targets)):
            places = item_tokens(tokens, sides, item)
            ranks = np.empty(len(places), dtype=np.int64)
            order = np.lexsort((order_of_ties[places], -values[places]))
            ranks[order] = np.arange(len(places))
            # Rounding errors must not turn a whole number of tokens into the next one.
            counts = np.ceil(np.array(shares) * len(places) - 1e-9)
            removed = ranks < counts[:, None]
            yield Variants(item, np.concatenate([~removed, removed]))

    if not len(targets):
        return Erased(*np.zeros((2, 0, len(shares))))
    logits = variant_logits(request.model, tokens, variants(), masking=masking).astype(np.float64)
    probabilities = softmax(logits.reshape(len(targets), 2 * len(shares), -1))
    of_target = np.take_along_axis(probabilities, targets[:, None, None], axis=2)[:, :, 0]
    return Erased(of_target[:, : len(shares)], of_target[:, len(shares) :])
