"""A part of a page: explanations under a heading, with figures and the command that makes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from attnpool.errors import InputError
from attnpool.explain.phrases import ClassPhrases
from attnpool.explanation import Explanation
from attnpool.sanitize import one_line, quoted
from attnpool.view.page.table import Table


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
        phrases: What drives each class, from `attnpool.phrases`; listed before the cards.
        plots: Whether each card shows the curves of its heads in the open; a short page has them
            folded away.
        body: Paragraphs and tables under the figures, in order.
        links: Files beside the page by what their links say, such as `{"Try it": "live.html"}`.
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
    phrases: Sequence[ClassPhrases] = ()
    plots: bool = False
    body: Sequence[str | Table] = ()
    links: Mapping[str, str] = field(default_factory=dict)


def visible_links(links: Mapping[str, str]) -> dict[str, str]:
    """Links to files beside a page, with safe text.

    Args:
        links: The paths by what the links say.

    Raises:
        InputError: One leads elsewhere: a script in an address would run.
    """
    for path in links.values():
        if not re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)*", path):
            raise InputError(
                f"a page cannot link to {quoted(path)}; give the path of a file beside it, such as "
                "live.html"
            )
    return {one_line(name) or path: path for name, path in links.items()}
