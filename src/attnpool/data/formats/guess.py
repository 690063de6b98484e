"""The most probable legacy encoding of a text: the one in which its bytes spell a language.

Each encoding that decodes the sample is scored under each language that is written in it: by how
frequent its characters are there. Few rows suffice: bytes read in a wrong encoding spell
characters that hardly occur.

Source:
    The composite approach of Li & Momoi 2001, "A composite approach to language/encoding
    detection", with one likelihood in place of its three.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from attnpool.data.formats.letters import languages

_ASCII = {
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyz ", 1 / 20),
    **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,'\"\t\r\n", 1 / 60),
    **dict.fromkeys("!#$%&()*+-/:;<=>?@[\\]^_`{|}~", 1 / 300),
}
_FOREIGN_LETTER = 1e-3  # the probability of a Latin letter that the language does not have
_UNUSUAL = 1e-5  # of another character, if it is a letter or a sign
_NEVER = 1e-9  # of a control character, or of one that nobody assigned
_WIDE_UNUSUAL = 1e-7  # of one of the many thousand characters that no standard row holds
_SECONDS = bytes(range(0xA1, 0xFF))  # the second bytes of the standards of two bytes
_TORN = 4.0  # what a capital in the middle of a word costs, or a word of two scripts
_CERTAIN = 12.0  # so many times more probable, as a logarithm, than all that read otherwise
_CLOSE = 20.0  # so much less probable, and it is worth trying where the first does not decode
# Minus the mean log-probability of the characters beyond ASCII: in a text of an encoding of several
# bytes, in Chinese that needs no comparison, and in bytes that are no text.
_PLAUSIBLE = 9.5
_CHINESE, _MANY = 8.6, 200
_NO_WIDE_TEXT, _NO_TEXT, _FEW_LETTERS, _NO_FEW_LETTERS = 12.0, 5.5, 50, 6.5


def _letters(*, capital: bool) -> str:
    """Letters beyond ASCII that have two cases."""
    letters = map(chr, range(0xC0, 0x530))
    return "".join(c for c in letters if (c.isupper() if capital else c.islower()))


# A small letter before a capital, letters of two scripts side by side, an apostrophe before a word.
_SMALL, _CAPITAL = _letters(capital=False), _letters(capital=True)
_LATIN, _OTHER = "A-Za-z\u00c0-\u024f", "\u0370-\u07ff\u0e00-\u0e7f"
_TORN_WORD = re.compile(
    f"[{_SMALL}](?=[A-Z{_CAPITAL}])|[a-z](?=[{_CAPITAL}])"
    f"|[{_LATIN}](?=[{_OTHER}])|[{_OTHER}](?=[{_LATIN}])"
    f"|(?<![{_LATIN}{_OTHER}])’(?=[{_OTHER}])"
)


class Guess(NamedTuple):
    """What a text is most probably written in.

    Attributes:
        encodings: The encodings in which it may be, the most probable first; none if it is no
            text.
        certain: Whether the first is by far more probable than all that read otherwise.
    """

    encodings: list[str]
    certain: bool


def guess_encoding(sample: bytes, *, cut: bool = False) -> Guess:
    """Rank the encodings in which a sample decodes.

    Args:
        sample: Some lines that have bytes beyond ASCII.
        cut: Whether it may end within a character.
    """
    text = _decoded(sample, "gb18030", cut=cut)
    if text:
        reading = _Reading.of(text)
        if reading.wide >= _MANY and _mean(_likelihood(reading, "zh"), reading) > -_CHINESE:
            return Guess(["gb18030"], certain=True)
    texts = {name: _decoded(sample, name, cut=cut) for name in _encodings()}
    readings = {name: _Reading.of(text) for name, text in texts.items() if text}
    scores = dict.fromkeys(readings, -math.inf)
    for name, language in languages().items():
        for encoding, prior in language.encodings.items():
            if encoding in readings:
                score = prior + _likelihood(readings[encoding], name)
                scores[encoding] = max(score, scores[encoding])
    ranked = sorted(scores, key=scores.__getitem__, reverse=True)
    first = ranked[0]  # some encodings decode any bytes
    mean = _mean(scores[first], readings[first])
    least = _NO_TEXT if readings[first].wide >= _FEW_LETTERS else _NO_FEW_LETTERS
    if mean < -(_NO_WIDE_TEXT if first in _wide() else least):
        return Guess([], certain=False)
    rivals = [name for name in ranked if texts[name] != texts[first]]
    far = not rivals or scores[first] - scores[rivals[0]] > _CERTAIN
    # Nothing is certain of one-byte encodings: many of them decode any bytes.
    certain = far and first in _wide() and mean > -_PLAUSIBLE
    lowest = scores[first] - (0 if certain else _CLOSE)
    return Guess([n for n in ranked if n not in rivals or scores[n] >= lowest], certain)


class _Reading(NamedTuple):
    """The characters of a decoded sample, and how many words in it are torn."""

    counts: Counter[str]
    torn: int

    @property
    def wide(self) -> int:
        """The number of characters beyond ASCII."""
        return sum(number for char, number in self.counts.items() if char > "\x7f")

    @classmethod
    def of(cls, text: str) -> _Reading:
        return cls(Counter(text), len(_TORN_WORD.findall(text)))


@cache
def _wide() -> set[str]:
    """The encodings of several bytes a character."""
    return {name for one in languages().values() if one.standard for name in one.encodings}


@cache
def _encodings() -> list[str]:
    return list(dict.fromkeys(name for one in languages().values() for name in one.encodings))


def _decoded(sample: bytes, encoding: str, *, cut: bool) -> str:
    """The text; "" if the sample is not in this encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(sample, final=not cut)
    except UnicodeError:
        return ""


def _likelihood(reading: _Reading, name: str) -> float:
    """The log-probability of characters in a language."""
    known, wide = _table(name), languages()[name].standard is not None
    score = sum(
        number * (known.get(char) or _other(char, wide=wide))
        for char, number in reading.counts.items()
    )
    return score if wide else score - _TORN * reading.torn


def _mean(score: float, reading: _Reading) -> float:
    """The mean log-probability of the characters beyond ASCII."""
    narrow = sum(
        number * math.log(_ASCII.get(char, _NEVER))
        for char, number in reading.counts.items()
        if char < "\x80"
    )
    return (score - narrow) / max(1, reading.wide)


@cache
def _table(name: str) -> dict[str, float]:
    """The log-probability of each character that the language is known to use."""
    language = languages()[name]
    known = {char: math.log(chance) for char, chance in _ASCII.items()}
    if language.standard is not None:
        codec, blocks = language.standard
        for low, high, share in blocks:
            common = _block(codec, low, high)
            known.update(dict.fromkeys(common, math.log(share / len(common))))
    for share, letters in language.letters:
        # As Zipf has it, flatter at the top.
        flat = 3 + len(letters) / 20
        total = sum(1 / (rank + flat) for rank in range(len(letters)))
        for rank, letter in enumerate(letters):
            chance = math.log(share / (rank + flat) / total)
            known[letter] = max(chance, known.get(letter, -math.inf))
    return known


def _block(codec: str, low: int, high: int) -> set[str]:
    """The characters of two bytes whose first one is between these."""
    seconds = bytes((*range(0x40, 0x7F), *range(0xA1, 0xFF))) if codec == "big5" else _SECONDS
    found: set[str] = set()
    for first in range(low, high + 1):
        row = bytearray([first]) * (2 * len(seconds))
        row[1::2] = seconds
        found.update(char for char in row.decode(codec, "ignore") if char > "\x7f")
    return found


def _other(char: str, *, wide: bool) -> float:
    """The log-probability of a character that the language is not known to use."""
    if not char.isprintable() and char != "\xa0":
        chance = _NEVER
    elif wide:
        chance = _WIDE_UNUSUAL
    elif char.isalpha() and char < "\u0250":
        chance = _FOREIGN_LETTER
    else:
        chance = _UNUSUAL
    return math.log(chance)
