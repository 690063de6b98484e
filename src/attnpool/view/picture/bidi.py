"""Writing from right to left: the order in which the characters of a line stand on the page.

The part of the Unicode Bidirectional Algorithm (UAX 9) that text without embeddings needs: those
have become visible before (`attnpool.sanitize`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_STRONG = {"L": 0, "R": 1, "AL": 1}
_DIGITS = frozenset({"EN", "AN"})
_NUMBER = 2


def base_level(texts: Sequence[str]) -> int:
    """1 where the first letter of a paragraph is written from right to left, else 0."""
    for text in texts:
        for char in text:
            level = _STRONG.get(unicodedata.bidirectional(char))
            if level is not None:
                return level
    return 0


def levels(texts: Sequence[str], base: int) -> list[int]:
    """The embedding level of each cluster of a line: even from the left, odd from the right.

    Args:
        texts: The clusters in the order they are read.
        base: The level of the paragraph.
    """
    sides = _numbers(texts, [_side(text) for text in texts])
    if base == 0 and 1 not in sides:
        return [0] * len(texts)
    strong = base
    for place, side in enumerate(sides):
        if side in (0, 1):
            strong = side
        elif side == _NUMBER and not strong:
            sides[place] = 0  # numbers among letters from the left are such letters
    return [(2 * base, 1, 2)[side] for side in _resolved(sides, base)]


def visual(order: Sequence[int]) -> list[int]:
    """The places of a line's clusters from left to right, by their levels."""
    places = list(range(len(order)))
    for level in range(max(order, default=0), 0, -1):
        start = 0
        while start < len(places):
            end = start
            while end < len(places) and order[places[end]] >= level:
                end += 1
            places[start:end] = places[start:end][::-1]
            start = max(end, start + 1)
    return places


def _side(text: str) -> int | None:
    """0 and 1 for letters from the left and the right, 2 for numbers, None for the rest."""
    for char in text:
        name = unicodedata.bidirectional(char)
        if name in _STRONG:
            return _STRONG[name]
        if name in _DIGITS:
            return _NUMBER
    return None


def _numbers(texts: Sequence[str], sides: list[int | None]) -> list[int | None]:
    """The point of 1.8 belongs to the number, and so does the sign of 5%."""
    for place, side in enumerate(sides):
        if side is None:
            name = unicodedata.bidirectional(texts[place][:1])
            before = sides[place - 1] if place else None
            behind = _side(texts[place + 1]) if place + 1 < len(texts) else None
            inside = name in ("CS", "ES") and before == behind == _NUMBER
            if inside or (name == "ET" and _NUMBER in (before, behind)):
                sides[place] = _NUMBER
    return sides


def _resolved(sides: Sequence[int | None], base: int) -> list[int]:
    """Marks and spaces take the side of both their neighbours, or the paragraph's."""
    resolved: list[int] = []
    for place, side in enumerate(sides):
        if side is not None:
            resolved.append(side)
            continue
        behind = next((item for item in sides[place:] if item is not None), base)
        before = resolved[-1] if resolved else base
        same = min(before, 1) == min(behind, 1)
        resolved.append(min(before, 1) if same else base)
    return resolved
