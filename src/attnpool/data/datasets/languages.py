"""Sets whose files hold several languages, told apart by a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attnpool.data.columns import place_of
from attnpool.data.formats.registry import open_table
from attnpool.data.table import Malformed
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from attnpool.data.formats.frames import Originals
    from attnpool.data.table import Row, Source, Table

COLUMN = "language"


def open_language(
    path: Path, file: str, encoding: str | None, separator: str | None = None, *, language: str
) -> Table:
    """Open a file as a table of the rows of one language.

    A file without a column `language` is opened with all its rows.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named, if any.
        separator: The usual separator of fields.
        language: The value of the column `language` in the rows that are read.

    Raises:
        InputError: If the file cannot be read.
    """
    table = open_table(path, file, encoding, separator)
    if all(name.strip() != COLUMN for name in table.names):
        return table
    return _OneLanguage(table, file, language)


class _OneLanguage:
    """The rows of another table whose column `language` holds one value."""

    def __init__(self, table: Table, file: str, language: str) -> None:
        self.unit = table.unit
        self.names = table.names
        self._table = table
        self._file = file
        self._language = language

    @property
    def source(self) -> Source:
        """How the file is written."""
        return self._table.source

    def rows(self, columns: Sequence[int], *, labelled: bool) -> Iterator[Row | Malformed]:
        """The rows of the language.

        Raises:
            InputError: If there is none, or two columns are called `language`.
        """
        language = place_of([name.strip() for name in self.names], COLUMN, self._file)
        any_row = False
        for row in self._table.rows((*columns, language), labelled=labelled):
            if isinstance(row, Malformed):
                yield row
                continue
            place, values, record = row
            if values[-1].strip() == self._language:
                any_row = True
                yield place, values[:-1], record
        if not any_row:
            raise InputError(
                f"{self._file}: no row has {self._language} in its column {COLUMN}; leave "
                "--dataset out to read the rows of every language"
            )

    def frame(self, records: Sequence[Any]) -> Originals:
        """The rows of these records with all columns."""
        return self._table.frame(records)
