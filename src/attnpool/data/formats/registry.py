"""`FORMATS`: the known file formats by suffix; `open_table` opens a file in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from attnpool.data.formats.delimited import Delimited
from attnpool.data.formats.excel import Excel
from attnpool.data.formats.jsonlines import JsonLines
from attnpool.data.formats.parquet import Parquet
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from attnpool.data.table import Table


class Format(NamedTuple):
    """One file format.

    Attributes:
        suffixes: The suffixes of its files, in lower case.
        advice: The suffixes as a message recommends them.
        open: Opens a file; takes its path, its name in messages, and the encoding the user named.
    """

    suffixes: tuple[str, ...]
    advice: str
    open: Callable[[Path, str, str | None], Table]


FORMATS = (
    Format((".csv",), ".csv", Delimited),
    Format((".tsv", ".txt", ".tab"), ".tsv, .txt (tab-separated)", Delimited),
    Format((".jsonl", ".ndjson", ".json"), ".jsonl, .ndjson", JsonLines),
    Format((".parquet", ".pq"), ".parquet", Parquet),
    Format((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), ".xlsx", Excel),
)


def open_table(path: Path, file: str, encoding: str | None, separator: str | None = None) -> Table:
    """Open a file as a table; its suffix determines the format.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named, if any.
        separator: The usual separator of fields in a public dataset. Its files may have any
            suffix: an unknown one is then read as separated fields.

    Raises:
        InputError: If the format is unknown, or the file is empty, or cannot be decoded.
    """
    suffix = path.suffix.lower()
    opener = next((known.open for known in FORMATS if suffix in known.suffixes), None)
    if opener is None and separator is None:
        *most, last = (known.advice for known in FORMATS)
        raise InputError(
            f"{file}: files ending in '{suffix}' are not known; give {', '.join(most)} or {last}"
        )
    if opener is None or opener is Delimited:
        return Delimited(path, file, encoding, separator)
    return opener(path, file, encoding)
