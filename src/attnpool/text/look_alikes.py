"""Code points that a reader cannot tell apart, from Unicode's own data and a short list.

What is the same to the eye: canonical equivalents (é and e + ´, 가 and its jamo), full-width,
half-width and small forms, the positional forms of Arabic letters, ligatures, radicals that are
drawn as the ideograph, spaces of any width, straight and curly quotes, hyphens that do not break,
and marks that nobody sees. What is not: superscripts, fractions, circled and mathematical letters,
an ellipsis and three points, and letters of different scripts, however alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Int

SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u19e0-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f"
    "\ua980-\ua9ff\uaa60-\uaadf"
)
"""Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Tai, Balinese, Javanese. (Those
of Chinese and Japanese have lists of their own; Tibetan separates its syllables.)"""

INVISIBLE = (
    *(0xAD, 0x34F, 0x61C, 0x17B4, 0x17B5, 0x180E, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0xFEFF),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
)
"""Code points that nobody sees, wherever they are: the soft hyphen, joiners of lines and graphemes,
marks of direction, byte order marks, selectors of another drawing of the same character. Overrides
of direction (U+202D, U+202E) are not among them: they change what is seen."""
_MOST_MARKS = 30
"""Longer runs of marks are sorted before Python does it."""

_SPACE, _NON_JOINER, _JOINER = 0x200B, 0x200C, 0x200D  # of zero width; some of them matter

_LISTED = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201f", '"'),
    **dict.fromkeys("\u2010\u2011\u2212", "-"),
    **dict.fromkeys("\u2028\u2029", "\n"),
    **dict.fromkeys("\u00a0\u202f\u205f\u3000", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
    "\u00b5": "\u03bc",  # the micro sign
    "\u2015": "\u2014",  # two names of one dash, and of one tilde, in Japanese encodings
    "\u301c": "~",
    "\uff9e": "\u309b",
    "\uff9f": "\u309c",
}
_TAGS = ("<wide>", "<narrow>", "<small>", "<initial>", "<medial>", "<final>", "<isolated>")
_RADICALS = range(0x2E80, 0x2FE0)
_LIGATURES = (0x132, 0x133, 0x149, 0x587, *range(0x1C4, 0x1CD), *range(0x1F1, 0x1F4), 0x675)
_LIGATURES += tuple(range(0xFB00, 0xFB50))
_ARABIC = range(0xFB50, 0xFDF0)  # behind them are signs for whole phrases
_ARABIC_B = range(0xFE70, 0xFF00)

# Vowels of Thai and Lao that are often typed in two parts.
_TYPED = re.compile(
    "\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32|\u0e40\u0e40"
    "|\u0ecd([\u0ec8-\u0ecb]?)\u0eb2|([\u0ec8-\u0ecb])\u0ecd\u0eb2|\u0ec0\u0ec0"
)
_HALVES = (0xE4D, 0xECD)
_DOUBLED = (0xE40, 0xEC0)

UNJOINED = (
    "\0-\u05ff\u10a0-\u16ff\u1c80-\u1caf\u1d00-\u200b\u200e-\u206f\u2c60-\u2c7f\u2de0-\ua4cf\uac00-\ud7ff"
    "\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffef"
)
"""Where a joiner between letters is not seen: scripts whose letters do not join, and what is no
letter. Emoji join."""

PLAIN, SINGLE, DEPENDS, REWRITTEN = range(4)
"""What a code point does to a text: nothing; it becomes one other; it may have to be composed; the
text has to be rewritten."""


PLAIN_CHINESE = re.compile("[\0-\x7f\u3001\u3002\u4e00-\u9fff\uff01-\uff5e]*+")
"""Texts of which at most single characters are read as others: ideographs, usual punctuation."""


class LookAlikes(NamedTuple):
    """The tables.

    Attributes:
        effect: `PLAIN`, `SINGLE`, `DEPENDS` or `REWRITTEN`, by code point.
        single: The code point that is read in place of each.
        invisible: Matches what is left out.
        zero_width_space: Matches zero-width spaces between letters of a script without spaces.
        joiner: Matches zero-width joiners and non-joiners that are not seen, or repeat another.
        several: Matches what is read as other characters, several or one.
        composed: Matches a character with the marks on it, or whatever has another NFC.
        typed: Matches vowels that were typed in parts.
    """

    effect: np.ndarray
    single: Int[np.ndarray, "codes"]
    invisible: re.Pattern[str]
    zero_width_space: re.Pattern[str]
    joiner: re.Pattern[str]
    several: re.Pattern[str]
    composed: re.Pattern[str]
    typed: re.Pattern[str]


@cache
def singles() -> dict[int, int]:
    """The characters that look like one other character, and that character."""
    found = {ord(a): ord(b) for a, b in _LISTED.items()}
    for code in (*_RADICALS, *_ARABIC, *range(0xFE50, 0xFFEF)):
        tag, *parts = unicodedata.decomposition(chr(code)).split() or [""]
        if len(parts) == 1 and (tag in _TAGS or (code in _RADICALS and tag == "<compat>")):
            found.setdefault(code, int(parts[0], 16))
    return {code: found.get(to, to) for code, to in found.items()}


@cache
def look_alikes() -> LookAlikes:
    """The tables, made when a text first needs them."""
    table = np.zeros(0x110000, dtype=np.uint8)
    one = np.arange(0x110000, dtype=np.int32)
    ones = singles()
    one[list(ones)] = list(ones.values())
    marks, changed, viramas = canonical()
    table[[*marks, *changed, *_DOUBLED]] = DEPENDS
    table[list(ones)] = SINGLE
    several = expanding()
    table[[*several, *_HALVES, 0xFF9E, 0xFF9F]] = REWRITTEN
    table[[*INVISIBLE, _SPACE, _NON_JOINER, _JOINER]] = REWRITTEN
    on_marks, joiners = _ranges(marks), "[\u200c\u200d]++"
    return LookAlikes(
        effect=table,
        single=one,
        invisible=re.compile(f"[{_ranges(INVISIBLE)}]+"),
        zero_width_space=re.compile(f"(?<=[{SPACELESS}])\u200b+(?=[{SPACELESS}])"),
        joiner=re.compile(
            f"\u200b+|(?<![^{UNJOINED}]){joiners}"
            f"|(?<![\u200c\u200d{_ranges(viramas)}]){joiners}(?![^{UNJOINED}])"
            "|(?<=\u200c)\u200c+|(?<=\u200d)\u200d+"
        ),
        several=re.compile(f"[\uff66-\uff9d][\uff9e\uff9f]|[{_ranges([*several, *ones])}]"),
        composed=re.compile(f"(?s:.)[{on_marks}]+|[{on_marks}{_ranges(changed)}]"),
        typed=_TYPED,
    )


@cache
def _long_runs() -> re.Pattern[str]:
    """Matches runs of more marks than any language has."""
    characters = map(chr, range(0x110000))
    marks = (c for c in characters if unicodedata.combining(unicodedata.normalize("NFD", c)[0]))
    return re.compile(f"[{_ranges(map(ord, marks))}]{{{_MOST_MARKS},}}")


def nfc(text: str) -> str:
    """Unicode's NFC, in a time that is linear in the length of the text.

    Python sorts the marks on a letter by insertion, so it gets long runs of them sorted. Most
    texts are in NFC already, and whether one is it tells at once.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    if len(text) >= _MOST_MARKS:
        text = _long_runs().sub(lambda run: _sorted_marks(run[0]), text)
    return unicodedata.normalize("NFC", text)


def _sorted_marks(marks: str) -> str:
    apart = (part for mark in marks for part in unicodedata.normalize("NFD", mark))
    return "".join(sorted(apart, key=unicodedata.combining))


def read_as(characters: str) -> str:
    """What stands for the match of `LookAlikes.several`."""
    if len(characters) > 1 or ord(characters) not in singles():
        characters = unicodedata.normalize("NFKC", characters)
    return characters.translate(singles())


def retyped(match: str) -> str:
    """The vowel of Thai or Lao that was typed in parts, behind its tone mark."""
    if match[0] in "\u0e40\u0ec0":
        return chr(ord(match[0]) + 1)
    tone = match.strip("\u0e4d\u0e32\u0ecd\u0eb2")
    return tone + ("\u0e33" if match[-1] == "\u0e32" else "\u0eb3")


def expanding() -> list[int]:
    """The characters that are read as several others."""
    return [code for code in (*_LIGATURES, *_ARABIC, *_ARABIC_B) if _expands(code)]


def _expands(code: int) -> bool:
    parts = unicodedata.decomposition(chr(code)).split()
    return len(parts) > 2 and parts[0].startswith("<") and parts[1] != "0020"


def canonical() -> tuple[list[int], list[int], list[int]]:
    """What may join the character before it, what NFC changes by itself, and viramas."""
    marks, changed, viramas = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}, [], []
    blocks = (range(0x300, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0x17000))
    for code in (c for block in (*blocks, range(0x1BC00, 0x1F000)) for c in block):
        character = chr(code)
        if order := unicodedata.combining(character):
            marks.add(code)
            if order == 9:
                viramas.append(code)
        parts = unicodedata.decomposition(character)
        if parts and parts[0] != "<":
            if " " in parts:
                marks.add(int(parts.split()[1], 16))
            if unicodedata.normalize("NFC", character) != character:
                changed.append(code)
    changed += range(0x2F800, 0x2FA1E)
    return sorted(marks), changed, viramas


def _ranges(codes: Iterable[int]) -> str:
    """The inside of a character class of these code points."""
    ordered = np.array(sorted(set(codes)))  # np.unique would import half of numpy
    ends = np.flatnonzero(np.append(np.diff(ordered) != 1, 1))
    firsts = ordered[np.append(0, ends[:-1] + 1)].tolist()
    runs = zip(firsts, ordered[ends].tolist(), strict=True)
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in runs)
