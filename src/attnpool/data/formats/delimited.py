r"""CSV and tab-separated files.

Parsed by Python's csv module: it streams, so a file of hundreds of megabytes is never held
beside its rows; it numbers every record, so that a bad row can be named; and it takes `\n`,
`\r\n` and `\r` as line ends, mixed ones too.
"""

from __future__ import annotations

import csv
from itertools import chain
from typing import TYPE_CHECKING

from attnpool.data.bad_rows import BadRows
from attnpool.data.formats.encodings import open_lines
from attnpool.data.formats.frames import frame_of
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

# The csv module refuses fields above 128 KiB; articles are longer. The limit belongs to the
# process: it is raised and never lowered, so that threads do not get in each other's way.
FIELD_LIMIT = 2**31 - 1

# Fed behind the last line. It comes back as a record of its own unless a quote is still open.
END = "\x00attnpool: end of file\x00"


class Delimited:
    """A file of fields with separators.

    Between commas or semicolons a field may stand in double quotes and hold separators and line
    ends; between tabs, as in the public data sets, a quote is an ordinary character. Blank lines
    are passed over, and counted in the row numbers.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: An encoding in which the whole file decodes.
        separator: One character.
    """

    unit = "row"

    def __init__(self, path: Path, file: str, encoding: str, separator: str) -> None:
        self._path = path
        self._file = file
        self._encoding = encoding
        self._separator = separator
        first = next((r for r in self._records() if not _blank(r[1])), None)
        if first is None:
            raise InputError(f"{file} is empty; give a file with data")
        self._header_at, self.first = first

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the first row."""
        return tuple(name.strip() for name in self.first)

    def rows(self, columns: Sequence[int], bad: BadRows) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The rows behind the header; ragged ones are told to `bad`."""
        return self._rows(columns, len(self.first), self._header_at, bad)

    def rows_without_header(
        self, columns: Sequence[int], width: int, bad: BadRows
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """All rows of a file that begins at once, each of `width` fields."""
        return self._rows(columns, width, 0, bad)

    def frame(self, numbers: Sequence[int], names: Sequence[str] = ()) -> pl.DataFrame:
        """The rows of these numbers with all their fields, as strings.

        Args:
            numbers: Numbers that `rows` gave; of a file without header `rows_without_header`.
            names: The columns' names in a file without header.
        """
        header_at = 0 if names else self._header_at
        names = names or self.first
        columns: list[list[str]] = [[] for _ in names]
        wanted = set(numbers)
        passed_over = BadRows(self._file, skip=True)
        for number, fields in self._rows(range(len(names)), len(names), header_at, passed_over):
            if number in wanted:
                for column, field in zip(columns, fields, strict=True):
                    column.append(field)
        return frame_of(zip(names, columns, strict=True))

    def _rows(
        self, columns: Sequence[int], width: int, header_at: int, bad: BadRows
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        for number, fields in self._records():
            if number <= header_at:
                continue
            if len(fields) == width:
                if fields:
                    yield number - header_at, tuple([fields[column] for column in columns])
            elif not _blank(fields):
                fields_ = f"{len(fields)} field{'s' * (len(fields) != 1)}"
                bad.found(number - header_at, f"{fields_} where {width} are expected")

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        if csv.field_size_limit() < FIELD_LIMIT:
            csv.field_size_limit(FIELD_LIMIT)
        with open_lines(self._path, self._encoding) as lines:
            if self._separator == "\t":
                yield from enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1)
                return
            reader = csv.reader(chain(lines, [END]), delimiter=self._separator)
            header_at = 0
            for number, fields in enumerate(reader, 1):
                if fields and fields[-1].endswith(END):
                    if fields == [END]:
                        return
                    raise InputError(
                        f"{self._file}, row {max(number - header_at, 1)}: a quotation mark opens "
                        "a field and none closes it; close it, or double it if it is text"
                    )
                if not header_at and not _blank(fields):
                    header_at = number
                yield number, fields


def separator_of(path: Path, encoding: str, usual: str) -> str:
    """The separator of a file: the usual one if the first line holds it, else another it holds.

    Spreadsheets in much of Europe write `.csv` with semicolons, and some public sets with tabs.
    """
    with open_lines(path, encoding) as lines:
        first = next((line for line in lines if line.strip()), "")
    others = ",\t;" if path.suffix.lower() == ".csv" else "\t"
    return next((mark for mark in (usual, *others) if mark in first), usual)


def _blank(fields: list[str]) -> bool:
    return not fields or (len(fields) == 1 and (not fields[0] or fields[0].isspace()))
