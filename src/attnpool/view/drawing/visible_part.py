"""Which part of a text is drawn: what was read, and the beginning of what was not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Int
from attnpool.explanation import Side
from attnpool.text.graphemes import cluster_starts

SHOWN_TAIL = 2_000
"""The most characters shown of what was not read; a document may have millions of them."""

SHORT_TAIL = 200
"""The most characters shown of what was not read where the length of texts is limited."""

_SLACK = 64  # characters: a text longer than its limit by no more than this is not cut


@dataclass(frozen=True, slots=True, eq=False)
class VisiblePart:
    """A text in three parts: read, unread but shown, and not shown.

    Attributes:
        read: The text up to where reading stopped, to the end of the grapheme cluster there.
        starts: Code-point offset of each cluster of `read`.
        tail: The beginning of what follows.
        unread: The number of characters behind the model's length limit.
        hidden: The number of characters that are not shown.
        cut: Whether `read` is not all that was read, so that some of it is hidden too.
    """

    read: str
    starts: Int[np.ndarray, "clusters"]
    tail: str
    unread: int
    hidden: int
    cut: bool = False


def visible_part(side: Side, limit: int | None = None) -> VisiblePart:
    """Divide a side's text without looking further into it than its tail is long.

    Both cuts fall between grapheme clusters, unless one cluster fills the whole tail.

    Args:
        side: The text, and how far it was read.
        limit: About how many characters to show of what was read; None for all of them.
    """
    text = side.text
    read_until = min(max(0, side.read_until), len(text))
    cut = limit is not None and read_until > limit + _SLACK
    stop = limit if limit is not None and cut else read_until
    tail = _SLACK if cut else SHOWN_TAIL if limit is None else SHORT_TAIL
    end = min(stop + tail, len(text))
    # One character more than is shown tells whether a cluster ends where the tail does.
    starts = cluster_starts(text[: end + 1])
    behind = int(np.searchsorted(starts, stop))
    stop = int(starts[behind]) if behind < len(starts) else end
    if cut:
        end = stop
    elif end < len(text):
        inside = starts[(starts > stop) & (starts <= end)]
        end = int(inside[-1]) if len(inside) else end
    return VisiblePart(
        read=text[:stop],
        starts=starts[:behind],
        tail=text[stop:end],
        unread=len(text) - read_until,
        hidden=len(text) - end,
        cut=cut,
    )
