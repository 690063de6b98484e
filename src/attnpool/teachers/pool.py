"""Unlabelled texts before they are used: which of them are left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError, no_text


class LeftOut(NamedTuple):
    """How many unlabelled texts are left out, by the reason."""

    empty: int
    held_out: int
    labelled: int
    twice: int


def clean_pool(
    unlabelled: Sequence[Any],
    labelled: Sequence[str],
    held: Sequence[str] = (),
    clean: Callable[[Sequence[str]], Sequence[str]] = list,
) -> tuple[list[str], LeftOut]:
    """The unlabelled texts that are of use, in their order.

    Equal texts are found as `item_keys` finds them: space around a text, invisible marks and
    Unicode's forms do not count.

    Args:
        unlabelled: The texts.
        labelled: The labelled texts to train on.
        held: Texts to validate or test on.
        clean: What is removed from every text before it is read.

    Raises:
        InputError: One of them is no string.
    """
    for i, text in enumerate(unlabelled):
        if not isinstance(text, str):
            raise InputError(
                f"unlabelled[{i}] is {type(text).__name__}, not a string; {no_text(text)}"
            )
    texts = list(unlabelled)
    keys = item_keys(clean(texts))
    _, firsts = np.unique(keys, return_index=True)
    # Each text is counted under the first of these reasons.
    empty = keys == item_keys([""])[0]
    held_out = np.isin(keys, item_keys(clean(held))) & ~empty
    known = np.isin(keys, item_keys(clean(labelled))) & ~empty & ~held_out
    twice = ~np.isin(np.arange(len(texts)), firsts) & ~empty & ~held_out & ~known
    kept = np.flatnonzero(~(empty | held_out | known | twice))
    counts = (int(rows.sum()) for rows in (empty, held_out, known, twice))
    return [texts[i] for i in kept], LeftOut(*counts)
