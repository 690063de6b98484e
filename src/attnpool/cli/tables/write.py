"""A table to a file: Parquet, CSV, tab-separated, JSON lines or an Excel workbook."""

from __future__ import annotations

import json
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from attnpool.cli.tables.delimited import TextForm, write_delimited
from attnpool.cli.tables.workbook import write_workbook
from attnpool.sanitize import printable

if TYPE_CHECKING:
    import polars as pl


SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".xlsx")
"""The suffixes of the formats."""


def write_table(frame: pl.DataFrame, file: Path, output: Path, form: TextForm) -> None:
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
        if suffix == ".jsonl":
            for row in _finite(frame).iter_rows(named=True):
                out.write(_json(row).encode() + b"\n")
        elif suffix == ".parquet":
            _write_parquet(_plain(frame, nested=True), out)
        elif suffix == ".xlsx":
            write_workbook(_finite(_plain(frame, nested=False)), out, output)
        else:
            try:
                write_delimited(_plain(frame, nested=False), out, form)
            except UnicodeError as error:
                raise form.lacks(output, error) from None


def _write_parquet(frame: pl.DataFrame, out: BinaryIO) -> None:
    import polars as pl

    try:
        frame.write_parquet(out)
    except pl.exceptions.PolarsError as error:
        # polars hides the system's error in a message of its own.
        code = re.search(r"\(os error (\d+)\)", str(error))
        if code is None:
            raise
        raise OSError(int(code[1]), os.strerror(int(code[1]))) from None


def _plain(frame: pl.DataFrame, *, nested: bool) -> pl.DataFrame:
    """Columns of Python objects, and unless `nested` lists and objects too, as strings."""
    import polars as pl

    as_text = [
        pl.Series(name, [_text(value) for value in frame[name].to_list()], dtype=pl.String)
        for name, kind in frame.schema.items()
        if kind == pl.Object or (not nested and (kind.is_nested() or _unwritable(kind)))
    ]
    return frame.with_columns(as_text)


def _finite(frame: pl.DataFrame) -> pl.DataFrame:
    """JSON has no NaN and no infinity: null."""
    import polars as pl

    floats = [pl.col(name) for name, kind in frame.schema.items() if kind.is_float()]
    return frame.with_columns(
        [pl.when(c.is_finite()).then(c).alias(c.meta.output_name()) for c in floats]
    )


def _unwritable(kind: pl.DataType) -> bool:
    return str(kind).startswith(("Binary", "Duration"))


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        return _as_written(value)
    if isinstance(value, timedelta):
        return str(value)
    return value if value is None or isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return printable(json.dumps(value, ensure_ascii=False, default=_as_written))


def _as_written(value: Any) -> str:
    """A date, a time or a decimal as people write it; bytes as text, as far as they are."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
