"""Files that only compiled libraries read, in a process of its own: what kills it kills no more."""

from __future__ import annotations

from attnpool.data.apart.reader import MOST_BYTES, MOST_TIMES, ReaderApart, UnreadableError

__all__ = ["MOST_BYTES", "MOST_TIMES", "ReaderApart", "UnreadableError"]
