"""The demo and the gallery: examples that are trained, explained and drawn on one page."""

from __future__ import annotations

__all__: list[str] = []
