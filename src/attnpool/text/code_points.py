"""Many texts as one array of code points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from attnpool._shapes import Int

_CHUNK = 1 << 18  # characters worked on at a time, so that the arrays stay in the cache


def lengths_of(texts: Sequence[str]) -> Int[np.ndarray, "texts"]:
    """The length of each text, in code points."""
    return np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))


def code_points(texts: Sequence[str]) -> Int[np.ndarray, "characters"]:
    """The code points of all texts, one after the other; lone surrogates too."""
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.int32)


def chunks_of(texts: Sequence[str], costs: Int[np.ndarray, "texts"]) -> Iterator[Sequence[str]]:
    """The texts in runs of about `_CHUNK` characters, at least one text each."""
    ends = np.cumsum(costs)
    if len(texts) and ends[-1] <= _CHUNK:
        yield texts
        return
    start = 0
    while start < len(texts):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _CHUNK, side="right")))
        yield texts[start:stop]
        start = stop
