"""A table of short texts in a section of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from attnpool.sanitize import one_line


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every cell is a short text, drawn as it is.

    Attributes:
        name: What it shows, for screen readers.
        head: The names of the columns.
        rows: The rows; the first cell of a row is its heading.
        total: The last row, set off by a line; empty: none.
        numbers: Whether the columns after the first are numbers, which end at one edge.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    numbers: bool = True

    def visible(self) -> Table:
        """The same table with safe text."""
        return replace(
            self,
            name=one_line(self.name),
            head=[one_line(cell) for cell in self.head],
            rows=[[one_line(cell) for cell in row] for row in self.rows],
            total=[one_line(cell) for cell in self.total],
        )
