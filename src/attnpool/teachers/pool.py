"""Unlabelled texts before they are used: which of them are left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError


class LeftOut(NamedTuple):
    """How many unlabelled texts are left out, by the reason."""

    empty: int
    held_out: int
    labelled: int
    twice: int


def clean_pool(
    unlabelled: Sequence[Any], labelled: Sequence[str], held: Sequence[str] = ()
) -> tuple[list[str], LeftOut]:
    """The unlabelled texts that are of use, in their order.

    Equal texts are found as `item_keys` finds them: space around a text, invisible marks and
    Unicode's forms do not count.

    Args:
        unlabelled: The texts.
        labelled: The labelled texts to train on.
        held: Texts to validate or test on.

    Raises:
        InputError: They are one string, or one of them is no string.
    """
    if isinstance(unlabelled, str | bytes):
        raise InputError("unlabelled is one string; give a list of strings")
    for i, text in enumerate(unlabelled):
        if not isinstance(text, str):
            raise InputError(
                f"unlabelled[{i}] is {type(text).__name__}, not a string; "
                "fill or drop missing texts"
            )
    texts = list(unlabelled)
    keys = item_keys(texts)
    _, firsts = np.unique(keys, return_index=True)
    # Each text is counted under the first of these reasons.
    empty = keys == item_keys([""])[0]
    held_out = np.isin(keys, item_keys(held)) & ~empty
    known = np.isin(keys, item_keys(labelled)) & ~empty & ~held_out
    twice = ~np.isin(np.arange(len(texts)), firsts) & ~empty & ~held_out & ~known
    kept = np.flatnonzero(~(empty | held_out | known | twice))
    counts = (int(rows.sum()) for rows in (empty, held_out, known, twice))
    return [texts[i] for i in kept], LeftOut(*counts)
