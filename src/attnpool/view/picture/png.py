"""Explanations as PNG, drawn by matplotlib's Agg: no display, no global state of pyplot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.view.drawing import captions
from attnpool.view.drawing.colour import Scope, Theme, check_theme
from attnpool.view.drawing.palette import colour_of
from attnpool.view.picture.compose import compose
from attnpool.view.picture.fonts import Face, Fonts
from attnpool.view.picture.glyphs import clusters
from attnpool.view.picture.marks import CELL, FONT, WIDE_FONT, Box, Picture, Stroke, TextMark

_MIRROR = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_LONGEST = 2**15  # pixels; Agg refuses 2**16, and viewers struggle before


def to_png(
    explanations: Sequence[Explanation],
    *,
    width: int = 80,
    theme: Theme = "light",
    heads: bool = False,
    scope: Scope = "text",
    full: float = 1.0,
    scale: float = 2.0,
    lang: str | None = None,
) -> bytes:
    """Draw explanations as a PNG image.

    Args:
        explanations: What to draw.
        width: How many cells a line has: a letter takes one, a Chinese character two.
        theme: `"light"` or `"dark"`.
        heads: Whether to draw each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        full: The magnitude of full colour where the scope is `"absolute"`.
        lang: The language of what stands around the texts, `"en"` or `"zh"`; None takes Chinese
            where most texts are Chinese, else English.
        scale: Pixels of the image for a pixel of the SVG; 2 suits today's screens.

    Returns:
        The file's bytes.

    Raises:
        InputError: Text needs a Chinese font and the system has none, the image would be too
            large, or the width is too small.
    """
    fonts = Fonts(captions.picture_language(explanations))
    picture = compose(
        explanations,
        captions.words_for(explanations, lang),
        width=width,
        heads=heads,
        scope=scope,
        full=full,
        drawable=fonts.drawable,
    )
    return write_png(picture, theme, fonts=fonts, scale=scale)


def write_png(
    picture: Picture, theme: Theme = "light", *, fonts: Fonts | None = None, scale: float = 2.0
) -> bytes:
    """A picture as PNG.

    Raises:
        InputError: The theme is unknown, or the image would be too large.
    """
    check_theme(theme)
    wide, high = round(picture.width * scale), round(picture.height * scale)
    if not (scale > 0 and max(wide, high) <= _LONGEST):
        raise InputError(
            f"a PNG of {wide} × {high} pixels is too large; draw fewer or shorter texts, or SVG"
        )
    # One inch is one pixel of the SVG times `scale`, so that points are pixels.
    figure = Figure((wide / 72 / scale, high / 72 / scale), dpi=72 * scale)
    FigureCanvasAgg(figure)
    figure.set_facecolor(colour_of("paper", theme))
    figure.add_artist(_Marks(picture, theme, fonts or Fonts(picture.language), scale))
    out = io.BytesIO()
    figure.savefig(
        out,
        format="png",
        dpi=72 * scale,
        facecolor=figure.get_facecolor(),
        bbox_inches=None,
        metadata={"Software": None, "Title": picture.title},
    )
    return out.getvalue()


class _Marks(Artist):
    """All marks of a picture, drawn straight onto the canvas: fast, and to the pixel."""

    def __init__(self, picture: Picture, theme: Theme, fonts: Fonts, scale: float) -> None:
        super().__init__()
        self._picture = picture
        self._theme: Theme = theme
        self._fonts = fonts
        self._scale = scale
        self.set_transform(Affine2D())

    def draw(self, renderer: Any) -> None:
        """Draw every mark in order."""
        for mark in self._picture.marks:
            gc = renderer.new_gc()
            gc.set_foreground(colour_of(mark.role, self._theme))
            if isinstance(mark, TextMark):
                self._text(renderer, gc, mark)
            elif isinstance(mark, Box):
                self._box(renderer, gc, mark)
            else:
                self._stroke(renderer, gc, mark)
            gc.restore()

    def _paper(self, renderer: Any) -> Affine2D:
        """From the picture's pixels, counted from the top, to the canvas's."""
        return Affine2D().scale(self._scale, -self._scale).translate(0, renderer.height)

    def _box(self, renderer: Any, gc: Any, box: Box) -> None:
        gc.set_linewidth(0)
        gc.set_snap(True)
        corners = _rounded(box) if box.radius else _plain(box)
        fill = to_rgb(colour_of(box.role, self._theme))
        renderer.draw_path(gc, corners, self._paper(renderer), fill)

    def _stroke(self, renderer: Any, gc: Any, stroke: Stroke) -> None:
        gc.set_linewidth(stroke.width)  # points, which are pixels
        gc.set_joinstyle("round")
        if stroke.dash:
            gc.set_dashes(0, stroke.dash)
        renderer.draw_path(gc, Path(stroke.points), self._paper(renderer))

    def _text(self, renderer: Any, gc: Any, mark: TextMark) -> None:
        if mark.kind == "odd":
            self._fitted(renderer, gc, mark)
            return
        step = CELL * mark.scale * (2 if mark.kind == "wide" else 1)
        if mark.kind == "narrow" and self._mono(mark):
            self._put(renderer, gc, mark, _visual(mark), 0.0, FONT)
            return
        for place, char in enumerate(clusters(_visual(mark))):
            size = WIDE_FONT if mark.kind == "wide" else FONT
            face = self._fonts.face(char, bold=mark.bold)
            wide = _extent(renderer.dpi, face, char, size * mark.scale) / self._scale
            # A character wider than its cells is drawn smaller, a narrower one in the middle.
            size *= min(1.0, step / wide) if wide else 1.0
            pad = max(0.0, step - wide) / 2
            self._put(renderer, gc, mark, char, place * step + pad, size)

    def _mono(self, mark: TextMark) -> bool:
        return "Mono" in self._fonts.face(mark.text, bold=mark.bold).path

    def _fitted(self, renderer: Any, gc: Any, mark: TextMark) -> None:
        """A text of its own width in the middle of its cells, smaller if they are too few."""
        face = self._fonts.face(mark.text, bold=mark.bold)
        room = mark.cells * CELL * mark.scale
        wide = _extent(renderer.dpi, face, mark.text, FONT * mark.scale) / self._scale
        size = FONT * (min(1.0, room / wide) if wide else 1.0)
        self._put(renderer, gc, mark, mark.text, max(0.0, room - wide) / 2, size)

    def _put(
        self, renderer: Any, gc: Any, mark: TextMark, text: str, along: float, size: float
    ) -> None:
        face = self._fonts.face(text, bold=mark.bold)
        x, y = (mark.x, mark.y - along) if mark.turned else (mark.x + along, mark.y)
        renderer.draw_text(
            gc,
            round(x * self._scale),
            round(y * self._scale),
            text,
            face.properties(size * mark.scale),
            90 if mark.turned else 0,
        )


@lru_cache(maxsize=65536)
def _extent(dpi: float, face: Face, text: str, pixels: float) -> float:
    """The width of a text on the canvas."""
    measure = _ruler(dpi).get_text_width_height_descent
    return float(measure(text, face.properties(pixels), ismath=False)[0])


@cache
def _ruler(dpi: float) -> Any:
    return RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call] # matplotlib's is untyped


def _visual(mark: TextMark) -> str:
    """Letters that are drawn one by one: from the left, brackets turned round where need be."""
    if not mark.rtl:
        return mark.text
    return "".join(reversed(clusters(mark.text))).translate(_MIRROR)


def _plain(box: Box) -> Path:
    right, low = box.x + box.width, box.y + box.height
    corners = [(box.x, box.y), (right, box.y), (right, low), (box.x, low), (box.x, box.y)]
    return Path(corners, closed=True)


def _rounded(box: Box) -> Path:
    """A rectangle with round corners; each is a curve of degree two."""
    left, top, right, low = box.x, box.y, box.x + box.width, box.y + box.height
    r = min(box.radius, box.width / 2)
    points = [(left + r, top), (right - r, top), (right, top), (right, top + r), (right, low - r),
              (right, low), (right - r, low), (left + r, low), (left, low), (left, low - r),
              (left, top + r), (left, top), (left + r, top), (left + r, top)]  # fmt: skip
    line, curve = Path.LINETO, Path.CURVE3
    codes = [Path.MOVETO, line, curve, curve, line, curve, curve, line, curve, curve,
             line, curve, curve, Path.CLOSEPOLY]  # fmt: skip
    return Path(points, codes)
