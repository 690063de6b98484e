"""Files that somebody may have made up: ordinary ones alone, their sizes first."""

from __future__ import annotations

__all__: list[str] = []
