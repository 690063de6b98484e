"""The renderings by name; each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from attnpool.errors import InputError
from attnpool.explanation import Explanation

FORMATS: dict[str, tuple[str, str]] = {
    "terminal": ("attnpool.view.terminal.terminal", "to_terminal"),
    "html": ("attnpool.view.page.html", "to_html"),
    "svg": ("attnpool.view.picture.svg", "to_svg"),
    "png": ("attnpool.view.picture.png", "to_png"),
    "markdown": ("attnpool.view.markdown", "to_markdown"),
    "json": ("attnpool.view.as_json", "to_json"),
}
"""The module and the function of each format."""

BINARY = frozenset({"png"})
"""The formats that are bytes and no text: for files, never for a terminal."""


def render(
    explanations: Explanation | Sequence[Explanation], format: str = "terminal", **options: Any  # noqa: A002
) -> str:  # fmt: skip
    """Draw explanations as text.

    Args:
        explanations: One or several.
        format: A key of `FORMATS` that is not in `BINARY`.
        **options: What the format's own function takes, such as `heads=True` or `title="…"`.

    Raises:
        InputError: The format is unknown, or no text.
    """
    if format in BINARY:
        raise InputError(f"{format} is no text; use render_bytes() and write it to a file")
    drawn: str = _draw(explanations, format, options)
    return drawn


def render_bytes(
    explanations: Explanation | Sequence[Explanation], format: str, **options: Any  # noqa: A002
) -> bytes:  # fmt: skip
    """Draw explanations as what a file holds: any format, text in UTF-8.

    Args:
        explanations: One or several.
        format: A key of `FORMATS`.
        **options: What the format's own function takes.

    Raises:
        InputError: The format is unknown, or cannot draw these explanations.
    """
    drawn: str | bytes = _draw(explanations, format, options)
    return drawn if isinstance(drawn, bytes) else drawn.encode()


def _draw(
    explanations: Explanation | Sequence[Explanation], name: str, options: dict[str, Any]
) -> Any:
    if name not in FORMATS:
        raise InputError(f"unknown format {name!r}; choose one of: {', '.join(FORMATS)}")
    if isinstance(explanations, Explanation):
        explanations = [explanations]
    module, function = FORMATS[name]
    return getattr(import_module(module), function)(explanations, **options)
