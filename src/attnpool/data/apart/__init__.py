"""Files that only compiled libraries read, in a process of its own: what kills it kills no more."""

from __future__ import annotations

from attnpool.data.apart.reader import ReaderApart

__all__ = ["ReaderApart"]
