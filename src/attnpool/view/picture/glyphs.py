"""Text on a grid of cells, as a terminal has it: letters take one cell, Han and emoji two.

Pictures are laid out without knowing the reader's fonts, so each piece of text gets its cells
first, and the font is fitted to them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from rich.cells import cell_len

from attnpool.sanitize import visible
from attnpool.text.graphemes import cluster_starts
from attnpool.text.look_alikes import nfc

Kind = Literal["narrow", "wide", "odd"]
"""`narrow` suits a monospaced font, `wide` a Chinese one; `odd` letters have widths of their own:
emoji, accents put together, writing from right to left."""

MARKS = 4
"""The most accents shown on a letter; more would run into the lines above and below."""

DIRECTIONS = "\u200e\u200f\u061c"
"""Marks without width that say which way their neighbours are read."""

_NARROW = re.compile(r"[\x20-\x7e\xa0-\u024f\u0370-\u03ff\u0400-\u045f\u2010-\u2027\u2030-\u205e]")
_WIDE = re.compile(
    r"[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    r"\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one look.

    Attributes:
        text: The characters; other people's are made safe here.
        role: The colour of the letters, a key of `attnpool.view.drawing.palette.CHROME`.
        ground: The colour under them, such as `"l7"`; empty for none.
        bold: Whether the letters are bold.
    """

    text: str
    role: str = "ink"
    ground: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Glyph:
    """What a reader takes for one character, with its look and its place on the grid."""

    text: str
    cells: int
    kind: Kind
    look: Span


def glyphs(spans: Iterable[Span], drawable: Callable[[str], str] = str) -> list[Glyph]:
    r"""The characters of spans in order; line ends stay as `"\n"` of no width.

    Args:
        spans: The text.
        drawable: Replaces a character by one that the fonts have.
    """
    result = []
    for span in spans:
        for whole in clusters(visible(span.text).replace("\t", "    ")):
            shown = drawable(_calm(whole))
            # What replaces a character may be several, `‹U+1F44D›`.
            for text in (shown,) if shown == whole else clusters(shown):
                cells, kind = measure(text)
                if cells or text == "\n" or text in DIRECTIONS:
                    result.append(Glyph(text, cells, kind, span))
    return result


def clusters(text: str) -> list[str]:
    """The grapheme clusters of a text."""
    bounds = [*cluster_starts(text).tolist(), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


@lru_cache(maxsize=65536)
def measure(cluster: str) -> tuple[int, Kind]:
    """How many cells a cluster takes, and what font suits it."""
    # An accent behind its letter is the letter with the accent, where there is one.
    if len(whole := nfc(cluster)) == 1:
        if _NARROW.match(whole):
            return 1, "narrow"
        if _WIDE.match(whole):
            return 2, "wide"
    return (0, "odd") if cluster == "\n" else (cell_len(cluster), "odd")


def width(text: str) -> int:
    """How many cells a text takes in one line."""
    return sum(measure(cluster)[0] for cluster in clusters(text))


def clip(text: str, cells: int) -> str:
    """The text, cut behind so many cells and marked `…` where it is longer."""
    if width(text) <= cells:
        return text
    kept, used = "", 1
    for cluster in clusters(text):
        used += measure(cluster)[0]
        if used > cells:
            break
        kept += cluster
    return f"{kept}…"


def _calm(cluster: str) -> str:
    """The cluster with no more accents than there is room for."""
    if len(cluster) <= MARKS:
        return cluster
    marks = [char for char in cluster if unicodedata.category(char) in ("Mn", "Me")]
    surplus = [char for char in marks if not "\ufe00" <= char <= "\ufe0f"][MARKS:]
    if not surplus:
        return cluster
    kept, seen = "", 0
    for char in cluster:
        seen += unicodedata.category(char) in ("Mn", "Me")
        kept += "" if seen > MARKS and unicodedata.category(char) in ("Mn", "Me") else char
    return f"{kept}‹+{len(surplus)} marks›"
