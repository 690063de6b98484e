"""Checks of the pairs and triplets that users hand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attnpool.errors import InputError
from attnpool.estimators.inputs import Label, checked_labels

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
    for i, item in enumerate(items):
        if isinstance(item, str | bytes) or not hasattr(item, "__iter__"):
            raise InputError(f"{name}s[{i}] is one text where {sides} are needed; give {form}")
        texts = tuple(item)
        if len(texts) != sides:
            raise InputError(f"{name}s[{i}] has {len(texts)} texts; give {form}")
        for text in texts:
            if not isinstance(text, str):
                kind = type(text).__name__
                raise InputError(f"{name}s[{i}] holds {kind}, not a string; fill or drop such rows")
        checked.append(texts)
    return checked


def by_side(items: list[tuple[str, ...]], sides: int) -> list[list[str]]:
    """The texts of each side."""
    return [[item[side] for item in items] for side in range(sides)]


def checked_ranking(labels: Sequence[Label]) -> list[str]:
    """The labels to rank, in words.

    Raises:
        InputError: There are fewer than two, or one twice.
    """
    names = [str(label) for label in checked_labels(labels, len(labels)).tolist()]
    if len(set(names)) < max(2, len(names)):
        raise InputError(f"labels to rank are {', '.join(names)}; give two or more, each once")
    return names
