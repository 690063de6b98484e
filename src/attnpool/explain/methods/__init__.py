"""The attribution methods, one per file; `attnpool.attribution_methods` describes them."""

from __future__ import annotations

__all__: list[str] = []
