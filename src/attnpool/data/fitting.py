"""How a file is to be read, fitted to the file that is there: header, column numbers, plain text.

What the user names must be in the file. What a model remembers of its training file need not be:
columns that are missing are recognised by their names instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from attnpool.data.columns import LABEL, SCORES, Columns, find_columns, is_header
from attnpool.data.formats.compressed import suffix_of
from attnpool.data.formats.delimited import Delimited
from attnpool.data.formats.dialect import begins_with_data, likely_columns, width_of
from attnpool.data.formats.excel import Excel
from attnpool.data.formats.plain_text import PlainText
from attnpool.errors import InputError
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from attnpool.data.rows import Reading
    from attnpool.data.table import Table

PLAIN = ".txt"
_COLUMN = "column_"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A table, its columns, and how it is read.

    Attributes:
        table: The table.
        columns: Its columns.
        reading: How it is read.
        recognised: Whether the label was recognised by its name.
        note: What differs from how the file was asked to be read, to tell the user; or "".
        names: From the labels in the file to label names, where these differ.
    """

    table: Table
    columns: Columns
    reading: Reading
    recognised: bool = False
    note: str = ""
    names: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which parts of a reading the user named for this file, rather than a model remembered.

    Attributes:
        text: Whether the text columns.
        label: Whether the label column.
        header: Whether the file has a header.
    """

    text: bool
    label: bool
    header: bool


def fit(
    table: Table,
    path: Path,
    file: str,
    reading: Reading,
    asked: Asked,
    *,
    labelled: bool,
    texts_per_line: int,
    hint: Callable[[], str],
) -> Fitted:
    """The columns of a file that is of no named set.

    Args:
        table: The file; set to have no header if it has none.
        path: Its path.
        file: The file as the user named it.
        reading: How it is to be read.
        asked: Which parts of `reading` the user named.
        labelled: Whether there must be a label.
        texts_per_line: How many texts a line of plain text has.
        hint: Further advice where columns are not recognised.

    Raises:
        InputError: If a column does not exist or is not recognised.
    """
    reading = _header(table, file, reading, asked, labelled=labelled)
    text, label = reading.text, reading.label
    names = [name.strip() for name in table.names]
    if not asked.text and any(name.strip() not in names for name in text):
        text = ()
    if not asked.label and label is not None and label.strip() not in names:
        label = None if labelled or _is_like(label, names) else label

    def advice() -> str:
        return hint() + headerless_advice(table)

    def found(text: tuple[str, ...], label: str | None) -> Columns:
        try:
            return find_columns(
                table.names, file, text=text, label=label, labelled=labelled, hint=advice
            )
        except InputError as error:
            raise InputError(f"{error}{_sheet(table)}") from None

    note = ""
    try:
        columns = found(text, label)
        note = _note(file, reading, text, label, columns)
    except InputError:
        if labelled or asked.text or not is_plain(table, path, texts_per_line):
            if text or len(names) > 1:
                # What is missing says more than what is not recognised.
                found(reading.text, reading.label)
            raise
        table, columns, note = _plain(path, file, reading, texts_per_line)
    reading = replace(reading, text=columns.text_names, label=columns.label_name or reading.label)
    return Fitted(table, columns, reading, label is None, note)


def _sheet(table: Table) -> str:
    """Which of several sheets was read, as the end of a message."""
    sheets = table.source.sheets
    return (
        f"; the sheet that was read is {quoted(sheets[0])}, the first with rows" if sheets else ""
    )


def _is_like(label: str, names: list[str]) -> bool:
    """Whether a column is a score, as the label was, or a label, as it was.

    Where no label is needed, a column of another kind is taken for none. A label that was known by
    its number is like any.
    """
    if label.startswith(_COLUMN) and label.removeprefix(_COLUMN).isdecimal():
        return True
    kind = next((kind for kind in (SCORES, LABEL) if label.strip().casefold() in kind), ())
    others = {name.casefold() for name in names}
    return any(name in others for name in kind if kind is SCORES or name not in SCORES)


def _plain(path: Path, file: str, reading: Reading, texts: int) -> tuple[PlainText, Columns, str]:
    table = PlainText(path, file, reading.encoding, texts)
    columns = Columns(tuple(range(texts)), None, table.names)
    what = "one text" if texts == 1 else "two texts"
    note = f"{file} has no header that names a text column; reading {what} per line"
    return table, columns, note


def number_columns(table: Delimited | Excel, names: tuple[str, ...]) -> tuple[str, ...]:
    """Read the first row as data, and name the columns by number; of `names`, each as a name."""
    table.use_no_header([f"{_COLUMN}{number}" for number in range(1, len(table.names) + 1)])
    return tuple(column_name(name) for name in names)


def column_name(name: str) -> str:
    """The name of a column that a number names: `column_2` of `2`."""
    return f"{_COLUMN}{int(name)}" if name.strip().isdecimal() else name


def is_plain(table: Table, path: Path, texts_per_line: int) -> bool:
    """Whether a file is plain text: a `.txt` file without columns.

    Tabs that split all lines into equally many fields make columns, unless these are the texts.
    """
    if not isinstance(table, Delimited) or suffix_of(path) != PLAIN or table.separator != "\t":
        return False
    rows = table.first_rows()
    if texts_per_line == 1 and 2 * sum(len(row) > 1 for row in rows) > len(rows):
        return False  # columns, though a row may lack one
    return width_of(rows) in (None, 1, texts_per_line) and not is_header(table.names)


def headerless_advice(table: Table) -> str:
    """What to do if the first row looks like data, as the end of a message."""
    if not isinstance(table, Delimited | Excel) or not begins_with_data(table.first_rows()):
        return ""
    return f"; if the first row is data, use --no-header {_numbers(table)}"


def _numbers(table: Delimited | Excel) -> str:
    """Options that name columns by number, as far as the first rows tell which they are."""
    text, label = likely_columns(table.first_rows())
    return f"--text {text}" + (f" --label {label}" if label else "")


def _header(table: Table, file: str, reading: Reading, asked: Asked, *, labelled: bool) -> Reading:
    """The reading with the names of numbered columns, if the file has no header."""
    if reading.header:
        return reading
    if not isinstance(table, Delimited | Excel):
        if asked.header:
            raise InputError(
                f"{file}: --no-header is for CSV, tab-separated and Excel files; leave it out"
            )
        return replace(reading, header=True)
    if not asked.header and is_header(table.names):
        return replace(reading, header=True)
    first = table.names
    options = _numbers(table)
    text = number_columns(table, reading.text)
    label = None if reading.label is None else column_name(reading.label)
    if not text and len(first) == 1 and not labelled:
        text = (table.names[0],)
    if not text and (label is None or len(first) > 2):
        raise InputError(
            f"{file}: which column is the text? The first row is {quoted_list(first)}; "
            f"name columns by number, such as {options}"
        )
    return replace(reading, text=text, label=label)


def _note(
    file: str, reading: Reading, text: tuple[str, ...], label: str | None, columns: Columns
) -> str:
    missing, instead = [], []
    if text != reading.text:
        missing += [name for name in reading.text if name not in columns.text_names]
        instead.append(f"{quoted_list(columns.text_names)} as the text")
    if label != reading.label and columns.label_name:
        missing.append(reading.label or "")
        instead.append(f"{quoted(columns.label_name)} as the label")
    if not missing:
        return ""
    return f"{file} has no column {quoted_list(missing)}; reading {' and '.join(instead)}"
