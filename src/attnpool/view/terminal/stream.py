"""Explanations that come one after the other, drawn in the terminal as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions
from rich.text import Text

from attnpool.explanation import Explanation
from attnpool.view.drawing.captions import words_for
from attnpool.view.drawing.draw import Drawing, draw
from attnpool.view.drawing.faithfulness import measured
from attnpool.view.drawing.legends import Legends
from attnpool.view.terminal.console import SafeConsole
from attnpool.view.terminal.lines import Columns, print_lines
from attnpool.view.terminal.pen import DIM, Pen, write_legend
from attnpool.view.terminal.terminal import blocks, pen_for


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """A renderable of one line after the other: a list of all would keep the collector busy."""

    drawings: Sequence[Drawing]
    pen: Pen

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        return blocks(self.drawings, self.pen, console, options.max_width)


class Stream:
    """Draws explanations as `to_terminal` or `to_lines` draws them together.

    Args:
        one_line_each: Whether as `to_lines` does.
        console: Whose width and colours to use; by default those of standard output, where a
            pipe gets plain text.
        heads: Whether to show each head; not in lines.
        lang: The language of captions and legends, `"en"` or `"zh"`; None takes that of the first
            texts.
    """

    def __init__(
        self,
        *,
        one_line_each: bool,
        console: Console | None = None,
        heads: bool = False,
        lang: str | None = None,
    ) -> None:
        self._console = console or SafeConsole()
        self._pen = pen_for(self._console, None)
        self._heads = heads
        self._words = None if lang is None else words_for((), lang)
        self._columns = Columns() if one_line_each else None
        self._begun = False
        self._legends = Legends()
        self._measured = ""  # the note on figures of faithfulness, until it is given
        self._noted = False

    def draw(self, explanations: Sequence[Explanation], *, last: bool = False) -> str:
        """The next pictures or lines.

        Args:
            explanations: The next explanations.
            last: Whether no others follow. Where they are the first as well, lines need no room
                for answers that may come.
        """
        words = self._words = self._words or words_for(explanations)
        drawings = draw(explanations, words, heads=self._heads, bands=self._pen.bands)
        self._legends.add(drawings)
        with self._console.capture() as capture:
            if self._columns is None:
                self._measured = self._measured or measured(explanations, words)
                self._console.print(_Blocks(drawings, self._pen), end="")
            else:
                if explanations and not (self._begun or last):
                    self._columns.reserve(explanations[0], words, self._console.width)
                print_lines(drawings, self._columns, self._pen, self._console)
        self._begun = True
        return capture.get()

    def legends(self) -> str:
        """What the colours and figures drawn mean, as far as it was not given yet."""
        with self._console.capture() as capture:
            for legend in self._legends.new():
                self._console.print(write_legend(legend, self._pen))
            if self._measured and not self._noted:
                self._noted = True
                self._console.print(Text(self._measured, style=DIM))
        return capture.get()
