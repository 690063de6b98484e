"""Models on disk: the model folder, its card, and atomic writes."""

from __future__ import annotations

__all__: list[str] = []
