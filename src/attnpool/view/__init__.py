"""Explanations as pictures: seven formats and the corpus page, with one colour mapping; no torch.

Imports run one way: `drawing` (values to colours, texts to runs, captions, legends), then
`terminal` and `picture`, then `page`, then `report`; `markdown`, `as_json`, `notebook` and the
`registry` of formats use them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attnpool.view.notebook import Explanations, FaithfulnessByMethod
    from attnpool.view.page.section import Section
    from attnpool.view.page.table import Table
    from attnpool.view.registry import BINARY, FORMATS, render
    from attnpool.view.report import to_report

__all__ = [
    "BINARY",
    "FORMATS",
    "Explanations",
    "FaithfulnessByMethod",
    "Section",
    "Table",
    "render",
    "to_report",
]

# Imported when first used: whoever draws a line in a terminal needs no templates of pages.
_LAZY = {
    "BINARY": "attnpool.view.registry",
    "Explanations": "attnpool.view.notebook",
    "FORMATS": "attnpool.view.registry",
    "FaithfulnessByMethod": "attnpool.view.notebook",
    "Section": "attnpool.view.page.section",
    "Table": "attnpool.view.page.table",
    "render": "attnpool.view.registry",
    "render_bytes": "attnpool.view.registry",  # the earlier name, for one version
    "to_report": "attnpool.view.report",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'attnpool.view' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
