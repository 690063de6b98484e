"""The live page: one HTML file with a compact model in it, which answers what is typed."""

from __future__ import annotations

__all__: list[str] = []
