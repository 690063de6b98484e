"""`attnpool train` on rows in memory, or on rows that are read some at a time."""

from __future__ import annotations

__all__: list[str] = []
