"""`Table`: what every file format opens a file as; `Row`: one row of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from attnpool.data.bad_rows import BadRows

Row: TypeAlias = tuple[int | str, tuple[str, ...], Any]
"""The position of a row (its number from 1, or the name of its own file); its values in the
columns that were asked for; and its record, from which `Table.frame` restores all columns."""


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
            Each row; its values are in the order of `columns`, "" for a missing value.
        """

    def frame(self, records: Sequence[Any]) -> pl.DataFrame:
        """The rows of these records, which `rows` yielded, with all columns in their own types."""
