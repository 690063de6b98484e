"""Explanations laid out as a picture: what SVG and PNG both draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attnpool.errors import InputError
from attnpool.explanation import Explanation
from attnpool.view.drawing import captions
from attnpool.view.drawing.alignment import Aligned
from attnpool.view.drawing.colour import LEVELS, Scope, hue_class
from attnpool.view.drawing.draw import Drawing, DrawnSide, Row, draw
from attnpool.view.drawing.faithfulness import faithfulness, faithfulness_warning, measured
from attnpool.view.drawing.legends import Legend, legends
from attnpool.view.picture.glyphs import Span, glyphs, width
from attnpool.view.picture.line_breaks import wrap
from attnpool.view.picture.marks import CELL, LINE, MARGIN, Box, Picture, Stroke
from attnpool.view.picture.matrix import add_matrix
from attnpool.view.words import Words

NARROWEST = 24
"""The fewest cells a picture may be wide."""

_GAP = 14.0
_LRM = "\u200e"  # names written from right to left do not reorder what follows them


def compose(
    explanations: Sequence[Explanation],
    words: Words,
    *,
    width: int = 80,
    heads: bool = False,
    scope: Scope = "text",
    full: float = 1.0,
    drawable: Callable[[str], str] = str,
) -> Picture:
    """Lay explanations out, one below the other, and the legend below them.

    Args:
        explanations: What to draw.
        words: The words of the language.
        width: How many cells a line has: a letter takes one, a Chinese character two.
        heads: Whether to draw each head below the explanation's own values.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        full: The magnitude of full colour where the scope is `"absolute"`.
        drawable: Replaces a character by one that the fonts have.

    Raises:
        InputError: The width is below `NARROWEST`.
    """
    if width < NARROWEST:
        raise InputError(f"a picture {width} cells wide is too narrow; give {NARROWEST} or more")
    drawings = draw(explanations, words, scope=scope, full=full, heads=heads)
    language = captions.picture_language(explanations)
    title = captions.title(explanations, words)
    page = _Page(Picture(2 * MARGIN + width * CELL, MARGIN, title, language), width, drawable)
    for number, drawing in enumerate(drawings):
        if number:
            page.rule()
        page.block(drawing)
    entries = legends(drawings)
    if entries:
        page.rule()
    for legend in entries:
        page.legend(legend)
    if note := measured(explanations, words):
        page.text([Span(note, "soft")])
    page.picture.height += MARGIN - 6
    return page.picture


class _Page:
    """The picture while it grows downwards."""

    def __init__(self, picture: Picture, width: int, drawable: Callable[[str], str]) -> None:
        self.picture = picture
        self.width = width
        self.drawable = drawable

    def text(self, spans: Sequence[Span], indent: int = 0) -> None:
        """Draw text in lines behind an indent of so many cells."""
        for line in wrap(glyphs(spans, self.drawable), self.width - indent):
            self.picture.line(line, MARGIN + indent * CELL, self.picture.height)
            self.picture.height += LINE

    def rule(self) -> None:
        """Draw a thin line between blocks."""
        middle = self.picture.height + _GAP
        ends = ((MARGIN, middle), (self.picture.width - MARGIN, middle))
        self.picture.marks.append(Stroke(ends, "line"))
        self.picture.height += 2 * _GAP

    def block(self, drawing: Drawing) -> None:
        """Draw an explanation: the answer, each text, how they meet, each head."""
        explanation, words = drawing.explanation, drawing.words
        self.text(_header(explanation, words))
        gutter = max(width(side.name) for side in drawing.sides)
        indent = gutter + 2 if gutter and gutter * 4 <= self.width else 0
        for side in drawing.sides:
            self.side(side, words, indent)
        if drawing.aligned:
            self.alignment(drawing.aligned, tuple(side.name for side in drawing.sides))
        if any(side.heads for side in drawing.sides):
            self.picture.height += _GAP / 2
            self.text([Span(captions.heads(explanation, words), "soft")])
        for side in drawing.sides:
            for row in side.heads:
                name = f"{side.name} {row.name}".strip()
                self.picture.height += 4
                peak = words("at-most", value=captions.number(row.peak))
                self.text([Span(f"{name} · {peak}", "soft")])
                self.text(_row(row))
        notes = captions.logit_parts(explanation, words), faithfulness(explanation, words)
        for note in filter(None, notes):
            self.text([Span(note, "soft")])
        warning = faithfulness_warning(explanation, words)
        if warning:
            self.text([Span(warning, "wrong", bold=True)])

    def alignment(self, aligned: Aligned, names: Sequence[str]) -> None:
        """Draw how the tokens of two texts meet: a grid, or a list where that is too large."""
        self.picture.height += _GAP / 2
        self.text([Span(aligned.meaning(names), "soft")])
        if aligned.fits:
            add_matrix(self.picture, aligned, self.width, self.drawable)
        else:
            self.text([Span(aligned.listed())])

    def side(self, side: DrawnSide, words: Words, indent: int) -> None:
        """Draw a text behind its name."""
        top = self.picture.height
        if side.name and indent:
            self.text([Span(side.name, "soft")])
            self.picture.height = top
        elif side.name:
            self.text([Span(side.name, "soft")])
        spans = _row(side.row)
        if side.tail:
            spans.append(Span(side.tail, "soft"))
        self.text(spans or [Span(words("empty"), "soft")], indent)
        if side.note:
            self.text([Span(side.note, "soft")], indent)

    def legend(self, legend: Legend) -> None:
        """Draw the ramp of colours between its two ends, and what full colour means."""
        signed = legend.scale.signed
        if legend.marks:
            self.text([Span("  ", ground=hue_class(LEVELS, False)), Span(" ", "soft"),
                       Span(legend.meaning, "soft")])  # fmt: skip
            return
        low, high = legend.ends
        self.text([Span(legend.meaning, "soft")])
        top, left = self.picture.height, MARGIN
        self.text([Span(low, "soft")])
        steps = range(-LEVELS if signed else 1, LEVELS + 1)
        if width(low) + 1 + len(steps) <= self.width:
            left += (width(low) + 1) * CELL
        else:
            top = self.picture.height
            self.picture.height += LINE
        # The ramp touches nothing: level 0 is the page itself.
        for level in steps:
            if level:
                role = hue_class(level, signed)
                self.picture.marks.append(Box(left, top + 8, CELL, 15.0, role))
            left += CELL
        indent = round((left - MARGIN) / CELL) + 1
        end, scope = width(high) + 3, legend.scope
        if indent + end + width(scope) <= self.width:
            self.picture.height = top
            self.text([Span(f"{high} · {scope}", "soft")], indent)
        elif indent + end <= self.width:
            self.picture.height = top
            self.text([Span(high, "soft")], indent)
            self.text([Span(scope, "soft")])
        else:
            self.text([Span(f"{high} · {scope}", "soft")])


def _header(explanation: Explanation, words: Words) -> list[Span]:
    answer, facts = captions.header(explanation, words)
    if not answer:  # numbers of somebody's own, which answer nothing
        return [Span(captions.method(explanation, words), bold=True)]
    spans = [Span(answer, bold=True)]
    spans += [Span(f"{_LRM} · {fact}", "soft") for fact in facts]
    truth = captions.truth(explanation, words)
    if truth is not None:
        spans.append(Span(f"{_LRM}  {truth}", "right" if explanation.correct else "wrong"))
    return [*spans, Span(f"{_LRM} · {captions.method(explanation, words)}", "soft")]


def _row(row: Row) -> list[Span]:
    signed = row.scale.signed
    return [
        Span(run.text, ground=hue_class(run.level, signed) if run.level else "") for run in row.runs
    ]
