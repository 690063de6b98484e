"""Explanations as SVG: one file that loads nothing, with the text as text.

Each piece of text has its place and its length, so nothing overlaps whatever fonts there are.
Colours are attributes and no style sheet, so that a picture also works inside a page with a
strict security policy, and in Inkscape.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.view.drawing.captions import words_for
from attnpool.view.drawing.colour import Scope, Theme
from attnpool.view.drawing.palette import colour_of
from attnpool.view.picture.compose import compose
from attnpool.view.picture.marks import CELL, FONT, WIDE_FONT, Box, Picture, Stroke, TextMark

SvgTheme = Literal["light", "dark", "auto"]

_MONO = "'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono','Noto Sans Mono',monospace"
_HAN = (
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','Hiragino Sans',"
    "'WenQuanYi Micro Hei',sans-serif"
)
_ODD = "'DejaVu Sans','Noto Sans','Segoe UI','Noto Color Emoji','Segoe UI Emoji',sans-serif"
_FAMILIES = {"narrow": _MONO, "wide": _HAN, "odd": _ODD}


def to_svg(
    explanations: Sequence[Explanation],
    *,
    width: int = 80,
    theme: SvgTheme = "light",
    heads: bool = False,
    scope: Scope = "text",
    full: float = 1.0,
    lang: str | None = None,
) -> str:
    """Draw explanations as an SVG image.

    Args:
        explanations: What to draw.
        width: How many cells a line has: a letter takes one, a Chinese character two.
        theme: `"light"`, `"dark"`, or `"auto"`: light, and dark where the reader prefers it.
        heads: Whether to draw each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        full: The magnitude of full colour where the scope is `"absolute"`.
        lang: The language of what stands around the texts, `"en"` or `"zh"`; None takes Chinese
            where most texts are Chinese, else English.

    Returns:
        The image. Write it as UTF-8.

    Raises:
        InputError: The width is too small, or the theme unknown.
    """
    words = words_for(explanations, lang)
    picture = compose(explanations, words, width=width, heads=heads, scope=scope, full=full)
    return write_svg(picture, theme)


def write_svg(
    picture: Picture, theme: SvgTheme = "light", *, styled: bool = True, crop: float = 0.0
) -> str:
    """A picture as SVG 1.1, which is XML 1.0.

    Args:
        picture: What to write.
        theme: As for `to_svg`.
        styled: Whether an `"auto"` picture brings its dark colours along; inside a page, whose
            security policy would drop them, they stand in the page's style sheet.
        crop: How much of the margin to leave out on each side.

    Raises:
        InputError: The theme is unknown.
    """
    if theme not in ("light", "dark", "auto"):
        raise InputError(f"unknown theme {theme!r}; choose one of: light, dark, auto")
    pen = _Pen("dark" if theme == "dark" else "light", named=theme == "auto")
    wide, high = _n(picture.width - 2 * crop), _n(picture.height - 2 * crop)
    corner = f"{_n(crop)} {_n(crop)}"
    space = 'xmlns="http://www.w3.org/2000/svg" ' if styled else ""
    lines = [
        f'<svg {space}width="{wide}" height="{high}" '
        f'viewBox="{corner} {wide} {high}" xml:lang={quoteattr(picture.language)} '
        f'xml:space="preserve" font-size="{_n(FONT)}">',
        f"<title>{escape(picture.title)}</title>",
        f'<rect width="{_n(picture.width)}" height="{_n(picture.height)}" rx="10"'
        f"{pen.fill('paper')}/>",
    ]
    body = [pen.mark(mark) for mark in picture.marks]
    if pen.named and styled:
        lines.append(pen.style())
    return "\n".join([*lines, *body, "</svg>\n"])


class _Pen:
    """Writes marks in the colours of a theme; named ones can be turned dark by a style."""

    def __init__(self, theme: Theme, *, named: bool) -> None:
        self.theme = theme
        self.named = named
        self.used: set[tuple[str, str]] = set()

    def fill(self, role: str, attribute: str = "fill") -> str:
        """The colour of a role as an attribute."""
        self.used.add((role, attribute))
        name = f' class="{attribute[0]}-{role}"' if self.named else ""
        return f' {attribute}="{colour_of(role, self.theme)}"{name}'

    def style(self) -> str:
        """The same roles in dark."""
        rules = "".join(
            f".{attribute[0]}-{role}{{{attribute}:{colour_of(role, 'dark')}}}"
            for role, attribute in sorted(self.used)
        )
        return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"

    def mark(self, mark: Box | TextMark | Stroke) -> str:
        """An element."""
        if isinstance(mark, Box):
            return self._box(mark)
        return self._stroke(mark) if isinstance(mark, Stroke) else self._text(mark)

    def _box(self, box: Box) -> str:
        place = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
        corner = f' rx="{_n(box.radius)}"' if box.radius else ""
        head = f"<rect {place}{corner}{self.fill(box.role)}"
        return f"{head}><title>{escape(box.title)}</title></rect>" if box.title else f"{head}/>"

    def _stroke(self, stroke: Stroke) -> str:
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in stroke.points)
        dash = f' stroke-dasharray="{" ".join(map(_n, stroke.dash))}"' if stroke.dash else ""
        return (
            f'<polyline points="{points}" fill="none"{self.fill(stroke.role, "stroke")} '
            f'stroke-width="{_n(stroke.width)}"{dash} stroke-linejoin="round"/>'
        )

    def _text(self, mark: TextMark) -> str:
        cell = CELL * mark.scale
        length = mark.cells * cell
        # Chinese characters are a little narrower than two cells; they stand in the middle.
        pad = cell - WIDE_FONT * mark.scale / 2 if mark.kind == "wide" else 0.0
        size = (WIDE_FONT if mark.kind == "wide" else FONT) * mark.scale
        start = length - pad if mark.rtl else pad
        x, y = (mark.x, mark.y - start) if mark.turned else (mark.x + start, mark.y)
        look = [
            f'x="{_n(x)}" y="{_n(y)}" textLength="{_n(length - 2 * pad)}"',
            f'lengthAdjust="{"spacing" if mark.kind == "wide" else "spacingAndGlyphs"}"',
            f'font-family="{_FAMILIES[mark.kind]}"',
        ]
        if size != FONT:
            look.append(f'font-size="{_n(size)}"')
        if mark.bold:
            look.append('font-weight="bold"')
        if mark.rtl:
            look.append('direction="rtl" unicode-bidi="embed"')
        if mark.turned:
            look.append(f'transform="rotate(-90 {_n(x)} {_n(y)})"')
        return f"<text {' '.join(look)}{self.fill(mark.role)}>{escape(mark.text)}</text>"


def _n(value: float) -> str:
    """A length without needless digits."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
