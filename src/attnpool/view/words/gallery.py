"""."""

from __future__ import annotations

from attnpool.view.words.table import Table

GALLERY: Table = {}
