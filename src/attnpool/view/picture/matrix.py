"""An alignment as a grid: the left text's tokens down, the right text's across."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attnpool.view.drawing import captions
from attnpool.view.drawing.alignment import Aligned
from attnpool.view.drawing.colour import hue_class
from attnpool.view.picture.glyphs import Span, clip, glyphs
from attnpool.view.picture.line_breaks import Placed, wrap
from attnpool.view.picture.marks import CELL, MARGIN, Box, Picture, Stroke, pieces

_LABEL = 14  # cells of a token's name
_SIZE = 0.9  # of the names, beside that of text
_SQUARE = (19.0, 26.0)  # pixels: the least and the most


def add_matrix(
    picture: Picture, aligned: Aligned, cells: int, drawable: Callable[[str], str] = str
) -> None:
    """Draw a grid below what the picture holds; one too wide goes on below itself.

    Args:
        picture: Where to draw; it grows.
        aligned: What to draw.
        cells: How many cells a line has.
        drawable: Replaces a character by one that the fonts have.
    """
    names = [label(name, drawable) for name in aligned.left]
    heads = [label(name, drawable) for name in aligned.right]
    unit = CELL * _SIZE
    gutter = max(map(length, names)) * unit + 8
    tall = max(map(length, heads))
    room = cells * CELL - gutter
    square = min(max(room / len(heads), _SQUARE[0]), _SQUARE[1])
    turned = tall * unit > square
    top = tall * unit + 8 if turned else 22.0
    step = max(1, int(room // square))
    for first in range(0, len(heads), step):
        block = slice(first, first + step)
        x, y = MARGIN + gutter, picture.height + top
        for column, head in enumerate(heads[block]):
            middle = x + (column + 0.5) * square
            if turned:
                picture.marks += pieces(head, middle + 5.5, y - 6, scale=_SIZE, turned=True)
            else:
                left = middle - length(head) * unit / 2
                picture.marks += pieces(head, left, y - 6, scale=_SIZE)
        for row, name in enumerate(names):
            base = y + (row + 0.5) * square + 5.5
            picture.marks += pieces(name, x - 8 - length(name) * unit, base, scale=_SIZE)
        picture.marks += _squares(aligned, block, x, y, square)
        picture.marks += _frame(x, y, len(heads[block]) * square, len(names) * square)
        picture.height = y + len(names) * square + 10


def label(name: str, drawable: Callable[[str], str] = str) -> list[Placed]:
    """A short name as a line that begins at cell 0."""
    line = glyphs([Span(clip(name, _LABEL))], drawable)
    return wrap(line, sum(glyph.cells for glyph in line))[0]


def length(line: Sequence[Placed]) -> int:
    """How many cells a line takes."""
    return sum(item.glyph.cells for item in line)


def _squares(aligned: Aligned, block: slice, x: float, y: float, square: float) -> Iterator[Box]:
    levels, right = aligned.levels[:, block].tolist(), aligned.right[block]
    values = aligned.values[:, block].tolist()
    for row, name in enumerate(aligned.left):
        for column, level in enumerate(levels[row]):
            if level:
                title = f"{name} → {right[column]} {captions.number(values[row][column])}"
                place = (x + column * square, y + row * square)
                yield Box(*place, square, square, hue_class(level, False), title=title)


def _frame(x: float, y: float, wide: float, high: float) -> list[Stroke]:
    corners = ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y))
    return [Stroke(corners, "line")]
