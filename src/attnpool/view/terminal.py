"""Explanations in the terminal: coloured text that fits its width, or marked text without colour.

Colour needs a terminal of 256 colours or more. With 16 colours, `NO_COLOR` or a pipe the
strongest tokens stand in brackets instead, so nothing is lost but the shades.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions
from rich.style import Style
from rich.text import Text

from attnpool.explanation import Explanation
from attnpool.view import words
from attnpool.view.ansi import INK_256, background_256
from attnpool.view.colour import INK, LEVELS, Scale, Scope, Theme, background
from attnpool.view.drawing import Drawing, Row, draw, scales
from attnpool.view.safe import one_line, visible
from attnpool.view.segments import Run

_DIM = Style(dim=True)
_BOLD = Style(bold=True)


@dataclass(frozen=True, slots=True)
class _Pen:
    """How levels are shown: with colours of a theme, or with brackets where `theme` is None."""

    theme: Theme | None
    true_colour: bool

    def style(self, level: int, *, signed: bool) -> Style:
        """The colours of a level; nothing for level 0."""
        if self.theme is None or level == 0:
            return Style.null()
        if self.true_colour:
            ground = background(level, signed=signed, theme=self.theme)
            return Style(color=INK[self.theme], bgcolor=ground)
        number = background_256(level, signed=signed, theme=self.theme)
        return Style(color=f"color({INK_256[self.theme]})", bgcolor=f"color({number})")


@dataclass(frozen=True, slots=True, eq=False)
class TerminalView:
    """A rich renderable: `console.print(TerminalView(explanations))`.

    Attributes:
        explanations: What to show, one block each.
        heads: Whether to show each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.colour.Scale`.
        theme: The terminal's; None asks the environment and believes in dark.
    """

    explanations: Sequence[Explanation]
    heads: bool = False
    scope: Scope = "text"
    theme: Theme | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """The blocks, then one line of legend for each kind of colour used."""
        coloured = not console.no_color and console.color_system in ("256", "truecolor")
        theme = (self.theme or terminal_theme(os.environ)) if coloured else None
        pen = _Pen(theme, true_colour=console.color_system == "truecolor")
        drawings = draw(
            self.explanations,
            scope=self.scope,
            heads=self.heads,
            bands=LEVELS if coloured else 2,
        )
        for drawing in drawings:
            yield from _block(drawing, pen, console, options.max_width)
            yield Text()
        for scale in scales(drawings):
            yield _legend(scale, pen)


def to_terminal(
    explanations: Sequence[Explanation],
    console: Console | None = None,
    *,
    heads: bool = False,
    scope: Scope = "text",
    theme: Theme | None = None,
) -> str:
    """Draw explanations for a terminal.

    Args:
        explanations: What to draw.
        console: Whose width and colours to use; by default those of standard output, where a
            pipe gets plain text.
        heads: Whether to show each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.colour.Scale`.
        theme: `"light"` or `"dark"`; by default what `COLORFGBG` says, or dark.

    Returns:
        The lines, with colour codes where the console shows colour.
    """
    console = console or Console()
    with console.capture() as capture:
        console.print(TerminalView(explanations, heads=heads, scope=scope, theme=theme), end="")
    return capture.get()


def terminal_theme(environ: Mapping[str, str]) -> Theme:
    """Light if `COLORFGBG` names a light background, as rxvt, Konsole and iTerm2 do; else dark."""
    return "light" if environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15") else "dark"


def _block(drawing: Drawing, pen: _Pen, console: Console, width: int) -> Iterator[Text]:
    yield _header(drawing.explanation)
    for side in drawing.sides:
        yield from _lines(side.row, side.tail, side.name, pen, console, width)
        if side.unread:
            note = words.unread(side.unread, side.hidden)
            yield Text(note, style=Style(dim=True, italic=True))
        for row in side.heads:
            label = f"{side.name} {row.name}".strip()
            yield Text(f"{label} · at most {words.number(row.peak)}", style=_DIM)
            yield from _lines(row, "", "", pen, console, width)


def _header(explanation: Explanation) -> Text:
    answer = one_line(explanation.prediction)
    certainty = words.certainty(explanation)
    if certainty is not None:
        answer = f"{answer} {words.percent(certainty)}"
    header = Text(answer, style=_BOLD)
    truth = words.truth(explanation)
    if truth is not None:
        style = Style(color="green" if explanation.correct else "red", bold=True)
        header.append("  ").append(truth, style=Style(bold=False) + style)
    for fact in (*words.pair_facts(explanation), words.method(explanation)):
        header.append(" · ", style=Style(bold=False, dim=True))
        header.append(fact, style=Style(bold=False))
    return header


def _lines(row: Row, tail: str, name: str, pen: _Pen, console: Console, width: int) -> list[Text]:
    """The text of a row and the unread tail, folded to the width behind its name."""
    gutter = f"{name}  " if name and width >= 4 * len(name) else ""
    text = Text(end="")
    for run in row.runs:
        _append(text, run, row.scale, pen)
    if tail:
        # Without colour there may be no dim letters either; the bar says where reading stopped.
        text.append(visible(tail) if pen.theme else f"┆{visible(tail)}", style=_DIM)
    lines = text.wrap(console, max(1, width - len(gutter)), overflow="fold")
    for line in lines:
        line.rstrip()
    margins = [gutter] + [" " * len(gutter)] * len(lines)
    return [
        Text(no_wrap=True, overflow="ignore").append(margin, style=_DIM).append_text(line)
        for margin, line in zip(margins, lines, strict=False)
    ]


def _append(text: Text, run: Run, scale: Scale, pen: _Pen) -> None:
    shown = visible(run.text)
    if pen.theme or run.level == 0:
        text.append(shown, style=pen.style(run.level, signed=scale.signed))
    else:
        strong = abs(run.level) == LEVELS
        left, right = "⟦⟧" if strong else "⟨⟩"
        sign = ("+" if run.level > 0 else "−") if scale.signed else ""
        text.append(f"{left}{sign}{shown}{right}", style=Style(bold=strong, underline=not strong))


def _legend(scale: Scale, pen: _Pen) -> Text:
    scope = words.scale_scope(scale)
    if pen.theme is None:
        marks = "against ⟦−much⟧ ⟨−some⟩, for ⟨+some⟩ ⟦+much⟧"
        marks = marks if scale.signed else "looked ⟦much⟧ ⟨some⟩ little"
        return Text(f"{marks} · {scope.removeprefix('full colour: ')} is much", style=_DIM)
    low, high = words.scale_ends(signed=scale.signed)
    legend = Text().append(f"{low} ", style=_DIM)
    for level in range(-LEVELS if scale.signed else 0, LEVELS + 1, 2):
        legend.append(" ", style=pen.style(level, signed=scale.signed))
    return legend.append(f" {high} · {scope}", style=_DIM)
