"""What a table of words is made of: a key, and a template for each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Plural(NamedTuple):
    """A template that differs between one and several; the field `count` decides."""

    one: str
    many: str


Template = str | Plural
Table = Mapping[str, tuple[Template, Template]]
"""The English and the Chinese template of each key; `{name}` is a field."""
