r"""CSV and tab-separated files.

Python's csv module parses them: it streams, so a file of hundreds of megabytes is never held
in memory beside its rows; it numbers every record, so that a message can name a bad row; and it
takes `\n`, `\r\n` and `\r` as line ends, also mixed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from attnpool.data.formats.compressed import suffix_of
from attnpool.data.formats.dialect import (
    Dialect,
    blanks_before_quotes,
    find_separator,
    quotes_between_tabs,
    sample_of,
)
from attnpool.data.formats.encodings import TextFile, rewind
from attnpool.data.formats.frames import Frame, frame_of
from attnpool.data.table import Malformed
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import TextIOWrapper
    from pathlib import Path

    from attnpool.data.table import Row, Source

# The csv module refuses fields above 128 KiB; articles are longer. The limit belongs to the
# process: it is raised and never lowered, so that threads do not disturb each other.
FIELD_LIMIT = 1 << 27  # characters: more are read only behind a quotation mark that none closes

# Fed after the last line. It comes back as a record of its own unless a quote is still open.
END = "\x00attnpool: end of file\x00"


# The fields of a first line such as `sep=;`, which tells Excel the separator.
SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\s*')
SEPARATOR_LINE = ["sep=", ""]

# Behind the usual separator, these are tried.
OTHERS = ",\t;|\x01"


class Delimited:
    """A file of fields with separators, its first row a header.

    A field may stand in double quotes and hold separators and line ends. Between tabs, as in the
    public datasets, a quote is an ordinary character, unless the whole file quotes consistently
    (`dialect.quotes_between_tabs`). Blank lines are skipped, but count in the row numbers.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named; None: found from the content.
        separator: The usual separator of a public dataset, one character; None: a comma in
            `.csv`, else a tab. A file may have another (`dialect.find_separator`).

    Attributes:
        names: The fields of the header.

    Raises:
        InputError: If the file is empty or cannot be decoded.
    """

    unit = "row"

    def __init__(
        self, path: Path, file: str, encoding: str | None, separator: str | None = None
    ) -> None:
        self._file = file
        self._text = TextFile(path, file, encoding)
        self._is_csv = suffix_of(path) == ".csv"
        self._of_dataset = separator is not None
        self._usual = separator or ("," if self._is_csv else "\t")
        self._dialect: Dialect | None = None
        self._header_at: int | None = None  # until it is found
        self.sample: list[str] = []
        records = (record for record in self._read() if not _blank(record[1]))
        first = next(records, None)
        self._above = 0  # the record above all others, if it names the separator
        if first is not None and first[1] == SEPARATOR_LINE:
            self._above, first = first[0], next(records, None)
        records.close()
        if first is None:
            raise InputError(f"{file} is empty; give a file with data")
        self._header_at, self._fields = first
        self.names = tuple(name.strip() for name in self._fields)

    @property
    def source(self) -> Source:
        """Encoding, separator and whether there is a header."""
        header = self._header_at != self._above
        return replace(self._text.source(self.separator), header=header)

    @property
    def separator(self) -> str | None:
        """The character between fields."""
        return None if self._dialect is None else self._dialect.separator

    def first_rows(self) -> list[list[str]]:
        """The fields of the first rows, that of the header too."""
        return [] if self._dialect is None else list(self._dialect.reader(self.sample))

    def use_no_header(self, names: Sequence[str]) -> None:
        """Read the first row as data too; `names` are the columns' names in `frame`."""
        self._header_at = self._above
        self._fields = list(names)
        self.names = tuple(names)

    def rows(
        self,
        columns: Sequence[int],
        *,
        labelled: bool,  # noqa: ARG002 (a row has one label at most)
    ) -> Iterator[Row | Malformed]:
        """The rows below the header; those with too few or too many fields are malformed."""
        width, header_at = len(self._fields), self._header_at or 0
        for number, fields in self._read():
            if number <= header_at:
                continue
            if len(fields) == width:
                if fields:
                    yield number - header_at, tuple([fields[i] for i in columns]), fields
            elif not _blank(fields):
                count = f"{len(fields)} field{'s' * (len(fields) != 1)}"
                yield Malformed(number - header_at, f"{count} where {width} are expected")

    def frame(self, records: Sequence[list[str]]) -> Frame:
        """The rows of these records with all their fields, as strings."""
        names = enumerate(self._fields)
        return frame_of((name, [fields[i] for fields in records]) for i, name in names)

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        """One pass over the file: the number and the fields of every record."""
        if csv.field_size_limit() < FIELD_LIMIT:
            csv.field_size_limit(FIELD_LIMIT)
        number = header_at = 0
        try:
            with self._text.open() as lines:
                if self._dialect is None:
                    self._dialect = self._find_dialect(lines)
                    rewind(lines)
                quotes = self._dialect.quotes
                reader = self._dialect.reader(chain(lines, [END]) if quotes else lines)
                for number, fields in enumerate(reader, 1):
                    if quotes and fields and fields[-1].endswith(END):
                        if fields == [END]:
                            return
                        told = "a quotation mark opens a field and none closes it; close it"
                        raise self._unclosed(number, header_at, told)
                    if not header_at and not _blank(fields):
                        header_at = number
                    yield number, fields
        except csv.Error:
            told = f"a field has more than {FIELD_LIMIT:,} characters; close its quotation mark"
            raise self._unclosed(number + 1, header_at, told) from None

    def _unclosed(self, number: int, header_at: int, told: str) -> InputError:
        above = header_at if self._header_at is None else self._header_at
        row = max(number - above, 1)
        return InputError(f"{self._file}, row {row}: {told}, or double it if it is text")

    def _find_dialect(self, lines: TextIOWrapper) -> Dialect:
        self.sample = sample_of(lines)
        if self._of_dataset:
            first = self.sample[0] if self.sample else ""
            found = (
                mark for mark in (self._usual, *(",\t;" if self._is_csv else "\t")) if mark in first
            )
            separator = next(found, self._usual)
            return Dialect(separator, quotes=separator != "\t")
        if self.sample and (named := SEPARATOR.fullmatch(self.sample[0])):
            self.sample = self.sample[1:]
            separator = named[1]
        else:
            separator = find_separator(self.sample, self._usual, OTHERS)
        rewind(lines)
        if separator == "\t":
            return Dialect(separator, quotes=quotes_between_tabs(lines))
        skip = blanks_before_quotes(lines, self.sample, separator)
        return Dialect(separator, skip_blanks=skip)


def _blank(fields: list[str]) -> bool:
    return not any(field and not field.isspace() for field in fields)
