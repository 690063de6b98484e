"""`FORMATS`: the known file formats by suffix; `open_table` opens a file in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from attnpool.data.formats.compressed import COMPRESSED, suffix_of
from attnpool.data.formats.delimited import Delimited
from attnpool.data.formats.excel import Excel
from attnpool.data.formats.fasttext import FastText
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


def open_separated(path: Path, file: str, encoding: str | None) -> Table:
    """Open separated fields, or the lines of fastText, which its first line tells."""
    table = Delimited(path, file, encoding)
    if FastText.is_line(next(iter(table.sample), "")):
        return FastText(path, file, encoding)
    return table


FORMATS = (
    Format((".csv",), ".csv", open_separated),
    Format((".tsv", ".txt", ".tab"), ".tsv, .txt (tab-separated)", open_separated),
    Format((".jsonl", ".ndjson", ".json"), ".jsonl, .ndjson, .json", JsonLines),
    Format((".parquet", ".pq"), ".parquet", Parquet),
    Format((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), ".xlsx", Excel),
)
_UNPACKED = (open_separated, JsonLines)
"""What opens compressed files too; other formats have a compression of their own."""


def known_suffixes() -> frozenset[str]:
    """The suffixes of all formats."""
    return frozenset(suffix for known in FORMATS for suffix in known.suffixes)


def open_table(path: Path, file: str, encoding: str | None, separator: str | None = None) -> Table:
    """Open a file as a table; its suffix, before that of a compression, determines the format.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named, if any.
        separator: The usual separator of fields in a public dataset. Its files may have any
            suffix: an unknown one is then read as separated fields.

    Raises:
        InputError: If the format is unknown, or the file is empty, or cannot be decoded.
    """
    suffix = suffix_of(path)
    opener = next((known.open for known in FORMATS if suffix in known.suffixes), None)
    if opener is None and separator is None:
        raise _unknown(path, file)
    if separator is not None and opener in (None, open_separated):
        return Delimited(path, file, encoding, separator)
    if opener is None or (opener not in _UNPACKED and path.suffix.lower() in COMPRESSED):
        raise InputError(f"{file}: {suffix} files are not read compressed; unpack it first")
    return opener(path, file, encoding)


def _unknown(path: Path, file: str) -> InputError:
    suffix = path.suffix.lower()
    if suffix in (".zip", ".7z", ".rar", ".tar", ".tgz"):
        return InputError(f"{file} is an archive; unpack it and give the file in it")
    *most, last = (known.advice for known in FORMATS)
    known = f"{', '.join(most)} or {last}"
    if suffix in COMPRESSED:
        return InputError(
            f"{file}: its name must tell the format of the file in it, such as rows.csv{suffix}; "
            f"rename it, with {known} before {suffix}"
        )
    return InputError(f"{file}: files ending in '{suffix}' are not known; give {known}")
