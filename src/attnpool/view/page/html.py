"""Explanations as one web page: a single file that loads nothing.

Without scripts it shows everything in its colours; with them a value appears where the pointer or
the keyboard goes, and a click chooses a head or a class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from markupsafe import Markup

from attnpool.explanation import Explanation
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing import captions
from attnpool.view.drawing.colour import Scope
from attnpool.view.drawing.draw import draw
from attnpool.view.drawing.faithfulness import measured
from attnpool.view.drawing.legends import legends
from attnpool.view.page.cards import Card, cards
from attnpool.view.page.markup import environment
from attnpool.view.page.section import Section, visible_links
from attnpool.view.page.style import (
    body_sheet,
    contents_sheet,
    fragment_sheet,
    link_sheet,
    phrase_sheet,
    script,
    section_sheet,
    style_hash,
    style_sheet,
)

_PLOTTED = 20
"""The most explanations of several heads on a page that are all drawn as curves too."""


def to_html(
    explanations: Sequence[Explanation] = (),
    *,
    title: str | None = None,
    lead: str = "",
    sections: Sequence[Section] = (),
    links: Mapping[str, str] | None = None,
    scope: Scope = "text",
    group_targets: bool = True,
    lang: str | None = None,
) -> str:
    """Draw explanations as one HTML page.

    Args:
        explanations: The cards that stand before all sections.
        title: The title of the page; by default "What moved the model", or, where all are by
            attention and its like, "What the model looked at".
        lead: A short paragraph under the title.
        sections: Groups of cards, each under its heading.
        links: Files beside the page by what their links say; they stand under the lead.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        group_targets: Whether neighbours that explain one answer for different classes, or by
            different methods, share a card, on which the class or the method can be chosen.
        lang: The language of what stands around the texts, `"en"` or `"zh"`; None takes Chinese
            where most texts are Chinese, else English.

    Returns:
        The page. Write it as UTF-8.

    Raises:
        InputError: A link leads to anything but a file beside the page.
    """
    every = [*explanations, *(item for section in sections for item in section.explanations)]
    words = captions.words_for(every, lang)
    drawings = draw(every, words, scope=scope, heads=True, part_runs=True)
    rest = iter(drawings)
    short = _few_heads(every) and not any(section.plots for section in sections)

    def next_cards(count: int, plots: bool = False) -> list[Card]:
        taken = [next(rest) for _ in range(count)]
        return cards(taken, group_targets=group_targets, plots=plots or short, folded=not plots)

    groups = [(Section(""), next_cards(len(explanations)))]
    ids = {"top"}  # which browsers take for the top of the page
    for section in sections:
        shown = next_cards(len(section.explanations), section.plots)
        groups.append((_visible(section, _anchor(section.id or section.title, ids)), shown))
    sheet, code = style_sheet(), script(words)
    parts = _parts([section for section, _ in groups if section.title])
    if parts:
        sheet += contents_sheet()
    if short or any(section.part or section.command or section.plots for section in sections):
        sheet += section_sheet()
    if any(section.body for section in sections):
        sheet += body_sheet()
    if any(section.phrases for section in sections):
        sheet += phrase_sheet()
    if links or any(section.links for section in sections):
        sheet += link_sheet()
    return environment().get_template("page.html.j2").render(
        words=words,
        title=one_line(captions.title(every, words) if title is None else title),
        lead=visible(lead),
        links=visible_links(links) if links else {},
        groups=groups,
        parts=parts,
        legends=legends(drawings),
        measured=measured(every, words),
        style=Markup(sheet),  # noqa: S704 (our own style sheet)
        style_hash=style_hash(sheet),
        script=Markup(code),  # noqa: S704 (our own script)
        script_hash=style_hash(code),
    )  # fmt: skip


def to_fragment(
    explanations: Sequence[Explanation],
    *,
    scope: Scope = "text",
    group_targets: bool = True,
    more: int = 0,
    lang: str | None = None,
) -> str:
    """Draw explanations as a piece of HTML that brings style and script along, for notebooks.

    Args:
        explanations: What to draw.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        group_targets: As for `to_html`.
        more: How many more there are that are not drawn.
        lang: As for `to_html`.
    """
    words = captions.words_for(explanations, lang)
    drawings = draw(explanations, words, scope=scope, heads=True, part_runs=True)
    short = _few_heads(explanations)
    return environment().get_template("fragment.html.j2").render(
        words=words,
        cards=cards(drawings, group_targets=group_targets, plots=short, folded=True),
        more=more,
        legends=legends(drawings),
        measured=measured(explanations, words),
        style=Markup(fragment_sheet(plots=short)),  # noqa: S704 (our own style sheet)
        script=Markup(script(words)),  # noqa: S704 (our own script)
    )  # fmt: skip


def _few_heads(explanations: Sequence[Explanation]) -> bool:
    """Whether there are explanations of several heads, but few enough to draw all their curves."""
    return 0 < sum(explanation.heads > 1 for explanation in explanations) <= _PLOTTED


def _parts(titled: Sequence[Section]) -> list[tuple[str, list[Section]]]:
    """The sections by part, in their order; nothing where there is nothing to choose from."""
    if len(titled) < 2:
        return []
    return [
        (part, list(members)) for part, members in groupby(titled, lambda section: section.part)
    ]


def _visible(section: Section, anchor: str) -> Section:
    """The section with safe text, a heading and a name for links."""
    title = one_line(section.title) or anchor
    return replace(
        section,
        title=title,
        id=anchor,
        lead=visible(section.lead),
        note=visible(section.note),
        command=visible(section.command),
        part=one_line(section.part),
        short=one_line(section.short) or title,
        links=visible_links(section.links),
        body=[visible(b) if isinstance(b, str) else b.visible() for b in section.body],
    )


def _anchor(name: str, taken: set[str]) -> str:
    """An id for a link, unlike those taken, and take it."""
    stem = re.sub(r"\W+", "-", name).strip("-") or "section"
    anchor, number = stem, 1
    while anchor in taken:
        number += 1
        anchor = f"{stem}-{number}"
    taken.add(anchor)
    return anchor
