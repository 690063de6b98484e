"""The tokens of many explanations, one behind the other, as arrays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Bool, Float, Int
from attnpool.explanation import Explanation, Side
from attnpool.sanitize import printable
from attnpool.text.folding import WHITE_SPACE
from attnpool.text.graphemes import SIMPLE, cluster_starts
from attnpool.text.look_alikes import INVISIBLE
from attnpool.text.normal_form import normal_texts

_SIMPLE = re.compile(f"[{SIMPLE}]*+")
_JOINING = frozenset("-‐‑'’&/·・_")
"""Punctuation that may be inside of a phrase: check-in, rock & roll."""

_LINE_ENDS = (*range(0x0A, 0x0E), 0x85, 0x2028, 0x2029)
_BREAK, _JOIN, _WORD = range(3)


class Stream(NamedTuple):
    """All tokens that a phrase can consist of.

    Tokens that share a character, as of an emoji read byte by byte, are one; white space is none.

    Attributes:
        text: The texts, one behind the other.
        start: The offset in `text` of each token's first character.
        end: The offset behind its last character.
        token: The number of its name, letters in lower case.
        value: Its value.
        row: The number of its explanation.
        left: How many tokens from this one on a phrase can have at most; 0 for punctuation.
        edge: Whether a phrase can begin or end with it.
        sums: The sum of the values of all tokens before each, and of all.
    """

    text: str
    start: Int[np.ndarray, "tokens"]
    end: Int[np.ndarray, "tokens"]
    token: Int[np.ndarray, "tokens"]
    value: Float[np.ndarray, "tokens"]
    row: Int[np.ndarray, "tokens"]
    left: Int[np.ndarray, "tokens"]
    edge: Bool[np.ndarray, "tokens"]
    sums: Float[np.ndarray, "bounds"]


def token_stream(explanations: Sequence[Explanation]) -> Stream:
    """The tokens of all texts of the explanations."""
    sides = [side for one in explanations for side in one.sides]
    texts = [side.text[: side.read_until] for side in sides]
    text = printable("".join(texts))
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.int64)
    bounds = np.cumsum([0, *map(len, texts)])
    counts = [len(side.spans) for side in sides]
    number = np.repeat(np.arange(len(sides)), counts)
    owner = np.repeat(np.arange(len(explanations)), [len(one.sides) for one in explanations])
    start, end = _widened(_spans(sides) + bounds[number][:, None], texts, bounds)
    value = np.concatenate([np.zeros(0), *(side.values for side in sides)], dtype=np.float64)

    space = _among(codes, (*WHITE_SPACE, *INVISIBLE))
    kept, start, end = _trimmed(start, np.minimum(end, bounds[number + 1]), space)
    number, value = number[kept], np.nan_to_num(value[kept])
    # A token that begins inside of those before it is one with them.
    reach = np.maximum.accumulate(end) if len(end) else end
    first = np.ones(len(start), dtype=np.bool_)
    first[1:] = (start[1:] >= reach[:-1]) | (number[1:] != number[:-1])
    opens = np.flatnonzero(first)
    if len(opens):
        value, end = np.add.reduceat(value, opens), reach[np.append(opens[1:], len(start)) - 1]
    start, number = start[opens], number[opens]

    token, names = _numbered(text, codes, start, end)
    kind = np.array([_kind(name) for name in names] or [_BREAK])[token]
    # What stands between two tokens of a phrase is white space within a line.
    solid = np.append(0, np.cumsum(~space | _among(codes, _LINE_ENDS)))
    linked = (number[1:] == number[:-1]) & (solid[start[1:]] == solid[end[:-1]])
    linked &= (kind[1:] != _BREAK) & (kind[:-1] != _BREAK)
    return Stream(
        text=text,
        start=start,
        end=end,
        token=token,
        value=value,
        row=owner[number],
        left=_left(linked, kind),
        edge=kind == _WORD,
        sums=np.append(0.0, np.cumsum(value)),
    )


def _spans(sides: Sequence[Side]) -> Int[np.ndarray, "tokens 2"]:
    return np.concatenate([np.zeros((0, 2), np.int64), *(side.spans for side in sides)])


def _among(codes: Int[np.ndarray, "characters"], chosen: Sequence[int]) -> np.ndarray:
    table = np.zeros(max(chosen) + 2, dtype=np.bool_)
    table[list(chosen)] = True
    found: np.ndarray = table[np.minimum(codes, len(table) - 1)]
    return found


def _widened(
    spans: Int[np.ndarray, "tokens 2"], texts: Sequence[str], bounds: Int[np.ndarray, "bounds"]
) -> tuple[Int[np.ndarray, "tokens"], Int[np.ndarray, "tokens"]]:
    """The spans, widened to what readers take for one character."""
    start, end = spans[:, 0], spans[:, 1]
    odd = [i for i, text in enumerate(texts) if not _SIMPLE.fullmatch(text)]
    if not odd:
        return start, end
    opens = np.ones(bounds[-1] + 1, dtype=np.bool_)
    for i in odd:
        opens[bounds[i] : bounds[i + 1]] = False
        opens[bounds[i] + cluster_starts(texts[i])] = True
    places = np.arange(len(opens))
    first = np.maximum.accumulate(np.where(opens, places, 0))
    behind = np.minimum.accumulate(np.where(opens, places, len(opens) - 1)[::-1])[::-1]
    return first[start], behind[end]


def _trimmed(
    start: Int[np.ndarray, "tokens"],
    end: Int[np.ndarray, "tokens"],
    space: Bool[np.ndarray, "characters"],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which tokens are more than white space, and where they begin and end without it."""
    at = np.flatnonzero(~space)
    solid = np.append(0, np.cumsum(~space))
    kept = np.flatnonzero((end > start) & (solid[np.maximum(end, start)] > solid[start]))
    start, end = start[kept], end[kept]
    return kept, at[solid[start]], at[solid[end] - 1] + 1


def _numbered(
    text: str,
    codes: Int[np.ndarray, "characters"],
    start: Int[np.ndarray, "tokens"],
    end: Int[np.ndarray, "tokens"],
) -> tuple[Int[np.ndarray, "tokens"], list[str]]:
    """The number of each token's name, and the names; single characters without a loop."""
    numbers: dict[str, int] = {}
    token = np.zeros(len(start), dtype=np.int64)
    single = end - start == 1
    of_single = codes[start[single]]
    seen = np.flatnonzero(np.bincount(of_single)) if len(of_single) else of_single
    table = np.zeros(int(seen.max(initial=0)) + 1, dtype=np.int64)
    names = _names([chr(code) for code in seen.tolist()])
    table[seen] = [numbers.setdefault(name, len(numbers)) for name in names]
    token[single] = table[of_single]
    longer = zip(start[~single].tolist(), end[~single].tolist(), strict=True)
    token[~single] = [
        numbers.setdefault(name, len(numbers)) for name in _names([text[s:e] for s, e in longer])
    ]
    return token, list(numbers)


def _names(tokens: Sequence[str]) -> list[str]:
    """What tokens are counted under: in normal form, in lower case, with single spaces."""
    return [" ".join(name.lower().split()) for name in normal_texts(tokens).texts]


def _kind(name: str) -> int:
    """What a token is to phrases: a part of them, a joint inside of them, or their end."""
    categories = {unicodedata.category(character) for character in name}
    if any(one[0] in "LNM" or one in ("So", "Sc") for one in categories):
        return _WORD
    return _JOIN if _JOINING.issuperset(name) else _BREAK


def _left(linked: Bool[np.ndarray, "gaps"], kind: np.ndarray) -> Int[np.ndarray, "tokens"]:
    behind = np.append(np.flatnonzero(~linked) + 1, len(kind)) if len(kind) else kind
    left = np.repeat(behind, np.diff(behind, prepend=0)) - np.arange(len(kind))
    left[kind == _BREAK] = 0
    return left
