"""The heads of a pooling layer as curves: weight over position, one curve per head.

The tokens stand on the axis where they fit; a long text goes on in further bands below.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from attnpool._shapes import Float
from attnpool.errors import InputError
from attnpool.explanation import Explanation, Side
from attnpool.sanitize import one_line
from attnpool.view.drawing import captions
from attnpool.view.drawing.colour import TIMES_UNIFORM, Theme
from attnpool.view.drawing.draw import side_names
from attnpool.view.picture.glyphs import Span, glyphs, width
from attnpool.view.picture.line_breaks import wrap
from attnpool.view.picture.marks import BASELINE, CELL, LINE, MARGIN, Picture, Stroke, pieces
from attnpool.view.picture.matrix import label, length
from attnpool.view.picture.svg import SvgTheme, write_svg
from attnpool.view.words import Words

if TYPE_CHECKING:
    from attnpool.view.picture.fonts import Fonts

NARROWEST = 40
"""The fewest cells a plot may be wide."""

_BANDS = 6  # a text that needs more gets numbers on its axis
_HIGH = 150.0
_AXIS = 56.0  # pixels left of the curves
_SLOT = 17.0  # the fewest pixels for a token with its name
_SIZE = 0.85  # of names on the axis, beside that of text
_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (6.0, 3.0),
    (2.0, 3.0),
    (8.0, 3.0, 2.0, 3.0),
)
_UNIFORM = (1.0, 4.0)  # the dashes of the line at the uniform share


def to_svg(
    explanation: Explanation,
    *,
    width: int = 80,
    theme: SvgTheme = "light",
    lang: str | None = None,
) -> str:
    """Plot the heads of an explanation as SVG.

    Args:
        explanation: What to plot: each of its texts by itself.
        width: How many cells wide the plot is.
        theme: `"light"`, `"dark"`, or `"auto"`: light, and dark where the reader prefers it.
        lang: The language of the names, `"en"` or `"zh"`; None takes that of the text.

    Raises:
        InputError: The width is too small, or the theme unknown.
    """
    return write_svg(plot(explanation, _words(explanation, lang), width=width), theme)


def to_png(
    explanation: Explanation,
    *,
    width: int = 80,
    theme: Theme = "light",
    scale: float = 2.0,
    lang: str | None = None,
) -> bytes:
    """Plot the heads of an explanation as PNG; see `attnpool.view.picture.png.to_png`.

    Raises:
        InputError: As there, and where the width is too small.
    """
    from attnpool.view.picture.fonts import Fonts
    from attnpool.view.picture.png import write_png

    fonts: Fonts = Fonts(captions.picture_language([explanation]))
    words = _words(explanation, lang)
    picture = plot(explanation, words, width=width, drawable=fonts.drawable)
    return write_png(picture, theme, fonts=fonts, scale=scale)


def _words(explanation: Explanation, lang: str | None) -> Words:
    return captions.words_for([explanation], lang)


def plot(
    explanation: Explanation,
    words: Words,
    *,
    width: int = 80,
    drawable: Callable[[str], str] = str,
    overlap: bool = True,
) -> Picture:
    """The curves as a picture.

    Args:
        explanation: What to plot.
        words: The words of the language.
        width: How many cells wide the plot is.
        drawable: Replaces a character by one that the fonts have.
        overlap: Whether to say how much the heads look at the same tokens.

    Raises:
        InputError: The width is below `NARROWEST`.
    """
    if width < NARROWEST:
        raise InputError(f"a plot {width} cells wide is too narrow; give {NARROWEST} or more")
    language = captions.picture_language([explanation])
    picture = Picture(2 * MARGIN + width * CELL, MARGIN, words("plot.title"), language)
    _legend(picture, explanation.heads, words, width)
    if explanation.heads > 1 and overlap:
        _text(picture, captions.heads(explanation, words), width)
    picture.height += 6
    for name, side in zip(side_names(explanation, words), explanation.sides, strict=True):
        if name:
            _text(picture, name, width)
        _side(picture, side, words, drawable)
    picture.height += MARGIN - 10
    return picture


def _text(picture: Picture, text: str, cells: int) -> None:
    for line in wrap(glyphs([Span(text, "soft")]), cells):
        picture.line(line, MARGIN, picture.height)
        picture.height += LINE


def _look(head: int) -> tuple[str, tuple[float, ...]]:
    """A colour and a dash, so that colour is never the only difference of neighbours."""
    return f"h{head}", _DASHES[head % len(_DASHES)]


def _legend(picture: Picture, heads: int, words: Words, cells: int) -> None:
    """A short stroke and a name for each head, and for the uniform share."""
    x, right = MARGIN, MARGIN + cells * CELL
    names = [words("head", number=head + 1) for head in range(heads)]
    if heads == 1:
        names = [words("weight")]
    looks = [(*_look(head), 2.0) for head in range(heads)]
    for name, (role, dash, thick) in zip(
        [*names, words("plot.uniform")], [*looks, ("soft", _UNIFORM, 1.0)], strict=True
    ):
        room = 4 * CELL + width(name) * CELL
        if x + room > right and x > MARGIN:
            x, picture.height = MARGIN, picture.height + LINE
        middle = picture.height + BASELINE - 5.5
        picture.marks.append(Stroke(((x, middle), (x + 2.8 * CELL, middle)), role, thick, dash))
        picture.line(wrap(glyphs([Span(name, "soft")]), cells)[0], x + 3.6 * CELL, picture.height)
        x += room + 2 * CELL
    picture.height += LINE + 2


def _side(picture: Picture, side: Side, words: Words, drawable: Callable[[str], str]) -> None:
    count = side.weights.shape[1]
    if not count:
        _text(picture, words("no-token"), NARROWEST)
        return
    room = picture.width - 2 * MARGIN - _AXIS
    slot = max(_SLOT, min(room / count, 60.0))
    bands = math.ceil(count * slot / room - 1e-9)
    named = bands <= _BANDS
    step = math.ceil(count / bands) if named else count
    slot = min(room / step, 60.0)
    texts = (side.text[start : min(end, start + 200)] for start, end in side.spans.tolist())
    lines = [label(one_line(text) or "␣", drawable) for text in texts] if named else []
    widths = [length(line) * CELL * _SIZE for line in lines]
    # Names stand upright where none is wider than a Chinese character, else they are turned.
    turned = max(widths, default=0.0) > max(2 * CELL * _SIZE, slot - 4)
    top = _ceiling(side.weights)
    for first in range(0, count, step):
        last = min(first + step, count)
        low = picture.height + _HIGH
        x = MARGIN + _AXIS + slot / 2
        left, wide = MARGIN + _AXIS, min((last - first) * slot, room)
        _axis(picture, top, low, left, wide)
        even = low - _HIGH * min(1.0, 1 / count / top)
        picture.marks.append(Stroke(((left, even), (left + wide, even)), "soft", 1.0, _UNIFORM))
        for head, row in enumerate(side.weights):
            role, dash = _look(head)
            points = tuple(
                (x + place * slot, low - _HIGH * share)
                for place, share in enumerate(_shares(row[first:last], top))
            )
            if len(points) == 1:
                points = ((x - 4, points[0][1]), (x + 4, points[0][1]))
            picture.marks.append(Stroke(points, role, 2.0, dash))
        if not named:
            _numbers(picture, count, x, slot, low)
            continue
        for place in range(first, last):
            centre, wide = x + (place - first) * slot, widths[place]
            if turned:
                picture.marks += pieces(
                    lines[place], centre + 5, low + 10 + wide, scale=_SIZE, turned=True
                )
            else:
                picture.marks += pieces(lines[place], centre - wide / 2, low + 20, scale=_SIZE)
        picture.height = low + (max(widths[first:last]) + 10 if turned else 24) + 22


def _shares(row: Float[np.ndarray, "n"], top: float) -> list[float]:
    """The heights of a curve from 0 to 1; what is no number is 0."""
    shares: list[float] = np.clip(np.nan_to_num(row / top), 0.0, 1.0).tolist()
    return shares


def _axis(picture: Picture, top: float, low: float, left: float, wide: float) -> None:
    """Thin lines at even weights, with the weight beside each."""
    for share in (0.0, 0.5, 1.0):
        y = low - _HIGH * share
        picture.marks.append(Stroke(((left, y), (left + wide, y)), "line"))
        line = wrap(glyphs([Span(captions.number(top * share), "soft")]), 20)[0]
        cells = sum(item.glyph.cells for item in line)
        picture.marks += pieces(line, left - 8 - cells * CELL * _SIZE, y + 5, scale=_SIZE)


def _numbers(picture: Picture, count: int, x: float, slot: float, low: float) -> None:
    """Positions on the axis where the tokens themselves have no room; the first is 1."""
    step = _nice(count / 8)
    ticks = [1, *range(int(step), count + 1, int(step))]
    ticks = [tick for tick, behind in pairwise([*ticks, 10**12]) if behind - tick > step / 2]
    for tick in ticks:
        line = wrap(glyphs([Span(f"{tick}", "soft")]), 20)[0]
        wide = sum(item.glyph.cells for item in line) * CELL * _SIZE
        centre = x + (tick - 1) * slot
        picture.marks.append(Stroke(((centre, low), (centre, low + 5)), "line"))
        picture.marks += pieces(line, centre - wide / 2, low + 20, scale=_SIZE)
    picture.height = low + 42


def _ceiling(weights: Float[np.ndarray, "heads tokens"]) -> float:
    """The weight at the top of the plot: a round number above all weights.

    It is at least 4 times the uniform share, as full colour is: weights that are all alike are no
    line along the top.
    """
    finite = weights[np.isfinite(weights)]
    highest = float(finite.max()) if len(finite) else 0.0
    if highest > 0:
        highest = max(highest, min(1.0, TIMES_UNIFORM / weights.shape[1]))
    if not highest > 0:
        return 1.0
    return 1.0 if 0.5 < highest <= 1 else _nice(max(highest, 1e-300), whole=False)


def _nice(value: float, *, whole: bool = True) -> float:
    """The next of 1, 2, 4, 5, 10, 20 … that is no less than the value."""
    value = max(value, 1.0) if whole else value
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 2, 4, 5, 10) if power * step >= value * (1 - 1e-9))
