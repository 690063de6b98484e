"""A table to a file: Parquet, CSV, tab-separated, JSON lines or an Excel workbook."""

from __future__ import annotations

import codecs
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from attnpool.cli.workbook import write_workbook
from attnpool.data.formats.encodings import MARKS
from attnpool.errors import InputError
from attnpool.sanitize import printable, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from attnpool.data.table import Source


SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".xlsx")
"""The suffixes of the formats."""

_OF_ALL = ("utf", "gb18030")  # encodings of every character
_ROWS = 10_000  # so many are recoded at a time


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a CSV or tab-separated file is written.

    Attributes:
        encoding: Its encoding.
        mark: Whether it begins with a byte-order mark.
        separator: What is between two fields.
    """

    encoding: str = "utf-8"
    mark: bool = False
    separator: str = ","

    @classmethod
    def like(cls, source: Source, output: Path, encoding: str | None = None) -> TextForm:
        """The form of the file that was read; that of CSV and tabs is by the suffix.

        Args:
            source: How the file that was read is written.
            output: The file to write.
            encoding: Another encoding.
        """
        tabs = output.suffix.lower() == ".tsv"
        # Where Excel writes semicolons it reads nothing else.
        separator = "\t" if tabs else ";" if source.separator == ";" else ","
        if encoding is not None:
            return cls(encoding, separator=separator)
        return cls(source.encoding or "utf-8", source.mark, separator)

    def check(self, output: Path, texts: Iterable[str]) -> None:
        """Refuse texts that the encoding does not have, before anything is computed.

        Raises:
            InputError: It lacks a character of one of them.
        """
        if self.encoding.lower().startswith(_OF_ALL):
            return
        for text in texts:
            try:
                text.encode(self.encoding)
            except UnicodeError as error:
                raise self.lacks(output, error) from None

    def lacks(self, output: Path, error: UnicodeError) -> InputError:
        """The error for a character that the encoding does not have."""
        character = ""
        if isinstance(error, UnicodeEncodeError):
            character = error.object[error.start]
        return InputError(
            f"{output}: the character {quoted(character)} does not exist in {self.encoding}; "
            "name another encoding with --output-encoding, such as utf-8-sig"
        )


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
                _write_text(_plain(frame, nested=False), out, form)
            except UnicodeError as error:
                raise form.lacks(output, error) from None


def _write_text(frame: pl.DataFrame, out: BinaryIO, form: TextForm) -> None:
    # The codecs called utf-16 and utf-32 write a mark by themselves, and only once.
    encode = codecs.getincrementalencoder(form.encoding)().encode
    if form.mark and not _writes_mark(form.encoding):
        out.write(encode("\ufeff"))
    for start in range(0, max(frame.height, 1), _ROWS):
        part = frame[start : start + _ROWS]
        written = part.write_csv(include_header=not start, separator=form.separator)
        out.write(encode(written))
    out.write(encode("", final=True))


def _writes_mark(encoding: str) -> bool:
    return "a".encode(encoding).startswith(tuple(mark for mark, _ in MARKS))


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
        if kind == pl.Object or (kind.is_nested() and not nested) or (not nested and _bytes(kind))
    ]
    return frame.with_columns(as_text)


def _finite(frame: pl.DataFrame) -> pl.DataFrame:
    """JSON has no NaN and no infinity: null."""
    import polars as pl

    floats = [pl.col(name) for name, kind in frame.schema.items() if kind.is_float()]
    return frame.with_columns(
        [pl.when(c.is_finite()).then(c).alias(c.meta.output_name()) for c in floats]
    )


def _bytes(kind: pl.DataType) -> bool:
    return str(kind) == "Binary"


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        return _as_written(value)
    return value if value is None or isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return printable(json.dumps(value, ensure_ascii=False, default=_as_written))


def _as_written(value: Any) -> str:
    """A date, a time or a decimal as people write it; bytes as text, as far as they are."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
