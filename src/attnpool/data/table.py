"""`Table`: what every file format opens a file as; `Row`: one row of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from attnpool.data.bad_rows import BadRows

Row: TypeAlias = tuple[int | str, tuple[str, ...]]
"""Where a row stands (its number from 1, or the name of its own file), and its values."""


class Table(Protocol):
    """A table on disk: the names of its columns, and its rows one by one.

    Attributes:
        unit: What the format calls its records: "row", "line".
    """

    unit: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns; empty if the table has none."""

    def rows(self, columns: Sequence[int], bad: BadRows) -> Iterator[Row]:
        """The rows, read one by one; malformed ones are reported to `bad` and left out.

        Args:
            columns: The positions of the columns to read.
            bad: Collects malformed rows.

        Yields:
            The position of each row and its values in these columns, "" for a missing value.
        """

    def frame(self, places: Sequence[int | str]) -> pl.DataFrame:
        """The rows at these positions, which `rows` gave, with all columns in their own types."""
