"""The renderings by name; each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from attnpool.errors import InputError
from attnpool.explanation import Explanation

FORMATS: dict[str, tuple[str, str]] = {
    "terminal": ("attnpool.view.terminal", "to_terminal"),
    "html": ("attnpool.view.html", "to_html"),
    "json": ("attnpool.view.as_json", "to_json"),
}
"""The module and the function of each format."""


def render(
    explanations: Explanation | Sequence[Explanation], format: str = "terminal", **options: Any  # noqa: A002
) -> str:  # fmt: skip
    """Draw explanations.

    Args:
        explanations: One or several.
        format: A key of `FORMATS`.
        **options: What the format's own function takes, such as `heads=True` or `title="…"`.

    Raises:
        InputError: The format is unknown.
    """
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; choose one of: {', '.join(FORMATS)}")
    if isinstance(explanations, Explanation):
        explanations = [explanations]
    module, function = FORMATS[format]
    drawn: str = getattr(import_module(module), function)(explanations, **options)
    return drawn
