"""`Table`: what every file format opens a file as; `Row`: one row of it; `Source`: its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from attnpool.data.formats.frames import Originals

Row: TypeAlias = tuple[int | str, tuple[str, ...], Any]
"""The position of a row (its number from 1, or the name of its own file); its values in the
columns that were asked for; and its record, from which `Table.frame` restores all columns."""


class Malformed(NamedTuple):
    """What stands in the place of a row, and is none.

    Attributes:
        place: The position, as that of a row.
        reason: What is wrong.
    """

    place: int | str
    reason: str


class EmptyRow(int):
    """The record of a row without anything in any column, where records are numbers."""


@dataclass(frozen=True, slots=True)
class Source:
    """How a file is written, to tell the user, and to write another one likewise.

    Attributes:
        encoding: The encoding of a text file; None for any other file.
        mark: Whether the text begins with a byte-order mark.
        assumed: Whether the encoding is only the most probable one.
        separator: The character between fields; None in a format without fields.
        header: Whether the first row is a header.
        sheets: The sheets of a workbook that have rows, if more than one; the first was read.
    """

    encoding: str | None = None
    mark: bool = False
    assumed: bool = False
    separator: str | None = None
    header: bool = True
    sheets: tuple[str, ...] = ()


class Table(Protocol):
    """A table on disk: the names of its columns, and its rows one by one.

    Attributes:
        unit: What the format calls its records: "row", "line".
    """

    unit: str

    @property
    def source(self) -> Source:
        """How the file is written."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns; empty if the table has none."""

    def rows(self, columns: Sequence[int], *, labelled: bool) -> Iterator[Row | Malformed]:
        """The rows, read one by one.

        Args:
            columns: The positions of the columns to read.
            labelled: Whether a row of several labels is malformed.

        Yields:
            Each row; its values are in the order of `columns`, "" for a missing value.
        """

    def frame(self, records: Sequence[Any]) -> Originals:
        """The rows of these records, which `rows` yielded, with all columns in their own types."""
