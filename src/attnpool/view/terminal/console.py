"""A console of rich that shows texts, and nothing but texts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from attnpool.progress import with_sizes
from attnpool.sanitize import visible


class SafeConsole(Console):
    """A console on which only its own codes act: those in a text are made visible.

    It reads `COLUMNS` and `LINES` if they can be meant, and else asks the terminal.

    Args:
        options: Those of a console.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(_environ=with_sizes(options.pop("_environ", os.environ)), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of what is drawn, as rich makes them."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text == "\n" or segment.text.isprintable():
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)
