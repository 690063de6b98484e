"""The compact form of a siamese matcher: its small network, run by numpy alone."""

from __future__ import annotations

__all__: list[str] = []
