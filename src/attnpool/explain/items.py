"""What a caller hands in as texts, pairs or triplets, and their texts side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from attnpool.errors import InputError, no_text
from attnpool.explain.lists import checked_texts, listed

_NAMES = {2: "pair", 3: "triplet"}
_FORMS = {2: "(left, right)", 3: "(anchor, positive, negative)"}


def checked_items(items: Iterable[Any], sides: int) -> list[tuple[str, ...]]:
    """Pairs or triplets of texts as a list of tuples.

    Args:
        items: The pairs or triplets.
        sides: 2 or 3.

    Raises:
        InputError: One of them is a single text, has more or fewer texts, or a text is no string.
    """
    form, name = _FORMS[sides], _NAMES[sides]
    if isinstance(items, str | bytes):
        raise InputError(f"{name}s is one string; give a list of {form}")
    checked = []
    for i, item in enumerate(listed(items, f"{name}s", sides)):
        if isinstance(item, str | bytes) or not hasattr(item, "__iter__"):
            raise InputError(f"{name}s[{i}] is one text where {sides} are needed; give {form}")
        if isinstance(item, Mapping | Set):  # its keys are no texts, and a set has no order
            raise InputError(f"{name}s[{i}] is {type(item).__name__}; give {form}")
        texts = tuple(item)
        if len(texts) != sides:
            raise InputError(f"{name}s[{i}] has {len(texts):,} texts; give {form}")
        for text in texts:
            if not isinstance(text, str):
                kind = type(text).__name__
                raise InputError(f"{name}s[{i}] holds {kind}, not a string; {no_text(text)}")
        checked.append(texts)
    return checked


def checked_pairs(items: Iterable[Any]) -> list[tuple[str, ...]]:
    """Pairs as a list of tuples; see `checked_items`."""
    return checked_items(items, 2)


def checked_triplets(items: Iterable[Any]) -> list[tuple[str, ...]]:
    """Triplets as a list of tuples; see `checked_items`."""
    return checked_items(items, 3)


def checked_for(items: Iterable[Any], sides: int) -> list[Any]:
    """The items of a model: texts, or tuples of as many texts as it reads at once.

    Args:
        items: The items.
        sides: How many texts the model reads at once.

    Raises:
        InputError: An item is none.
    """
    return checked_texts(items) if sides == 1 else list(checked_items(items, sides))


def checked_asked(items: Iterable[Any], sides: int) -> list[Any]:
    """What a model is asked about: texts or pairs; of a model that reads pairs also triplets.

    Args:
        items: The texts, pairs or triplets.
        sides: How many texts the model reads at once.

    Raises:
        InputError: An item is none, or not like the first.
    """
    if sides == 1:
        return checked_texts(items)
    if not isinstance(items, str | bytes):
        items = listed(items, "pairs", sides)
        first = items[0] if items else ""
        if not isinstance(first, str) and hasattr(first, "__len__") and len(first) == 3:
            sides = 3
    return list(checked_items(items, sides))


def by_side(items: list[tuple[str, ...]], sides: int) -> list[list[str]]:
    """The texts of each side."""
    return [[item[side] for item in items] for side in range(sides)]


def texts_by_side(items: list[tuple[str, ...]]) -> list[str]:
    """The texts of tuples: all first ones, then all second ones."""
    sides = range(len(items[0]) if items else 0)
    return [item[side] for side in sides for item in items]
