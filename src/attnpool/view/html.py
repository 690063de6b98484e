"""Explanations as one web page: a single file that loads nothing and runs no script."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from attnpool.explanation import Explanation, Side
from attnpool.view import words
from attnpool.view.colour import LEVELS, Scale, Scope
from attnpool.view.drawing import Drawing, Row, draw, scales
from attnpool.view.safe import one_line, visible
from attnpool.view.segments import Run
from attnpool.view.style import hue_class, style_hash, style_sheet

_SHOWN_CLASSES = 4
_STRONGEST = 5
_NAME = 40  # characters of a run, where runs are listed


@dataclass(frozen=True, slots=True)
class Section:
    """Explanations under a heading of their own.

    Attributes:
        title: The heading.
        id: The name a link goes to; made from the title where empty.
        lead: A short paragraph under the heading.
        figures: Key figures by name, such as `{"accuracy": "0.91"}`.
        explanations: The cards.
    """

    title: str
    id: str = ""
    lead: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    explanations: Sequence[Explanation] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    id: str
    lead: str
    figures: Mapping[str, str]
    drawings: list[Drawing]


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    share: float
    predicted: bool


def to_html(
    explanations: Sequence[Explanation] = (),
    *,
    title: str = "What the model looked at",
    lead: str = "",
    sections: Sequence[Section] = (),
    scope: Scope = "text",
) -> str:
    """Draw explanations as one HTML page.

    Args:
        explanations: The cards that stand before all sections.
        title: The title of the page.
        lead: A short paragraph under the title.
        sections: Groups of cards, each under its heading.
        scope: What full colour means, see `attnpool.view.colour.Scale`.

    Returns:
        The page. Write it as UTF-8.
    """
    every = [*explanations, *(item for section in sections for item in section.explanations)]
    drawings = draw(every, scope=scope, heads=True)
    rest = iter(drawings)
    groups = [_Group("", "", "", {}, [next(rest) for _ in explanations])]
    ids: set[str] = set()
    for section in sections:
        drawn = [next(rest) for _ in section.explanations]
        name = _anchor(section.id or section.title, ids)
        heading = one_line(section.title) or name
        groups.append(_Group(heading, name, visible(section.lead), section.figures, drawn))
    sheet = style_sheet()
    return _environment().get_template("page.html.j2").render(
        title=one_line(title),
        lead=visible(lead),
        groups=groups,
        scales=scales(drawings),
        style=Markup(sheet),  # noqa: S704 (our own style sheet)
        style_hash=style_hash(sheet),
    )  # fmt: skip


def to_fragment(explanations: Sequence[Explanation], *, scope: Scope = "text") -> str:
    """Draw explanations as a piece of HTML that brings its style along, for notebooks."""
    drawings = draw(explanations, scope=scope, heads=True)
    return _environment().get_template("fragment.html.j2").render(
        drawings=drawings,
        scales=scales(drawings),
        style=Markup(style_sheet()),  # noqa: S704 (our own style sheet)
    )  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("attnpool.view"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        visible=visible,
        one_line=one_line,
        percent=words.percent,
        number=words.number,
        colour=_colour,
        value=_value,
    )
    environment.globals.update(
        certainty=words.certainty,
        class_rows=_class_rows,
        hue_class=hue_class,
        language_of=_language_of,
        legend_levels=_legend_levels,
        mark=words.mark,
        meaning=words.meaning,
        pair_facts=words.pair_facts,
        scale_ends=words.scale_ends,
        scale_scope=words.scale_scope,
        strongest=_strongest,
        unread=words.unread,
    )
    return environment


def _colour(run: Run, row: Row) -> str:
    return hue_class(run.level, row.scale.signed)


def _value(run: Run, row: Row) -> str:
    """What pointing at a run says; the tokens of a run may differ a little."""
    value = f"{run.value:{'+' if row.scale.signed else ''}.3g}"
    first, behind = run.tokens or (0, 0)
    return value if behind - first == 1 else f"up to {value}, {behind - first} tokens"


def _strongest(row: Row) -> list[tuple[str, str]]:
    """The runs of the largest magnitude with their values, for those who cannot point at them."""
    coloured = [run for run in row.runs if run.level and not run.text.isspace()]
    coloured.sort(key=lambda run: -abs(run.value or 0.0))
    return [(_short(one_line(run.text)), _value(run, row)) for run in coloured[:_STRONGEST]]


def _short(text: str) -> str:
    return text if len(text) <= _NAME else f"{text[:_NAME]}…"


def _language_of(side: Side) -> str:
    return words.language(side.text)


def _class_rows(explanation: Explanation) -> tuple[list[_Class], list[_Class]]:
    """The classes by falling probability: those always shown (the true one too), and the rest."""
    order = sorted(explanation.probabilities.items(), key=lambda item: -item[1])
    rows = [
        (name, _Class(one_line(name), share, name == explanation.prediction))
        for name, share in order
    ]
    always = {explanation.prediction, explanation.target, explanation.label}
    always |= {name for name, _ in rows[: max(0, _SHOWN_CLASSES - 1)]}
    if len(rows) <= _SHOWN_CLASSES:
        always |= {name for name, _ in rows}
    return (
        [row for name, row in rows if name in always],
        [row for name, row in rows if name not in always],
    )


def _legend_levels(scale: Scale) -> range:
    return range(-LEVELS if scale.signed else 0, LEVELS + 1)


def _anchor(name: str, taken: set[str]) -> str:
    """An id for a link, unlike those taken, and take it."""
    stem = re.sub(r"\W+", "-", name).strip("-") or "section"
    anchor, number = stem, 1
    while anchor in taken:
        number += 1
        anchor = f"{stem}-{number}"
    taken.add(anchor)
    return anchor
