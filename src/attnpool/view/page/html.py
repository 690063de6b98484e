"""Explanations as one web page: a single file that loads nothing.

Without scripts it shows all there is in its colours; with them the values follow the pointer and
the keys, and a head or a class is chosen by a click.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup

from attnpool.explanation import Explanation
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing.colour import Scope
from attnpool.view.drawing.draw import draw, keys
from attnpool.view.page.cards import Card, cards
from attnpool.view.page.markup import environment
from attnpool.view.page.style import script, section_sheet, style_hash, style_sheet

_PLOTTED = 20
"""The most explanations of several heads on a page that are all drawn as curves too."""


@dataclass(frozen=True, slots=True)
class Section:
    """Explanations under a heading of their own.

    Attributes:
        title: The heading.
        id: The name a link goes to; made from the title where empty.
        lead: A short paragraph under the heading.
        figures: Key figures by name, such as `{"accuracy": "0.91"}`.
        explanations: The cards.
        note: Small print under the figures.
        command: The command line that makes the section, shown as it is.
        part: The part of the page it belongs to: the index lists its sections under this name.
        short: What the index calls it; the title where empty.
        plots: Whether each card shows the curves of its heads in the open; a short page has them
            folded away.
    """

    title: str
    id: str = ""
    lead: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    explanations: Sequence[Explanation] = ()
    note: str = ""
    command: str = ""
    part: str = ""
    short: str = ""
    plots: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    id: str
    lead: str
    figures: Mapping[str, str]
    cards: list[Card]
    note: str = ""
    command: str = ""
    part: str = ""
    short: str = ""


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
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        group_targets: Whether neighbours that explain one answer for different classes, or by
            different methods, share a card, on which the class or the method can be chosen.

    Returns:
        The page. Write it as UTF-8.
    """
    every = [*explanations, *(item for section in sections for item in section.explanations)]
    drawings = draw(every, scope=scope, heads=True, part_runs=True)
    rest = iter(drawings)
    short = _few_heads(every) and not any(section.plots for section in sections)

    def next_cards(count: int, plots: bool = False) -> list[Card]:
        taken = [next(rest) for _ in range(count)]
        return cards(taken, group_targets=group_targets, plots=plots or short, folded=not plots)

    groups = [_Group("", "", "", {}, next_cards(len(explanations)))]
    ids: set[str] = set()
    for section in sections:
        name = _anchor(section.id or section.title, ids)
        heading = one_line(section.title) or name
        drawn = next_cards(len(section.explanations), section.plots)
        groups.append(
            _Group(
                title=heading,
                id=name,
                lead=visible(section.lead),
                figures=section.figures,
                cards=drawn,
                note=visible(section.note),
                command=visible(section.command),
                part=one_line(section.part),
                short=one_line(section.short) or heading,
            )
        )
    sheet, code = style_sheet(), script()
    if short or any(section.part or section.command or section.plots for section in sections):
        sheet += section_sheet()
    return environment().get_template("page.html.j2").render(
        title=one_line(title),
        lead=visible(lead),
        groups=groups,
        parts=_parts(groups),
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
    short = _few_heads(explanations)
    return environment().get_template("fragment.html.j2").render(
        cards=cards(drawings, group_targets=group_targets, plots=short, folded=True),
        keys=keys(drawings),
        style=Markup(style_sheet() + section_sheet() * short),  # noqa: S704 (our own style sheet)
        script=Markup(script()),  # noqa: S704 (our own script)
    )  # fmt: skip


def _few_heads(explanations: Sequence[Explanation]) -> bool:
    """Whether there are explanations of several heads, but few enough to draw all their curves."""
    return 0 < sum(explanation.heads > 1 for explanation in explanations) <= _PLOTTED


def _parts(groups: Sequence[_Group]) -> list[tuple[str, list[_Group]]]:
    """The sections by part, in their order; nothing where no section has one."""
    titled = [group for group in groups if group.title]
    if not any(group.part for group in titled):
        return []
    return [(part, list(listed)) for part, listed in groupby(titled, lambda group: group.part)]


def _anchor(name: str, taken: set[str]) -> str:
    """An id for a link, unlike those taken, and take it."""
    stem = re.sub(r"\W+", "-", name).strip("-") or "section"
    anchor, number = stem, 1
    while anchor in taken:
        number += 1
        anchor = f"{stem}-{number}"
    taken.add(anchor)
    return anchor
