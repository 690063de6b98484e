"""Measures of explanations: faithfulness to a model, and agreement with people's marks."""

from __future__ import annotations

__all__: list[str] = []
