"""A picture before it is SVG or PNG: boxes, words and strokes, with colours by name.

Lengths are pixels of the SVG; a cell is `CELL` wide and a line `LINE` high.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from attnpool.view.picture.glyphs import Kind
from attnpool.view.picture.line_breaks import Placed

CELL = 10.0
LINE = 31.0
FONT = 16.6  # so that a letter of DejaVu Sans Mono is a cell wide
WIDE_FONT = 18.0
MARGIN = 24.0
BASELINE = 21.5  # below the top of a line
_BOX = (3.0, 25.0)  # below the top of a line, and how high


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `title` is what pointing at it says."""

    x: float
    y: float
    width: float
    height: float
    role: str
    radius: float = 0.0
    title: str = ""


@dataclass(frozen=True, slots=True)
class TextMark:
    """Text in one line that fills its cells exactly.

    Attributes:
        x: The left end; of upright words, the lower end.
        y: The base line; of upright words, its x is the base line's and this the lower end.
        text: In the order it is read.
        cells: Its width.
        kind: What font suits it.
        role: The colour.
        bold: Whether it is bold.
        rtl: Whether it is read from right to left.
        turned: Whether it is written upwards.
        scale: The size, 1 for that of text.
    """

    x: float
    y: float
    text: str
    cells: int
    kind: Kind
    role: str = "ink"
    bold: bool = False
    rtl: bool = False
    turned: bool = False
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; `dash` is the lengths of strokes and gaps."""

    points: tuple[tuple[float, float], ...]
    role: str
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(slots=True)
class Picture:
    """A picture and its size; later marks cover earlier ones.

    Attributes:
        width: In pixels.
        height: In pixels; grows while the picture is laid out.
        title: What the picture is, for screen readers.
        language: A BCP 47 tag of the text.
        marks: What is drawn.
    """

    width: float
    height: float
    title: str
    language: str = "und"
    marks: list[Box | TextMark | Stroke] = field(default_factory=list)

    def line(self, placed: Sequence[Placed], x: float, y: float) -> None:
        """Draw a line of text whose top is at `y`: the colours, then the letters."""
        self.marks += _grounds(placed, x, y)
        self.marks += pieces(placed, x, y + BASELINE)


def pieces(
    placed: Sequence[Placed], x: float, y: float, *, scale: float = 1.0, turned: bool = False
) -> Iterator[TextMark]:
    """The words of a line: neighbours of one look and one font together.

    Odd characters stand alone, unless they are read from right to left: those join. Of white
    space only single blanks between words stay, since viewers drop the rest.
    """
    start = 0
    while start < len(placed):
        first = placed[start]
        end = start + 1
        if first.glyph.text.isspace():
            start = end
            continue
        while end < len(placed) and _together(placed[end - 1], placed[end]):
            end += 1
        while end > start + 1 and placed[end - 1].glyph.text.isspace():
            end -= 1
        texts = [item.glyph.text for item in placed[start:end]]
        along = first.cell * CELL * scale
        yield TextMark(
            x=x if turned else x + along,
            y=y - along if turned else y,
            text="".join(reversed(texts) if first.rtl else texts),
            cells=sum(item.glyph.cells for item in placed[start:end]),
            kind=first.glyph.kind,
            role=first.glyph.look.role,
            bold=first.glyph.look.bold,
            rtl=first.rtl,
            turned=turned,
            scale=scale,
        )
        start = end


def _together(one: Placed, other: Placed) -> bool:
    mine, its = one.glyph, other.glyph
    if mine.kind != its.kind or one.rtl != other.rtl:
        return False
    if mine.text.isspace() and (its.text.isspace() or one.rtl):
        return False
    if mine.kind == "odd" or one.rtl:
        # Each colour fills its own cells, so that letters stand on theirs.
        return one.rtl and mine.look == its.look
    return (mine.look.role, mine.look.bold) == (its.look.role, its.look.bold)


def _grounds(placed: Sequence[Placed], x: float, y: float) -> Iterator[Box]:
    start = 0
    while start < len(placed):
        ground = placed[start].glyph.look.ground
        end = start + 1
        while end < len(placed) and placed[end].glyph.look.ground == ground:
            end += 1
        if ground:
            cells = sum(item.glyph.cells for item in placed[start:end])
            left = x + placed[start].cell * CELL
            yield Box(left, y + _BOX[0], cells * CELL, _BOX[1], ground, radius=4.0)
        start = end
