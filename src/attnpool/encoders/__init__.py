"""Pretrained encoders: opened, run over long texts, and kept as the states of their last layer."""

from __future__ import annotations

__all__: list[str] = []
