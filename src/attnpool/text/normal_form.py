"""Texts in the one form that a model reads, whichever of several equivalent forms they came in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from re import Pattern

import numpy as np

from attnpool._shapes import Int
from attnpool.text.code_points import chunks_of, code_points, lengths_of
from attnpool.text.look_alikes import (
    DEPENDS,
    PLAIN_CHINESE,
    REWRITTEN,
    SINGLE,
    look_alikes,
    nfc,
    read_as,
    retyped,
    singles,
)
from attnpool.text.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the characters of a rewritten text come from.

    Attributes:
        starts: The offset in the raw text at which each character begins.
        ends: The offset at which it ends.
        length: The length of the raw text.
    """

    starts: Int[np.ndarray, "characters"]
    ends: Int[np.ndarray, "characters"]
    length: int


@dataclass(frozen=True, slots=True)
class NormalTexts:
    """Texts in normal form.

    Attributes:
        texts: The texts.
        origins: By the number of the text, for those whose offsets changed.
    """

    texts: Sequence[str]
    origins: dict[int, Origin]

    def raw_tokens(self, tokens: Tokens) -> Tokens:
        """The same tokens with offsets in the raw texts.

        A token's span covers all that it was made of: a syllable of Hangul its two or three jamo.
        """
        if not self.origins:
            return tokens
        spans, read_until = tokens.spans.copy(), tokens.read_until.copy()
        for row, origin in self.origins.items():
            own = slice(*tokens.bounds[row : row + 2])
            starts, ends = np.append(origin.starts, origin.length), origin.ends
            first, last = spans[own].T
            begins = starts[first]
            spans[own] = np.stack(
                [begins, np.where(last > first, np.append(ends, 0)[last - 1], begins)], axis=1
            )
            until = int(read_until[row])
            whole = until == len(ends)
            read_until[row] = origin.length if whole else ends[until - 1] if until else 0
        return replace(tokens, spans=spans, read_until=read_until)

    def raw_values(self, row: int, values: np.ndarray) -> np.ndarray:
        """The value of each character of a raw text.

        Args:
            row: The number of the text.
            values: One value a character of the text in normal form. Characters that it lacks get
                that of the one before them.
        """
        origin = self.origins.get(row)
        if origin is None:
            return values
        if not len(values):
            return np.zeros(origin.length, values.dtype)
        places = np.searchsorted(origin.starts, np.arange(origin.length), side="right") - 1
        raw: np.ndarray = values[np.maximum(places, 0)]
        return raw


def normal_texts(texts: Sequence[str], *, fold: bool = True) -> NormalTexts:
    """Texts in normal form: texts that look the same become the same.

    NFC; one form of letters, quotes, hyphens and spaces that look the same; no invisible marks.
    `attnpool.text.look_alikes` says what looks the same. Texts in normal form cost one look-up a
    character.

    Args:
        texts: Raw texts; any string will do.
        fold: Whether to rewrite texts in which no offset would change too, such as those with
            full-width letters; the tokeniser of characters folds these by itself.
    """
    read: list[str] = list(texts)
    origins: dict[int, Origin] = {}
    done = 0
    for chunk in chunks_of(texts, lengths_of(texts)):
        _normalize(chunk, done, read, origins, fold=fold)
        done += len(chunk)
    return NormalTexts(read, origins)


def _normalize(
    texts: Sequence[str], first: int, read: list[str], origins: dict[int, Origin], *, fold: bool
) -> None:
    if all(map(str.isascii, texts)) or (not fold and _is_plain(texts)):
        return
    tables = look_alikes()
    codes = code_points(texts)
    effects = tables.effect.take(codes)
    most = int(effects.max(initial=0))
    if most == 0 or (most == SINGLE and not fold):
        return
    ends = np.cumsum(lengths_of(texts))
    if fold:
        same = (
            tables.single.take(codes).astype("<i4").tobytes().decode("utf-32-le", "surrogatepass")
        )
        starts = (ends - lengths_of(texts)).tolist()
        for row in _rows(effects == SINGLE, ends):
            read[first + row] = same[starts[row] : int(ends[row])]
    if most < DEPENDS:
        return
    certain = set(_rows(effects == REWRITTEN, ends))
    for row in sorted(certain.union(_rows(effects == DEPENDS, ends))):
        # A mark may combine with what a letter is folded to.
        if row in certain or not _composed(texts[row].translate(singles())):
            read[first + row], origin = _rewritten(texts[row])
            if origin is not None:
                origins[first + row] = origin


def _is_plain(texts: Sequence[str]) -> bool:
    """Whether texts are ordinary Chinese, where the tables were not made yet: that takes longer."""
    return not look_alikes.cache_info().currsize and all(map(PLAIN_CHINESE.fullmatch, texts))


def _rows(marked: np.ndarray, ends: Int[np.ndarray, "rows"]) -> list[int]:
    """The numbers of the texts, which end at `ends`, with a marked character."""
    rows = ends.searchsorted(np.flatnonzero(marked), side="right")
    found: list[int] = rows[np.diff(rows, prepend=-1) > 0].tolist()
    return found


def _composed(text: str) -> bool:
    return (
        unicodedata.is_normalized("NFC", text)
        and "\u0e40\u0e40" not in text
        and "\u0ec0\u0ec0" not in text
    )


def _rewritten(raw: str) -> tuple[str, Origin | None]:
    """A text in normal form, and where its characters come from if offsets changed."""
    tables = look_alikes()
    text = _Rewriting(raw)
    text.replace(tables.invisible, lambda _: "")
    text.replace(tables.zero_width_space, lambda _: " ")
    text.replace(tables.joiner, lambda _: "")
    text.replace(tables.several, read_as)
    text.replace(tables.composed, nfc)
    text.replace(tables.typed, retyped)
    return text.text, text.origin(len(raw))


class _Rewriting:
    """A text that is rewritten step by step, with the origin of each character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = np.arange(len(text), dtype=np.int32)
        self._ends = self._starts + 1
        self._moved = False

    def replace(self, pattern: Pattern[str], read: Callable[[str], str]) -> None:
        """Put `read(match)` in place of each match."""
        parts: list[str] = []
        begins: list[int] = []
        ends: list[int] = []
        sizes: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            old, new = match[0], read(match[0])
            if new == old:
                continue
            kept = _shared_end(old, new)  # marks that stay keep their offsets
            begin, end, size = match.start(), match.end() - kept, len(new) - kept
            parts += self.text[done:begin], new[:size]
            begins.append(begin)
            ends.append(end)
            sizes.append(size)
            done = end
        if done:
            counts = _counts(len(self.text), begins, ends, sizes)
            self._ends[begins] = self._ends[np.array(ends) - 1]
            self._starts, self._ends = self._starts.repeat(counts), self._ends.repeat(counts)
            self.text = "".join([*parts, self.text[done:]])
            self._moved = True

    def origin(self, length: int) -> Origin | None:
        """Where the characters come from; None if every offset is what it was."""
        return Origin(self._starts, self._ends, length) if self._moved else None


def _counts(
    length: int, begins: list[int], ends: list[int], sizes: list[int]
) -> Int[np.ndarray, "characters"]:
    """How many characters each one becomes, where the first of a span stands for all of it."""
    inside = np.zeros(length + 1, dtype=np.int32)
    inside[begins] += 1
    inside[ends] -= 1
    counts: np.ndarray = 1 - np.cumsum(inside[:-1])
    counts[begins] = sizes
    return counts


def _shared_end(old: str, new: str) -> int:
    """How many characters both end with, less than all."""
    most = min(len(old), len(new)) - 1
    size = 0
    while size < most and old[-1 - size] == new[-1 - size]:
        size += 1
    return size
