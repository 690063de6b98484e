"""From checked rows to a trained network: what is read, chosen and learned."""

from __future__ import annotations

__all__: list[str] = []
