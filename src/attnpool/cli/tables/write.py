"""A table to a file: Parquet, CSV, tab-separated, JSON lines or an Excel workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.cli.tables.delimited import TextForm, write_delimited
from attnpool.cli.tables.plain import PlainTable, as_json
from attnpool.cli.tables.typed import PolarsTable
from attnpool.cli.tables.workbook import write_workbook
from attnpool.data.formats.frames import Frame
from attnpool.errors import require

if TYPE_CHECKING:
    import polars as pl

    from attnpool.data.formats.frames import Originals

SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".xlsx")
"""The suffixes of the formats."""


def check_libraries(output: Path) -> None:
    """Refuse a format that needs what is not installed.

    Raises:
        InputError: It is not.
    """
    suffix = output.suffix.lower()
    if suffix == ".parquet":
        require(f"{output}: writing Parquet files", "polars")
    elif suffix == ".xlsx":
        require(f"{output}: writing Excel files", "xlsxwriter")


def table_of(frame: Originals) -> PlainTable | PolarsTable:
    """The table that a frame is written as."""
    return PlainTable(frame) if isinstance(frame, Frame) else PolarsTable(frame)


def write_table(frame: Originals, file: Path, output: Path, form: TextForm) -> None:
    """Write all columns to `file`, in the format of its suffix.

    Values that a format cannot hold stand in it as JSON: lists and objects in CSV, values of
    several types in Parquet.

    Args:
        frame: The table.
        file: Where to write.
        output: Its name in messages.
        form: How a text file is written.

    Raises:
        OSError: The file cannot be written.
        InputError: The format cannot hold a value.
    """
    suffix = file.suffix.lower()
    # Our own file, not a path: what fails is then an error of the system, with its reason.
    with file.open("wb") as out:
        if suffix == ".parquet":
            PolarsTable(_in_polars(frame)).write_parquet(out)
            return
        table = table_of(frame)
        if suffix == ".jsonl":
            for row in table.json_rows():
                out.write(as_json(row).encode() + b"\n")
        elif suffix == ".xlsx":
            write_workbook(table.names, table.cell_rows(), out, output)
        else:
            try:
                write_delimited(table.csv_pieces(form.separator, safe=form.safe), out, form)
            except UnicodeError as error:
                raise form.lacks(output, error) from None


def with_columns(frame: Originals, columns: Mapping[str, list[Any]], output: Path) -> Originals:
    """The frame with further columns behind its own.

    Args:
        frame: The table.
        columns: The values of each column.
        output: Where the table will be written: for Parquet all columns have a type of their own.
    """
    if isinstance(frame, Frame) and output.suffix.lower() != ".parquet":
        return frame.beside(columns)
    import polars as pl

    return _in_polars(frame).hstack(pl.DataFrame(columns))


def _in_polars(frame: Originals) -> pl.DataFrame:
    return frame.to_polars() if isinstance(frame, Frame) else frame
