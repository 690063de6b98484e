"""The attribution methods, one per file; `attnpool.attribution_methods` describes them."""

from __future__ import annotations

from typing import Any

__all__: list[str] = []


def __getattr__(name: str) -> Any:
    """`METHODS`, an earlier name, for one version."""
    if name != "METHODS":
        raise AttributeError(f"module 'attnpool.explain.methods' has no attribute {name!r}")
    from attnpool._renamed import warn_renamed
    from attnpool.explain.methods.registry import IMPLEMENTATIONS

    warn_renamed("attnpool.explain.methods.METHODS", "attnpool.METHODS, whose values are records")
    return IMPLEMENTATIONS
