"""Explanations in the terminal, one line each: the coloured text, the answer, right or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.style import Style
from rich.text import Text

from attnpool.explanation import Explanation
from attnpool.sanitize import one_line
from attnpool.view.drawing import captions
from attnpool.view.drawing.colour import Scope, Theme, check_theme
from attnpool.view.drawing.draw import Drawing, draw
from attnpool.view.drawing.legends import legends
from attnpool.view.terminal.console import SafeConsole
from attnpool.view.terminal.excerpt import excerpts
from attnpool.view.terminal.pen import BOLD, DIM, Pen, write_legend
from attnpool.view.terminal.terminal import pen_for
from attnpool.view.words import Words

_BETWEEN = " | "
_LONGEST_NAME = 20
_LEAST_TEXT = 8


class _Answer(NamedTuple):
    """What stands behind a text: the answer, its probability or score, and the true class."""

    name: str
    figure: str
    mark: str
    true: str


@dataclass
class Columns:
    """How many cells there are for the names of answers, and for their probabilities or scores."""

    names: int = 0
    figures: int = 0

    def reserve(self, explanation: Explanation, words: Words, width: int) -> None:
        """Make room for all that the model may answer later, as far as that is known.

        Args:
            explanation: One of its explanations.
            words: The words of the language.
            width: How many cells a line has.
        """
        if captions.answer(explanation, words) == one_line(explanation.prediction):
            names, figures = explanation.labels, map(captions.percent, (0.0001, 0.9999, 1.0))
        else:
            said = words("match"), words("no-match")
            names, figures = said, map(captions.number, (0.123, -0.123))
        shown = [_cut(one_line(name), _longest(width)) for name in names]
        self.names = max([self.names, *map(cell_len, shown)])
        self.figures = max([self.figures, *map(len, figures)])


def to_lines(
    explanations: Sequence[Explanation],
    console: Console | None = None,
    *,
    scope: Scope = "text",
    theme: Theme | None = None,
    lang: str | None = None,
) -> str:
    """Draw each explanation as one line.

    A text that is too long for the line is cut to the part with the strongest colours.

    Args:
        explanations: What to draw.
        console: Whose width and colours to use; by default those of standard output, where a
            pipe gets plain text.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        theme: `"light"` or `"dark"`; by default what `COLORFGBG` says, or dark.
        lang: The language of what stands around the texts, `"en"` or `"zh"`; None takes Chinese
            where most texts are Chinese, else English.

    Returns:
        The lines, then one for each kind of colour used.
    """
    if theme is not None:
        check_theme(theme)
    console = console or SafeConsole()
    pen = pen_for(console, theme)
    words = captions.words_for(explanations, lang)
    drawings = draw(explanations, words, scope=scope, bands=pen.bands)
    with console.capture() as capture:
        print_lines(drawings, Columns(), pen, console)
        for legend in legends(drawings):
            console.print(write_legend(legend, pen))
    return capture.get()


def print_lines(drawings: Sequence[Drawing], columns: Columns, pen: Pen, console: Console) -> None:
    """Print each drawing as one line; the answers stand below each other.

    Args:
        drawings: What is printed.
        columns: How wide what stands behind the texts is at least; it grows with the answers.
        pen: How levels are shown.
        console: Where.
    """
    for line in _lines(drawings, columns, pen, console.width):
        console.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)


def _lines(drawings: Sequence[Drawing], columns: Columns, pen: Pen, width: int) -> Iterator[Text]:
    longest = _longest(width)
    answers = [_answer(drawing.explanation, drawing.words, longest) for drawing in drawings]
    if not answers:
        return
    columns.names = max([columns.names, *(cell_len(answer.name) for answer in answers)])
    columns.figures = max([columns.figures, *(len(answer.figure) for answer in answers)])
    behind = [_behind(answer, columns) for answer in answers]
    room = max(_LEAST_TEXT, width - max(text.cell_len for text in behind))
    for drawing, end in zip(drawings, behind, strict=True):
        line = _texts(drawing, pen, room)
        line.append(" " * (room - line.cell_len)).append_text(end)
        line.truncate(width)
        line.rstrip()
        yield line


def _longest(width: int) -> int:
    """How many cells the name of an answer has at most."""
    return max(2, min(_LONGEST_NAME, width // 5))


def _answer(explanation: Explanation, words: Words, longest: int) -> _Answer:
    said = captions.answer(explanation, words)
    share = captions.certainty(explanation)
    figure = "" if share is None else captions.percent(share)
    if said != one_line(explanation.prediction):  # a verdict, which rests on its score
        figure = "" if explanation.score is None else captions.number(explanation.score)
    wrong = explanation.correct is False
    return _Answer(
        _cut(said, longest),
        figure,
        captions.mark(explanation),
        _cut(one_line(explanation.label or ""), longest) if wrong else "",
    )


def _behind(answer: _Answer, columns: Columns) -> Text:
    text = Text().append(" ⇒ " if answer.name else "   ", style=DIM)
    text.append(set_cell_size(answer.name, columns.names), style=BOLD)
    if columns.figures:
        text.append(f" {answer.figure:>{columns.figures}}")
    if answer.mark:
        style = Style(color="red" if answer.true else "green", bold=True)
        text.append(f" {answer.mark} {answer.true}".rstrip(), style=style)
    return text


def _texts(drawing: Drawing, pen: Pen, room: int) -> Text:
    """The texts of an explanation, cut to the room there is."""
    line = Text(end="")
    if not any(side.row.runs or side.tail for side in drawing.sides):
        return line.append(_cut(drawing.words("empty"), room), style=DIM)
    room_of_texts = room - len(_BETWEEN) * (len(drawing.sides) - 1)
    for number, text in enumerate(excerpts(drawing.sides, pen, room_of_texts)):
        if number:
            line.append(_BETWEEN, style=DIM)
        line.append_text(text)
    line.truncate(room)
    return line


def _cut(name: str, cells: int) -> str:
    return name if cell_len(name) <= cells else f"{set_cell_size(name, cells - 1).rstrip()}…"
