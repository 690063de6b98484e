"""Explanations in the terminal: coloured text that fits its width, or marked text without colour.

Colour needs a terminal of 256 colours or more. With 16 colours, `NO_COLOR` or a pipe the
strongest tokens stand in brackets instead, so nothing is lost but the shades.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.style import Style
from rich.text import Text

from attnpool.explanation import Explanation
from attnpool.sanitize import visible
from attnpool.view.drawing import captions
from attnpool.view.drawing.colour import Scope, Theme, check_theme
from attnpool.view.drawing.draw import Drawing, Row, draw
from attnpool.view.drawing.faithfulness import faithfulness, faithfulness_warning, measured
from attnpool.view.drawing.legends import legends
from attnpool.view.terminal.alignment_grid import grid_lines
from attnpool.view.terminal.console import SafeConsole
from attnpool.view.terminal.pen import BOLD, DIM, Pen, write, write_legend
from attnpool.view.words import Words

_PLAIN = Style(bold=False)
_SOFT = Style(bold=False, dim=True)


@dataclass(frozen=True, slots=True, eq=False)
class TerminalView:
    """A rich renderable: `console.print(TerminalView(explanations))`.

    Attributes:
        explanations: What to show, one block each.
        heads: Whether to show each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        theme: The terminal's; None asks the environment and, without an answer, takes dark.
        lang: The language of what stands around the texts, `"en"` or `"zh"`; None takes Chinese
            where most texts are Chinese, else English.
    """

    explanations: Sequence[Explanation]
    heads: bool = False
    scope: Scope = "text"
    theme: Theme | None = None
    lang: str | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """The blocks, then one line of legend for each kind of colour used."""
        pen = pen_for(console, self.theme)
        words = captions.words_for(self.explanations, self.lang)
        drawings = draw(
            self.explanations, words, scope=self.scope, heads=self.heads, bands=pen.bands
        )
        yield from blocks(drawings, pen, console, options.max_width)
        for legend in legends(drawings):
            yield write_legend(legend, pen)
        if note := measured(self.explanations, words):
            yield Text(note, style=DIM)


def to_terminal(
    explanations: Sequence[Explanation],
    console: Console | None = None,
    *,
    heads: bool = False,
    scope: Scope = "text",
    theme: Theme | None = None,
    lang: str | None = None,
) -> str:
    """Draw explanations for a terminal.

    Args:
        explanations: What to draw.
        console: Whose width and colours to use; by default those of standard output, where a
            pipe gets plain text.
        heads: Whether to show each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        theme: `"light"` or `"dark"`; by default what `COLORFGBG` says, or dark.
        lang: The language of what stands around the texts, `"en"` or `"zh"`; None takes Chinese
            where most texts are Chinese, else English.

    Returns:
        The lines, with colour codes where the console shows colour.
    """
    if theme is not None:
        check_theme(theme)
    console = console or SafeConsole()
    with console.capture() as capture:
        view = TerminalView(explanations, heads=heads, scope=scope, theme=theme, lang=lang)
        console.print(view, end="")
    return capture.get()


def to_plain(
    explanations: Sequence[Explanation], *, width: int = 100, lang: str | None = None
) -> str:
    """Draw explanations as lines without any colour code, wherever they are shown.

    Args:
        explanations: What to draw.
        width: How many cells a line has: a letter takes one, a Chinese character two.
        lang: As for `to_terminal`.
    """
    return to_terminal(explanations, plain_console(width), lang=lang)


def plain_console(width: int = 100) -> Console:
    """A console without colours, whatever FORCE_COLOR and the like ask for.

    Args:
        width: How many cells a line has.
    """
    return SafeConsole(
        file=io.StringIO(), width=width, color_system=None, force_terminal=False, _environ={}
    )


def pen_for(console: Console, theme: Theme | None) -> Pen:
    """How a console shows levels: in colours if it has enough of them, else in brackets.

    Args:
        console: The console.
        theme: Its theme; None asks the environment and, without an answer, takes dark.
    """
    coloured = not console.no_color and console.color_system in ("256", "truecolor")
    shown = (theme or terminal_theme(os.environ)) if coloured else None
    return Pen(shown, true_colour=console.color_system == "truecolor")


def terminal_theme(environ: Mapping[str, str]) -> Theme:
    """Light if `COLORFGBG` names a light background, as rxvt, Konsole and iTerm2 do; else dark."""
    return "light" if environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15") else "dark"


def blocks(drawings: Iterable[Drawing], pen: Pen, console: Console, width: int) -> Iterator[Text]:
    """The lines of each drawing, and an empty one.

    Args:
        drawings: What is shown.
        pen: How levels are shown.
        console: Where lines are folded.
        width: The most columns.
    """
    for drawing in drawings:
        yield from _block(drawing, pen, console, width)
        yield Text()


def _block(drawing: Drawing, pen: Pen, console: Console, width: int) -> Iterator[Text]:
    explanation, words = drawing.explanation, drawing.words
    yield _header(explanation, words)
    longest = max(cell_len(side.name) for side in drawing.sides)
    for side in drawing.sides:
        yield from _lines(
            side.row, side.tail, set_cell_size(side.name, longest), pen, console, width
        )
        if side.note:
            yield Text(side.note, style=Style(dim=True, italic=True))
    if drawing.aligned:
        names = tuple(side.name for side in drawing.sides)
        yield from grid_lines(drawing.aligned, names, pen, console, width)
    if any(side.heads for side in drawing.sides):
        yield Text(captions.heads(explanation, words), style=DIM)
    for side in drawing.sides:
        for row in side.heads:
            label = f"{side.name} {row.name}".strip()
            peak = words("at-most", value=captions.number(row.peak))
            yield Text(f"{label} · {peak}", style=DIM)
            yield from _lines(row, "", "", pen, console, width)
    warning = faithfulness_warning(explanation, words)
    notes = captions.logit_parts(explanation, words), faithfulness(explanation, words)
    for note in filter(None, notes):
        yield Text(note, style=DIM)
    if warning:
        yield Text(warning, style=Style(color="red", bold=True))


def _header(explanation: Explanation, words: Words) -> Text:
    answer, facts = captions.header(explanation, words)
    if not answer:  # numbers of somebody's own, which answer nothing
        return Text(captions.method(explanation, words), style=BOLD)
    header = Text(answer, style=BOLD)
    for fact in facts:
        header.append(" · ", style=_SOFT).append(fact, style=_PLAIN)
    truth = captions.truth(explanation, words)
    if truth is not None:
        style = Style(color="green" if explanation.correct else "red", bold=True)
        header.append("  ").append(truth, style=_PLAIN + style)
    header.append(" · ", style=_SOFT).append(captions.method(explanation, words), style=_PLAIN)
    return header


def _lines(row: Row, tail: str, name: str, pen: Pen, console: Console, width: int) -> list[Text]:
    """The text of a row and the unread tail, folded to the width behind its name."""
    gutter = f"{name}  " if name and width >= 4 * cell_len(name) else ""
    text = Text(end="")
    for run in row.runs:
        write(text, run, row.scale, pen)
    if tail:
        # Without colour there may be no dim letters either; the bar says where reading stopped.
        text.append(visible(tail) if pen.theme else f"┆{visible(tail)}", style=DIM)
    lines = text.wrap(console, max(1, width - cell_len(gutter)), overflow="fold")
    for line in lines:
        line.rstrip()
    margins = [gutter] + [" " * cell_len(gutter)] * len(lines)
    return [
        Text(no_wrap=True, overflow="ignore").append(margin, style=DIM).append_text(line)
        for margin, line in zip(margins, lines, strict=False)
    ]
