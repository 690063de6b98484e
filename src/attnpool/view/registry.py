"""The formats by name: one function draws explanations in any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from types import MappingProxyType
from typing import Any, Literal, overload

from attnpool._renamed import warn_renamed
from attnpool.errors import InputError, require
from attnpool.explain.lists import listed
from attnpool.explanation import Explanation

__all__ = ["BINARY", "FORMATS", "render"]

Renderer = Callable[..., str | bytes]
TextFormat = Literal["terminal", "lines", "html", "svg", "markdown", "json"]


def _terminal() -> Renderer:
    from attnpool.view.terminal.terminal import to_terminal

    return to_terminal


def _lines() -> Renderer:
    from attnpool.view.terminal.lines import to_lines

    return to_lines


def _html() -> Renderer:
    from attnpool.view.page.html import to_html

    return to_html


def _svg() -> Renderer:
    from attnpool.view.picture.svg import to_svg

    return to_svg


def _png() -> Renderer:
    require("format png", "matplotlib")  # which nothing else needs
    from attnpool.view.picture.png import to_png

    return to_png


def _markdown() -> Renderer:
    from attnpool.view.markdown import to_markdown

    return to_markdown


def _json() -> Renderer:
    from attnpool.view.as_json import to_json

    return to_json


FORMATS: Mapping[str, Callable[[], Renderer]] = MappingProxyType(
    {
        "terminal": _terminal,
        "lines": _lines,
        "html": _html,
        "svg": _svg,
        "png": _png,
        "markdown": _markdown,
        "json": _json,
    }
)
"""The formats by name; each value imports and returns the function that draws."""

BINARY = frozenset({"png"})
"""The formats that are bytes: for files, never for a terminal."""


@overload
def render(
    explanations: Explanation | Sequence[Explanation],
    format: TextFormat = "html",
    **options: Any,
) -> str: ...


@overload
def render(
    explanations: Explanation | Sequence[Explanation], format: Literal["png"], **options: Any
) -> bytes: ...


@overload
def render(
    explanations: Explanation | Sequence[Explanation], format: str, **options: Any
) -> str | bytes: ...


def render(
    explanations: Explanation | Sequence[Explanation],
    format: str = "html",  # noqa: A002
    **options: Any,
) -> str | bytes:
    """Draw explanations.

    Args:
        explanations: One or several.
        format: A key of `FORMATS`: `"html"` (a page of its own), `"svg"`, `"png"`, `"markdown"`,
            `"json"`, `"terminal"`, or `"lines"` (for a terminal, one line each).
        **options: The format's own. All but JSON have `lang` (`"en"` or `"zh"`, the
            language of captions and legends; by default Chinese where most texts are Chinese, else
            English) and `scope`: whether full colour is the
            largest value of a `"text"` or of the `"page"`. A page has `title`, `lead`,
            `links`, `sections` (see `attnpool.Section`) and `group_targets`; SVG, PNG, Markdown,
            lines and the terminal have `theme` (`"light"` or `"dark"`) and all of these but lines
            `heads` (whether to show each head); SVG and PNG have `width`, PNG `scale`, JSON
            `indent`.

    Returns:
        The text, or the bytes of a format in `BINARY`. Write text as UTF-8.

    Raises:
        InputError: The format or an option is unknown, or the format cannot draw these
            explanations.
    """
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; choose one of: {', '.join(FORMATS)}")
    if isinstance(explanations, Explanation):
        explanations = [explanations]
    explanations = listed(explanations, "explanations")
    _check(explanations)
    draw = FORMATS[format]()
    known = [name for name in signature(draw).parameters if name != "explanations"]
    unknown = [name for name in options if name not in known]
    if unknown:
        raise InputError(
            f"format {format} has no option {unknown[0]!r}; its options are: {', '.join(known)}"
        )
    return draw(explanations, **options)


def _check(explanations: Sequence[Any]) -> None:
    for one in explanations:
        if not isinstance(one, Explanation):
            raise InputError(
                f"explanations hold {type(one).__name__}; give what explain() returned"
            )


def render_bytes(
    explanations: Explanation | Sequence[Explanation],
    format: str = "html",  # noqa: A002
    **options: Any,
) -> bytes:
    """`render` in bytes, which it gives itself now for binary formats; for one version."""
    warn_renamed("render_bytes", "render, which gives bytes for PNG")
    drawn = render(explanations, format, **options)
    return drawn if isinstance(drawn, bytes) else drawn.encode()
