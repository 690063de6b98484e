"""Smaller compact models: what is left out where a file must be small, or must not tell."""

from __future__ import annotations

__all__: list[str] = []
