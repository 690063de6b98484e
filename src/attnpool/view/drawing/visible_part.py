"""How far a text is drawn: what was read, and a little of what stands behind the length limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Int
from attnpool.explanation import Side
from attnpool.text.graphemes import cluster_starts

SHOWN_TAIL = 2_000
"""The most characters shown of what was not read; a document may be millions of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """A text in three parts: read, shown though unread, and neither.

    Attributes:
        read: The text up to where reading stopped, to the end of the grapheme cluster there.
        starts: Code-point offset of each cluster of `read`.
        tail: What follows, at most `SHOWN_TAIL` characters.
        unread: The number of characters behind the length limit.
        hidden: The number of characters behind the tail.
    """

    read: str
    starts: Int[np.ndarray, "clusters"]
    tail: str
    unread: int
    hidden: int


def reach(side: Side) -> Reach:
    """Divide a side's text; no part looks further into the text than its tail is long.

    Both cuts fall between grapheme clusters, unless one cluster fills the whole tail.
    """
    text = side.text
    limit = min(max(0, side.read_until), len(text))
    end = min(limit + SHOWN_TAIL, len(text))
    # One character more than is shown tells whether a cluster ends where the tail does.
    starts = cluster_starts(text[: end + 1])
    behind = int(np.searchsorted(starts, limit))
    stop = int(starts[behind]) if behind < len(starts) else end
    if end < len(text):
        inside = starts[(starts > stop) & (starts <= end)]
        end = int(inside[-1]) if len(inside) else end
    return Reach(
        read=text[:stop],
        starts=starts[:behind],
        tail=text[stop:end],
        unread=len(text) - limit,
        hidden=len(text) - end,
    )
