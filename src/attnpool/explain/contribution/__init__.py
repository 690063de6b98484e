"""Contributions: the part of each token in a logit, exact."""

from __future__ import annotations

__all__: list[str] = []
