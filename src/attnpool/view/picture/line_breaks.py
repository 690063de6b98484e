"""Lines: where text is broken so that it fits a number of cells.

Words break at white space, Chinese between any two characters, but no line begins with a closing
mark or ends with an opening one (kinsoku; W3C, "Requirements for Chinese Text Layout", 3.1.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from attnpool.view.picture.bidi import base_level, levels, visual
from attnpool.view.picture.glyphs import Glyph

_NO_START = frozenset("，。、；：？！…—）》」』】〕〉〗”’%‰℃·.,;:?!)]}›»々ー～")
_NO_END = frozenset("（《「『【〔〈〖“‘([{‹«￥$＃")


@dataclass(frozen=True, slots=True)
class Placed:
    """A glyph in a line: its first cell, and whether it is read from right to left."""

    glyph: Glyph
    cell: int
    rtl: bool


def wrap(glyphs: Sequence[Glyph], width: int) -> list[list[Placed]]:
    """The lines of a text, none wider than `width` cells.

    Paragraphs that begin with writing from right to left stand at the right.
    """
    lines = []
    for paragraph in _paragraphs(glyphs):
        base = base_level([glyph.text for glyph in paragraph])
        lines += [_place(line, width, base) for line in _fold(paragraph, width)]
    return lines


def _paragraphs(glyphs: Sequence[Glyph]) -> Iterator[Sequence[Glyph]]:
    start = 0
    for place, glyph in enumerate(glyphs):
        if glyph.text == "\n":
            yield glyphs[start:place]
            start = place + 1
    yield glyphs[start:]


def _fold(glyphs: Sequence[Glyph], width: int) -> Iterator[Sequence[Glyph]]:
    start = place = used = 0
    stop = 0  # the last place where the line may end
    while place < len(glyphs):
        glyph = glyphs[place]
        if place > start and _may_break(glyphs[place - 1], glyph):
            stop = place
        # White space hangs over the end of a line.
        if used + glyph.cells > width and place > start and not glyph.text.isspace():
            end = stop if stop > start else place
            yield _stripped(glyphs[start:end])
            start = place = end
            used = 0
            continue
        used += glyph.cells
        place += 1
    yield _stripped(glyphs[start:])


def _stripped(line: Sequence[Glyph]) -> Sequence[Glyph]:
    end = len(line)
    while end and line[end - 1].text.isspace():
        end -= 1
    return line[:end]


def _may_break(before: Glyph, behind: Glyph) -> bool:
    if behind.text.isspace():
        return False
    if before.text.isspace():
        return True
    if behind.text in _NO_START or before.text in _NO_END:
        return False
    return before.cells > 1 or behind.cells > 1


def _place(line: Sequence[Glyph], width: int, base: int) -> list[Placed]:
    order = levels([glyph.text for glyph in line], base)
    cell = max(0, width - sum(glyph.cells for glyph in line)) if base else 0
    placed = []
    for place in visual(order):
        if not line[place].cells:
            continue  # a mark that says which way its neighbours are read
        placed.append(Placed(line[place], cell, order[place] % 2 == 1))
        cell += line[place].cells
    return placed
