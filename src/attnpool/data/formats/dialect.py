"""How a file of fields is written: its separator, whether it quotes, blanks before quotes.

Everything is decided by evidence in the file itself, and for the file as a whole.
"""

from __future__ import annotations

import csv
import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from attnpool.data.columns import is_header, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SAMPLE = 50  # so many lines tell the separator, and whether a first row is data
_EMPTY = " \t\r\n,;|\x01"
_LONGEST = 1000  # so many lines may one quoted field of a tab-separated file have

_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
_FIELD = re.compile(rf'({_QUOTED}|[^"\t\r\n]*+)(\t|[\r\n]*+\Z)')
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_SENTENCE = re.compile("[，。！？]|[,!?] ")
_LONGEST_NAME = 30  # characters of a name of a column
_INSIDE = re.compile(r'""|[\t\r\n]')


class Dialect(NamedTuple):
    """How the fields are written.

    Attributes:
        separator: The character between fields.
        quotes: Whether a field may stand in double quotes, and hold separators and line ends;
            otherwise a quote is an ordinary character.
        skip_blanks: Whether blanks behind a separator are not part of the field.
    """

    separator: str
    quotes: bool = True
    skip_blanks: bool = False

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        """The fields of each record."""
        return csv.reader(
            lines,
            delimiter=self.separator,
            quoting=csv.QUOTE_MINIMAL if self.quotes else csv.QUOTE_NONE,
            skipinitialspace=self.skip_blanks,
            strict=strict,
        )


def sample_of(lines: Iterable[str]) -> list[str]:
    """The first lines with anything in them but separators."""
    return list(islice((line for line in lines if line.strip(_EMPTY)), SAMPLE))


def find_separator(sample: Sequence[str], usual: str, others: Sequence[str]) -> str:
    """The separator of a file.

    A character is a separator if it splits the first line into a header; else if it splits all
    lines of the sample into equally many fields; else if it is in the first line. The usual one
    comes first, so that a `|` inside the text of a comma-separated file is none.

    Args:
        sample: The first lines.
        usual: The separator that the name of the file suggests.
        others: Those that are possible too. A file with tabs as usual has another only if that
            makes a header of names that are known: the first line of a text may hold anything.
    """
    first = sample[0] if sample else ""
    found = [mark for mark in (usual, *others) if mark in first]
    for mark in found:
        names = next(Dialect(mark, quotes=mark != "\t").reader([first]), [])
        every = usual == "\t" != mark
        if all(map(is_known, names)) if every else is_header(names):
            return mark
    if usual == "\t":
        return usual
    return next((mark for mark in found if _consistent(sample, mark)), (*found, usual)[0])


def _consistent(sample: Sequence[str], mark: str) -> bool:
    records = list(Dialect(mark, quotes=mark != "\t").reader(sample))
    # The last record of a sample may end behind it.
    widths = {len(fields) for fields in (records[:-1] or records)}
    return len(widths) == 1 and min(widths) > 1


def quotes_between_tabs(lines: Iterable[str]) -> bool:
    r"""Whether a tab-separated file quotes its fields, as pandas and spreadsheets write it.

    In the public datasets a quote between tabs is an ordinary character. A file quotes only if
    all of it fits: every field that holds a quote begins and ends with one, those inside are
    doubled, and all rows have equally many fields. There must be evidence too: a quoted field
    with a doubled quote, a tab or a line end in it, or a column that is quoted in every row.

    Args:
        lines: All lines of the file.
    """
    n_records = width = 0
    quoted: dict[int, int] = {}
    evidence = False
    for fields in _records(lines):
        if not fields or (width and len(fields) != width):
            return False
        width = len(fields)
        n_records += 1
        for place, field in enumerate(fields):
            if field.startswith('"'):
                quoted[place] = quoted.get(place, 0) + 1
                evidence = evidence or _INSIDE.search(field[1:-1]) is not None
    # The header may be without quotes.
    return bool(quoted) and (evidence or max(quoted.values()) >= max(n_records - 1, 2))


def _records(lines: Iterable[str]) -> Iterator[list[str]]:
    """The fields of each record, as they are written; none of one whose quotes are out of place."""
    pending: list[str] = []
    n_open = 0
    for line in lines:
        if not pending and '"' not in line:
            if line.strip():
                yield line.split("\t")
            continue
        pending.append(line)
        n_open += line.count('"')
        if n_open % 2 and len(pending) <= _LONGEST:
            continue
        fields = _fields("".join(pending))
        # Lines that are rows by themselves are no lines of one field.
        rows = len(pending) > 1 and all(len(fields) == one.count("\t") + 1 for one in pending)
        yield [] if rows else fields
        pending, n_open = [], 0
    if pending:
        yield []


def _fields(record: str) -> list[str]:
    """The fields as they are written; none if a quote is out of place."""
    fields, at = [], 0
    while found := _FIELD.match(record, at):
        fields.append(found[1])
        at = found.end()
        if found[2] != "\t":
            return fields
    return []


def blanks_before_quotes(lines: Iterable[str], sample: Sequence[str], separator: str) -> bool:
    """Whether a blank follows each separator, as in `0, "too slow, too loud"`.

    Args:
        lines: All lines of the file; read only if there are such blanks in the header.
        sample: The first lines.
        separator: The separator.
    """
    before = re.compile(rf'{re.escape(separator)} +"(?!")')
    if not any(before.search(line) for line in sample):
        return bool(sample) and _spaced(sample[0], separator) and any(map(before.search, lines))
    # A text may hold `, "` inside quotes.
    plain = [field for fields in Dialect(separator).reader(sample) for field in fields]
    if not any(field.startswith(" ") and field.lstrip(" ")[:1] == '"' for field in plain if field):
        return False
    widths = set()
    try:
        for fields in Dialect(separator, skip_blanks=True).reader(sample, strict=True):
            widths.add(len(fields))
    except csv.Error as error:
        if "unexpected end" not in str(error):  # the last record may end behind the sample
            return False
    return len(widths) == 1


def _spaced(header: str, separator: str) -> bool:
    fields = next(Dialect(separator).reader([header]), [])
    return len(fields) > 1 and all(field.startswith(" ") for field in fields[1:])


def width_of(rows: Sequence[Sequence[str]]) -> int | None:
    """The number of fields if it is the same in all rows, else None."""
    widths = {len(row) for row in rows}
    return widths.pop() if len(widths) == 1 else None


def begins_with_data(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row looks like data: its fields are numbers, sentences, or occur again."""
    if not rows:
        return False
    first, *others = rows
    return any(
        _NUMBER.fullmatch(field.strip())
        or len(field) > _LONGEST_NAME
        or _SENTENCE.search(field)
        or any(row[i : i + 1] == [field] for row in others)
        for i, field in enumerate(first)
        if field.strip()
    )


def likely_columns(rows: Sequence[Sequence[str]]) -> tuple[int, int | None]:
    """The numbers, from 1, of the column with the longest texts and of that with fewest values.

    The second is None if there is one column.
    """
    columns = list(zip(*rows, strict=False))

    def length(place: int) -> int:
        return sum(len(value) for value in columns[place] if not _NUMBER.fullmatch(value))

    text = max(range(len(columns)), key=length)
    others = [i for i in range(len(columns)) if i != text]
    values = [len(set(column)) for column in columns]
    label = min(others, key=lambda i: (values[i] == 1, values[i]), default=None)
    return text + 1, None if label is None else label + 1
