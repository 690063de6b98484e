"""Excel workbooks, read by fastexcel, an extra: `pip install "attnpool[excel]"`."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from attnpool._renamed import Shared
from attnpool.data.columns import is_header
from attnpool.data.formats.frames import distinct
from attnpool.data.formats.jsonlines import as_text
from attnpool.data.table import EmptyRow, Source
from attnpool.errors import InputError, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.bad_rows import BadRows
    from attnpool.data.table import Row

_EXACT = 2.0**53  # beyond it a float does not hold every integer
_TITLES = 20  # so many rows may be above the header


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
        self._file = file
        self._fastexcel = _fastexcel(file)
        with self._one_line():
            self._book = self._fastexcel.read_excel(path.read_bytes())
            tops = {name: self._top(name) for name in self._visible()}
        sheets = tuple(name for name, top in tops.items() if top.height)
        if not sheets:
            raise InputError(f"{file} is empty; give a file with data")
        self._sheet, top = sheets[0], tops[sheets[0]]
        self._first = _first_row(top)
        self._load(top.row(self._first), header=True)
        self.source = Source(sheets=sheets if len(sheets) > 1 else ())

    def use_no_header(self, names: Sequence[str]) -> None:
        """Read the first row as data too; `names` are the columns' names."""
        self._load(names, header=False)
        self.source = replace(self.source, header=False)

    def first_rows(self) -> list[list[str]]:
        """The cells of the first rows, that of the header too."""
        rows = self._top(self._sheet).rows()[self._first :]
        return [[_text(row[i]) for i in self._used] for row in rows if any(row)]

    def rows(
        self,
        columns: Sequence[int],
        bad: BadRows,  # noqa: ARG002 (no single row of a workbook is malformed)
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
        columns = self._read_columns(self._first if header else None)
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

    def _read_columns(self, header_row: int | None) -> list[pl.Series]:
        """The columns in their types; as strings where these would lose a cell.

        The reader takes cells such as N/A in a column of numbers for empty ones, and refuses
        columns of durations and texts.
        """
        options: dict[str, Any] = {"header_row": header_row, "schema_sample_rows": None}
        with self._one_line():
            sheet = self._book.load_sheet(self._sheet, dtypes="string", **options)
            texts = list(sheet.to_polars())
            try:
                typed = list(self._book.load_sheet(self._sheet, **options).to_polars())
            except self._fastexcel.FastExcelError:
                return texts
        return [
            column if column.null_count() <= text.null_count() else text
            for column, text in zip(typed, texts, strict=True)
        ]

    def _visible(self) -> list[str]:
        """The sheets that a reader of the workbook sees; all, if he sees none."""
        names: list[str] = self._book.sheet_names
        shown = [n for n in names if self._book.load_sheet(n, n_rows=0).visible == "visible"]
        return shown or names

    def _top(self, sheet: str) -> pl.DataFrame:
        """The first rows of a sheet as strings, from its first row that is not empty."""
        frame: pl.DataFrame = self._book.load_sheet(
            sheet, header_row=None, n_rows=_TITLES + 1, dtypes="string"
        ).to_polars()
        return frame

    @contextmanager
    def _one_line(self) -> Iterator[None]:
        """Make one line of what the reader raises; a panic of it is no Exception."""
        try:
            with _quiet():
                yield
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
                raise
            raise InputError(
                f"{self._file}: not an Excel workbook, or a damaged or protected one; save it "
                "again without a password"
            ) from error


def _fastexcel(file: str) -> Any:
    require(f"{file}: reading Excel files", "fastexcel", "polars", extra="excel")
    import fastexcel

    return fastexcel


@contextmanager
def _errors_alone() -> Iterator[None]:
    """Within it fastexcel does not warn of every empty column on stderr."""
    log = logging.getLogger("fastexcel")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


_quiet = Shared(_errors_alone)


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
