"""A table to a file: Parquet, CSV, tab-separated, JSON lines or an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.data.formats.frames import Frame
from attnpool.errors import require
from attnpool.tables.delimited import TextForm, write_delimited
from attnpool.tables.plain import PlainTable, as_json
from attnpool.tables.typed import PolarsTable, system_errors
from attnpool.tables.workbook import write_workbook

if TYPE_CHECKING:
    import polars as pl

    from attnpool.data.formats.frames import Originals

SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".xlsx")
"""The suffixes of the formats."""


_GROUP = 50_000  # rows that are in memory until they are written


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
        elif suffix == ".xlsx":
            table = table_of(frame)
            write_workbook(table.names, table.cell_rows(), out, output)
        else:
            write_lines(frame, out, output, suffix, form)


def write_lines(
    frame: Originals,
    out: BufferedIOBase,
    output: Path,
    suffix: str,
    form: TextForm,
    *,
    first: bool = True,
) -> None:
    """Write rows as lines of text: CSV, tab-separated or JSON.

    Args:
        frame: The rows.
        out: Where to.
        output: Its name in messages.
        suffix: The format: `.csv`, `.tsv` or `.jsonl`.
        form: How they are written.
        first: Whether they are the first of the file, with the header above them.

    Raises:
        OSError: They cannot be written.
        InputError: The encoding lacks a character.
    """
    table = table_of(frame)
    if suffix == ".jsonl":
        for row in table.json_rows():
            out.write(as_json(row).encode() + b"\n")
        return
    pieces = table.csv_pieces(form.separator, safe=form.safe, header=first)
    try:
        write_delimited(pieces, out, form, first=first)
    except UnicodeError as error:
        raise form.lacks(output, error) from None


def join_parquet(parts: Sequence[Path], out: Path) -> None:
    """Write the rows of Parquet files of the same columns to one, a few at a time.

    Args:
        parts: The files.
        out: Where to.

    Raises:
        OSError: It cannot be written.
    """
    import polars as pl
    from polars.io.plugins import register_io_source

    def tables(*_: Any) -> Iterator[pl.DataFrame]:
        for path in parts:
            yield pl.read_parquet(path, glob=False)

    with out.open("wb") as file, system_errors():
        # A scan of all files would read several ahead, however little memory there is.
        rows = register_io_source(tables, schema=pl.read_parquet_schema(parts[0]))
        rows.sink_parquet(file, row_group_size=_GROUP)


def with_columns(frame: Originals, columns: Mapping[str, Any], suffix: str) -> Originals:
    """The frame with further columns behind its own.

    Args:
        frame: The table.
        columns: The values of each column: a list, whose values may be arrays; or a series of
            polars, where the frame is one of polars or becomes one.
        suffix: The format that it will be written in: in Parquet all columns have a type.
    """
    if isinstance(frame, Frame) and suffix != ".parquet":
        return frame.beside(columns)
    import polars as pl

    return _in_polars(frame).hstack(pl.DataFrame(columns))


def _in_polars(frame: Originals) -> pl.DataFrame:
    return frame.to_polars() if isinstance(frame, Frame) else frame
