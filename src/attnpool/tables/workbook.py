"""A table to an Excel workbook, by xlsxwriter, an extra: `pip install "attnpool[excel]"`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from attnpool.errors import InputError
from attnpool.sanitize import quoted

MAX_ROWS, MAX_COLUMNS, MAX_CHARACTERS = 1_048_576, 16_384, 32_767
"""What a sheet holds: rows with the header, columns, and UTF-16 code units in a cell."""

_EXACT = 2**53  # beyond it a number of a workbook is not every integer
_OPTIONS = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}


def check_workbook(output: Path, rows: int, columns: int) -> None:
    """Refuse a table that no sheet can hold, before anything is computed.

    Raises:
        InputError: The table has too many rows or columns.
    """
    for what, count, most in (
        ("rows", rows + 1, MAX_ROWS),
        ("columns", columns, MAX_COLUMNS),
    ):
        if count > most:
            raise InputError(
                f"{output}: an Excel sheet holds {most:,} {what}, and these are {count:,}; "
                "write to .csv or .parquet"
            )


def write_workbook(
    names: Sequence[str], rows: Iterable[Sequence[Any]], out: BinaryIO, output: Path
) -> None:
    """Write a table as the only sheet of a workbook.

    A string is never a formula or a link. Numbers that a workbook would round are strings.

    Args:
        names: The names of the columns.
        rows: The rows: strings, numbers, booleans, dates and None.
        out: Where to.
        output: Its name in messages.

    Raises:
        InputError: A string is too long for a cell.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate(chain([names], rows)):
            for column, value in enumerate(values):
                if isinstance(value, str) and _too_long(value):
                    raise InputError(
                        f"{output}, row {row}: {quoted(names[column])} has {len(value):,} "
                        f"characters, and a cell of an Excel sheet holds {MAX_CHARACTERS:,}; "
                        "write to .csv or .parquet"
                    )
                _write(sheet, row, column, value)


def _too_long(text: str) -> bool:
    return 2 * len(text) > MAX_CHARACTERS and len(text.encode("utf-16-le")) > 2 * MAX_CHARACTERS


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and abs(value) <= _EXACT:
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and getattr(value, "tzinfo", None) is None and value.year > 1900:
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
