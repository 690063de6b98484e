r"""Grapheme clusters: what a reader takes for one character, which no picture may split.

An emoji with its skin tone, a family of four, a flag, a letter with its accents are each one
cluster of several code points (Unicode Standard Annex 29). `regex`'s `\X` finds the clusters.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np

from attnpool._shapes import Int

# Characters of which no two form a cluster: ASCII without the carriage return, Latin, punctuation,
# kana without the combining marks, Han, Hangul syllables, full-width forms.
SIMPLE = (
    "\x00-\x0c\x0e-\x7f\xa0-\u02ff\u2010-\u2027\u3000-\u3029\u3031-\u303f\u3041-\u3096\u309b-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d\uffe0-\uffe6"
)
_SIMPLE = re.compile(f"[{SIMPLE}]*+")


@cache
def _cluster() -> Any:
    import regex  # here, because few texts need it

    # Two regional indicators are a flag. `\X` alone would count back over the whole run of them
    # at each flag; as a separate first alternative, a run of n flags takes time n, not n squared.
    flag = r"[\U0001F1E6-\U0001F1FF]{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+"
    return regex.compile(rf"{flag}|\X")


def cluster_starts(text: str) -> Int[np.ndarray, "clusters"]:
    """The code-point offset at which each grapheme cluster of the text begins."""
    if _SIMPLE.fullmatch(text):
        return np.arange(len(text))
    starts = (match.start() for match in _cluster().finditer(text))
    return np.fromiter(starts, dtype=np.int64)


def widen_spans(text: str, spans: Int[np.ndarray, "tokens 2"]) -> Int[np.ndarray, "tokens 2"]:
    """The spans, each widened to whole clusters; spans of one cluster then overlap.

    Args:
        text: The text of the offsets.
        spans: Offsets `[start, end)`.
    """
    starts = cluster_starts(text)
    bounds = np.append(starts, len(text))
    first = bounds[np.searchsorted(bounds, spans[:, 0], side="right") - 1]
    return np.stack([first, bounds[np.searchsorted(bounds, spans[:, 1])]], axis=1)


def merge_spans(
    text: str, spans: Int[np.ndarray, "tokens 2"]
) -> tuple[Int[np.ndarray, "blocks 2"], Int[np.ndarray, "tokens"]]:
    """Blocks that can be drawn separately: tokens that share a cluster share a block.

    Args:
        text: The text of the offsets.
        spans: Offsets `[start, end)` of tokens, in the order of their starts.

    Returns:
        The offsets of the blocks, which do not overlap, and the block of each token; values of
        tokens add up to those of blocks with `np.bincount(block, values)`.
    """
    wide = widen_spans(text, spans)
    reach = np.maximum.accumulate(wide[:, 1]) if len(wide) else wide[:, 1]
    opens = np.ones(len(wide), dtype=np.bool_)
    opens[1:] = wide[1:, 0] >= reach[:-1]
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(wide)) - 1
    blocks = np.stack([wide[first, 0], reach[last]], axis=1) if len(wide) else wide
    return blocks, np.cumsum(opens) - 1
