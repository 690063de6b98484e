"""What becomes of a class's probability as its most important tokens go, or alone remain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from torch import nn

from attnpool._shapes import Float, Int
from attnpool.explain.random_values import chance
from attnpool.explain.removal import Variants, item_tokens, read_variants
from attnpool.text.tokens import Tokens


class Erased(NamedTuple):
    """The probability of each item's target, for each share of its tokens.

    Attributes:
        without: With the most important tokens taken away.
        only: With no others than those.
    """

    without: Float[np.ndarray, "items shares"]
    only: Float[np.ndarray, "items shares"]


def erase(
    model: nn.Module,
    tokens: Tokens,
    targets: Int[np.ndarray, "items"],
    values: Float[np.ndarray, "tokens"],
    shares: tuple[float, ...],
    *,
    masking: bool = False,
    seed: int = 0,
) -> Erased:
    """Take tokens away in the order of their values, the highest first.

    Of `n` tokens a share takes the next whole number from `share * n` on, so that one token at
    least goes. Equal values are put in a random order. The tokens of all sides of an item are
    one list.

    Args:
        model: The model, in evaluation mode.
        tokens: The texts.
        targets: The class of each item whose probability is measured.
        values: How important each token is.
        shares: What shares of the tokens go, from 0 to 1.
        masking: Whether tokens become unknown rather than go.
        seed: Decides the order of equal values.
    """
    sides: int = model.sides  # type: ignore[assignment]
    by_chance = chance(tokens, sides, seed)

    def variants() -> Iterator[Variants]:
        for item in range(len(targets)):
            places = item_tokens(tokens, sides, item)
            ranks = np.empty(len(places), dtype=np.int64)
            order = np.lexsort((by_chance[places], -values[places]))
            ranks[order] = np.arange(len(places))
            # What is a whole number of tokens must not become one more by rounding.
            counts = np.ceil(np.array(shares) * len(places) - 1e-9)
            gone = ranks < counts[:, None]
            yield Variants(item, np.concatenate([~gone, gone]))

    if not len(targets):
        return Erased(*np.zeros((2, 0, len(shares))))
    logits = read_variants(model, tokens, variants(), masking=masking).astype(np.float64)
    logits = logits.reshape(len(targets), 2 * len(shares), -1)
    of_target = _probability(logits, targets)
    return Erased(of_target[:, : len(shares)], of_target[:, len(shares) :])


def _probability(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=2, keepdims=True, initial=-np.inf))
    chosen = np.take_along_axis(shifted, targets[:, None, None], axis=2)[:, :, 0]
    found: np.ndarray = chosen / shifted.sum(axis=2)
    return found
