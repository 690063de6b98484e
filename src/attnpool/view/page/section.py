"""A part of a page: explanations under a heading, with figures and the command that makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from attnpool.explain.phrases import ClassPhrases
from attnpool.explanation import Explanation
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
