"""Explanations as one web page: a single file that loads nothing.

Without scripts it shows all there is in its colours; with them the values follow the pointer and
the keys, and a head or a class is chosen by a click.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from attnpool.explanation import Explanation
from attnpool.view.cards import Card, cards
from attnpool.view.colour import Scope
from attnpool.view.drawing import draw, keys
from attnpool.view.markup import environment
from attnpool.view.safe import one_line, visible
from attnpool.view.style import script, style_hash, style_sheet


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
    cards: list[Card]


def to_html(
    explanations: Sequence[Explanation] = (),
    *,
    title: str = "What the model looked at",
    lead: str = "",
    sections: Sequence[Section] = (),
    scope: Scope = "text",
    group_targets: bool = True,
) -> str:
    """Draw explanations as one HTML page.

    Args:
        explanations: The cards that stand before all sections.
        title: The title of the page.
        lead: A short paragraph under the title.
        sections: Groups of cards, each under its heading.
        scope: What full colour means, see `attnpool.view.colour.Scale`.
        group_targets: Whether neighbours that explain one answer for different classes share a
            card, on which the class can be chosen.

    Returns:
        The page. Write it as UTF-8.
    """
    every = [*explanations, *(item for section in sections for item in section.explanations)]
    drawings = draw(every, scope=scope, heads=True, part_runs=True)
    rest = iter(drawings)

    def next_cards(count: int) -> list[Card]:
        return cards([next(rest) for _ in range(count)], group_targets=group_targets)

    groups = [_Group("", "", "", {}, next_cards(len(explanations)))]
    ids: set[str] = set()
    for section in sections:
        name = _anchor(section.id or section.title, ids)
        heading = one_line(section.title) or name
        drawn = next_cards(len(section.explanations))
        groups.append(_Group(heading, name, visible(section.lead), section.figures, drawn))
    sheet, code = style_sheet(), script()
    return environment().get_template("page.html.j2").render(
        title=one_line(title),
        lead=visible(lead),
        groups=groups,
        keys=keys(drawings),
        style=Markup(sheet),  # noqa: S704 (our own style sheet)
        style_hash=style_hash(sheet),
        script=Markup(code),  # noqa: S704 (our own script)
        script_hash=style_hash(code),
    )  # fmt: skip


def to_fragment(
    explanations: Sequence[Explanation], *, scope: Scope = "text", group_targets: bool = True
) -> str:
    """Draw explanations as a piece of HTML that brings style and script along, for notebooks."""
    drawings = draw(explanations, scope=scope, heads=True, part_runs=True)
    return environment().get_template("fragment.html.j2").render(
        cards=cards(drawings, group_targets=group_targets),
        keys=keys(drawings),
        style=Markup(style_sheet()),  # noqa: S704 (our own style sheet)
        script=Markup(script()),  # noqa: S704 (our own script)
    )  # fmt: skip


def _anchor(name: str, taken: set[str]) -> str:
    """An id for a link, unlike those taken, and take it."""
    stem = re.sub(r"\W+", "-", name).strip("-") or "section"
    anchor, number = stem, 1
    while anchor in taken:
        number += 1
        anchor = f"{stem}-{number}"
    taken.add(anchor)
    return anchor
