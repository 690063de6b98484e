"""`Sheet`: what every file format gives, and the one place that knows formats by suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attnpool.data.formats.delimited import Delimited, separator_of
from attnpool.data.formats.encodings import find_encoding
from attnpool.data.formats.jsonlines import JsonLines
from attnpool.data.formats.parquet import Parquet
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.bad_rows import BadRows

JSON = (".jsonl", ".ndjson", ".json")
PARQUET = (".parquet", ".pq")
TABBED = (".tsv", ".tab", ".txt")
TABLES = (".csv", *TABBED)


@runtime_checkable
class Sheet(Protocol):
    """A table on disk: the names of its columns, and its rows one by one."""

    unit: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, as they stand in the file."""

    def rows(self, columns: Sequence[int], bad: BadRows) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The number of each row, from 1, and its values in these columns, "" for none."""

    def frame(self, numbers: Sequence[int]) -> pl.DataFrame:
        """The rows of these numbers, which `rows` gave, with all their columns as they stand."""


def open_sheet(path: Path, file: str, encoding: str | None, separator: str | None = None) -> Sheet:
    """The table in a file, its format told by the suffix.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named, if any.
        separator: What separates fields in a named set's file, which may have any suffix.

    Raises:
        InputError: If the format is unknown, or the file is empty, or cannot be decoded.
    """
    suffix = path.suffix.lower()
    if suffix in PARQUET:
        return Parquet(path, file)
    if separator is None and suffix not in (*JSON, *TABLES):
        raise InputError(
            f"{file}: files ending in '{suffix}' are not known; "
            "give .csv, .tsv, .txt (tab-separated), .jsonl, .ndjson or .parquet"
        )
    codec = find_encoding(path, file, encoding)
    if suffix in JSON:
        return JsonLines(path, file, codec)
    usual = separator or ("\t" if suffix in TABBED else ",")
    return Delimited(path, file, codec, separator_of(path, codec, usual))
