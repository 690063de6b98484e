"""Excel workbooks, read by fastexcel, an extra: `pip install "attnpool[excel]"`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from attnpool.data.formats.frames import distinct
from attnpool.data.formats.jsonlines import as_text
from attnpool.data.table import Source
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.bad_rows import BadRows
    from attnpool.data.table import Row

_EXACT = 2.0**53  # beyond it a float does not hold every integer
_TITLES = 20  # so many rows may be above the header


class Excel:
    """The first sheet of a workbook that is not empty.

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
        InputError: If fastexcel is not installed, the file is no workbook or has a password, or
            all sheets are empty.
    """

    unit = "row"

    def __init__(
        self,
        path: Path,
        file: str,
        encoding: str | None,  # noqa: ARG002 (every format is opened with the same arguments)
    ) -> None:
        fastexcel = _fastexcel(file)
        try:
            book = fastexcel.read_excel(path.read_bytes())
            tops = {name: _top(book, name) for name in book.sheet_names}
            sheets = tuple(name for name, top in tops.items() if top.height)
            if not sheets:
                raise InputError(f"{file} is empty; give a file with data")
            header_at = _header_row(tops[sheets[0]])
            sheet = book.load_sheet(sheets[0], header_row=header_at, schema_sample_rows=None)
            frame = sheet.to_polars()
        except InputError:
            raise
        except BaseException as error:  # a panic of its parser is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            raise InputError(
                f"{file}: not an Excel workbook, or a damaged or protected one; save it again "
                "without a password"
            ) from error
        header = [_text(cell) for cell in tops[sheets[0]].row(header_at)]
        used = [
            (name, _whole(frame.to_series(i)))
            for i, name in enumerate(header)
            if name or frame.to_series(i).null_count() < frame.height
        ]
        self.names = tuple(name for name, _ in used)
        self._columns = [column for _, column in used]
        self.source = Source(sheets=sheets if len(sheets) > 1 else ())

    def rows(
        self,
        columns: Sequence[int],
        bad: BadRows,  # noqa: ARG002 (no single row of a workbook is malformed)
    ) -> Iterator[Row]:
        """The rows; the one below the header is number 1."""
        values = [[as_text(value) for value in self._columns[i]] for i in columns]
        for number, row in enumerate(zip(*values, strict=True), 1):
            yield number, row, number

    def frame(self, records: Sequence[int]) -> pl.DataFrame:
        """The rows of these numbers with all their columns."""
        import polars as pl

        # A mapping: in a list, polars takes "" for a missing name.
        frame = pl.DataFrame(dict(zip(distinct(self.names), self._columns, strict=True)))
        return frame[[number - 1 for number in records]]


def _fastexcel(file: str) -> Any:
    try:
        import fastexcel
    except ImportError:
        raise InputError(
            f"{file}: reading Excel files needs fastexcel; install it with: "
            'pip install "attnpool[excel]"'
        ) from None
    # It warns of every empty column on stderr.
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    return fastexcel


def _top(book: Any, sheet: str) -> pl.DataFrame:
    """The first rows of a sheet as strings, from its first row that is not empty."""
    frame: pl.DataFrame = book.load_sheet(
        sheet, header_row=None, n_rows=_TITLES + 1, dtypes="string"
    ).to_polars()
    return frame


def _header_row(top: pl.DataFrame) -> int:
    """The first row with two cells or more; the first one if there is none."""
    filled = [sum(cell is not None for cell in row) for row in top.iter_rows()]
    return next((i for i, cells in enumerate(filled) if cells > 1), 0)


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
