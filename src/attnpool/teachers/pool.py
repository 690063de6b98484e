"""Unlabelled texts before they are used: which are left out, and whether they suit the labels."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError

_SAMPLE_TEXTS, _SAMPLE_CHARACTERS = 1000, 200
_FEWEST = 100  # letters; fewer say nothing about a language
_DIFFERENT = 0.5  # of the letters


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


def other_language(labelled: Sequence[str], pool: Sequence[str]) -> str | None:
    """One sentence where most letters of the pool are of other scripts than the labelled texts.

    Args:
        labelled: The labelled texts.
        pool: The unlabelled texts.

    Returns:
        None where they are alike, or where either has too few letters to tell.
    """
    ours, theirs = _scripts(labelled), _scripts(pool)
    if min(ours.total(), theirs.total()) < _FEWEST:
        return None
    shared = sum(
        min(ours[name] / ours.total(), theirs[name] / theirs.total()) for name in ours | theirs
    )
    if shared > 1 - _DIFFERENT:
        return None
    (own, _), (other, _) = ours.most_common(1)[0], theirs.most_common(1)[0]
    return (
        f"the unlabelled texts are of another language than the labelled ones: most letters are "
        f"{other} there and {own} here; they may teach little"
    )


def _scripts(texts: Sequence[str]) -> Counter[str]:
    """How many letters of each script are in a sample of the texts."""
    step = max(1, len(texts) // _SAMPLE_TEXTS)
    letters = Counter[str]()
    for text in texts[::step]:
        letters.update(filter(str.isalpha, text[:_SAMPLE_CHARACTERS]))
    scripts = Counter[str]()
    for letter, count in letters.items():
        scripts[_script(letter)] += count
    return scripts


@cache
def _script(letter: str) -> str:
    """Latin, Cyrillic, Chinese …: the first word of the name that Unicode gives the letter."""
    name = unicodedata.name(letter, "other").split()[0]
    return {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}.get(
        name, name.capitalize()
    )
