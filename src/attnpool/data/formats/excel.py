"""Excel workbooks, read by fastexcel in a process of its own; an extra, `attnpool[excel]`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from attnpool.data.apart import ReaderApart
from attnpool.data.columns import is_header
from attnpool.data.formats.forks import check_polars
from attnpool.data.formats.frames import distinct
from attnpool.data.formats.jsonlines import as_text
from attnpool.data.table import EmptyRow, Source
from attnpool.errors import InputError, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.table import Row

_EXACT = 2.0**53  # beyond it a float does not hold every integer


class Excel:
    """The first sheet of a workbook that is neither hidden nor empty.

    The header is the first row with two cells or more: rows above it are titles. A formula counts
    as the value that was saved with it, and an error as an empty cell.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: Not used: a workbook knows its own.

    Attributes:
        names: The cells of the header.
        source: Which sheets there are, if more than one has rows.

    Raises:
        InputError: If fastexcel or polars is not installed, the file is no workbook or has a
            password, or all sheets are empty.
    """

    unit = "row"

    def __init__(
        self,
        path: Path,
        file: str,
        encoding: str | None,  # noqa: ARG002 (every format is opened with the same arguments)
    ) -> None:
        require(f"{file}: reading Excel files", "fastexcel", "polars", extra="excel")
        check_polars(file)
        self._reader = ReaderApart("excel", path, file)
        tops = dict(zip(*self._reader.ask("tops"), strict=True))
        sheets = tuple(name for name, top in tops.items() if top.height)
        if not sheets:
            raise InputError(f"{file} is empty; give a file with data")
        self._sheet, self._top = sheets[0], tops[sheets[0]]
        self._first = _first_row(self._top)
        self._load(self._top.row(self._first), header=True)
        self.source = Source(sheets=sheets if len(sheets) > 1 else ())

    def use_no_header(self, names: Sequence[str]) -> None:
        """Read the first row as data too; `names` are the columns' names."""
        self._load(names, header=False)
        self.source = replace(self.source, header=False)

    def first_rows(self) -> list[list[str]]:
        """The cells of the first rows, that of the header too."""
        rows = self._top.rows()[self._first :]
        return [[_text(row[i]) for i in self._used] for row in rows if any(row)]

    def rows(
        self,
        columns: Sequence[int],
        *,
        labelled: bool,  # noqa: ARG002 (no single row of a workbook is malformed)
    ) -> Iterator[Row]:
        """The rows; the one below the header is number 1."""
        values = [[as_text(value) for value in self._columns[i]] for i in columns]
        # Spreadsheets leave rows behind that have a format and nothing else.
        empty = [
            not any(as_text(cell).strip() for cell in row)
            for row in zip(*self._columns, strict=True)
        ]
        for number, row in enumerate(zip(*values, strict=True), 1):
            yield number, row, EmptyRow(number) if empty[number - 1] else number

    def frame(self, records: Sequence[int]) -> pl.DataFrame:
        """The rows of these numbers with all their columns."""
        import polars as pl

        # A mapping: in a list, polars takes "" for a missing name.
        frame = pl.DataFrame(dict(zip(distinct(self.names), self._columns, strict=True)))
        return frame[[number - 1 for number in records]]

    def _load(self, names: Sequence[str | None], *, header: bool) -> None:
        """Read the columns of the sheet that have a name or a cell."""
        at = self._first if header else None
        _, [frame] = self._reader.ask("columns", sheet=self._sheet, header=at)
        columns = list(frame)
        if not header:
            columns = [column[self._first :] for column in columns]
        else:
            self._used = [
                i
                for i, (name, column) in enumerate(zip(names, columns, strict=True))
                if _text(name) or column.null_count() < len(column)
            ]
            names = [_text(names[i]) for i in self._used]
        self.names = tuple(map(_text, names))
        self._columns = [_whole(columns[i]) for i in self._used]


def _first_row(top: pl.DataFrame) -> int:
    """The number of the header: the first row with two cells or more, or with a known name."""
    for number, row in enumerate(top.iter_rows()):
        cells = [cell for cell in row if cell is not None]
        if len(cells) > 1 or (cells and is_header(cells)):
            return number
    return 0


def _text(cell: str | None) -> str:
    return "" if cell is None else cell.strip()


def _whole(column: pl.Series) -> pl.Series:
    """A column of whole numbers as integers: a workbook has floats alone."""
    import polars as pl

    if not column.dtype.is_float():
        return column
    known = column.drop_nulls()
    whole = (known == known.floor()) & (known.abs() < _EXACT)
    return column.cast(pl.Int64) if len(known) and whole.all() else column
