"""How levels are written in a terminal: in colours, or in brackets where there are none."""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from attnpool.sanitize import visible
from attnpool.view.drawing.colour import INK, LEVELS, Scale, Theme, background
from attnpool.view.drawing.legends import Legend
from attnpool.view.drawing.segments import Run
from attnpool.view.terminal.ansi import INK_256, background_256

DIM = Style(dim=True)
BOLD = Style(bold=True)
_SHADES = " ·░▒▓█"


@dataclass(frozen=True, slots=True)
class Pen:
    """How levels are shown: with colours of a theme, or with brackets where `theme` is None."""

    theme: Theme | None
    true_colour: bool

    @property
    def bands(self) -> int:
        """Into how many steps of colour levels are divided: brackets show only a few."""
        return LEVELS if self.theme else 2

    def style(self, level: int, *, signed: bool) -> Style:
        """The colours of a level; nothing for level 0."""
        if self.theme is None or level == 0:
            return Style.null()
        if self.true_colour:
            ground = background(level, signed=signed, theme=self.theme)
            return Style(color=INK[self.theme], bgcolor=ground)
        number = background_256(level, signed=signed, theme=self.theme)
        return Style(color=f"color({INK_256[self.theme]})", bgcolor=f"color({number})")

    def cell(self, level: int) -> tuple[str, Style]:
        """A cell of a grid, two columns wide."""
        if self.theme is None:
            return 2 * _SHADES[-(-level * (len(_SHADES) - 1) // LEVELS)], Style.null()
        return "  ", self.style(level, signed=False)


def write(text: Text, run: Run, scale: Scale, pen: Pen) -> None:
    """Append a run."""
    shown = visible(run.text)
    if pen.theme or run.level == 0:
        text.append(shown, style=pen.style(run.level, signed=scale.signed))
    else:
        strong = abs(run.level) == LEVELS
        left, right = "⟦⟧" if strong else "⟨⟩"
        sign = ("+" if run.level > 0 else "−") if scale.signed else ""
        text.append(f"{left}{sign}{shown}{right}", style=Style(bold=strong, underline=not strong))


def write_legend(legend: Legend, pen: Pen) -> Text:
    """A line that says what a kind of colour means."""
    signed, words = legend.scale.signed, legend.words
    if legend.marks:
        if pen.theme is None:
            return Text(legend.meaning.replace(words("brackets.amber"), "⟦ ⟧"), style=DIM)
        colour = pen.style(LEVELS, signed=False)
        return Text("  ", style=colour).append(f" {legend.meaning}", style=DIM)
    low, high = legend.ends
    if pen.theme is None:
        key = "brackets.signed" if signed else "brackets.unsigned"
        return Text(words(key, low=low, high=high, scope=legend.largest), style=DIM)
    line = Text().append(f"{low} ", style=DIM)
    for level in range(-LEVELS if signed else int(legend.shares), LEVELS + 1, 2):
        line.append(" ", style=pen.style(level, signed=signed))
    return line.append(f" {high} · {legend.scope}", style=DIM)
