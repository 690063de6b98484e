"""Sets whose files hold several languages, told apart by a column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from attnpool.data.columns import find_columns
from attnpool.data.formats.sheet import open_sheet
from attnpool.data.table import read_named_table, read_table
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attnpool.data.datasets.spec import NamedDataset
    from attnpool.data.source import Request, Source

COLUMN = "language"


def read_language(request: Request, dataset: NamedDataset, language: str) -> Source:
    """The rows of one language; all rows of a file that has no column for it.

    Args:
        request: What is to be read.
        dataset: The set.
        language: The value of the column `language` in the rows that are read.

    Raises:
        InputError: If the file or its columns are not what is needed, or hold no such row.
    """
    reading = request.reading
    sheet = open_sheet(request.path, request.file, reading.encoding, dataset.separator)
    names = [name.strip() for name in sheet.names]
    if COLUMN not in names:
        return read_named_table(request, dataset)
    columns = find_columns(
        names,
        request.file,
        text=reading.text,
        label=reading.label,
        labelled=request.labelled,
        count=dataset.texts,
    )
    label = None if columns.label is None else names[columns.label]
    texts = tuple(names[place] for place in columns.text)
    # The language is read as one text more, and taken out again.
    wanted = replace(reading, text=(*texts, COLUMN), label=label)
    source = read_table(replace(request, reading=wanted))
    return replace(
        source,
        texts=texts,
        rows=_rows(source, len(texts), language, request.file),
        names=dataset.labels,
    )


def _rows(
    source: Source, place: int, language: str, file: str
) -> Iterator[tuple[int | str, tuple[str, ...]]]:
    found = False
    for number, values in source.rows:
        if values[place].strip() == language:
            found = True
            yield number, values[:place] + values[place + 1 :]
    if not found:
        raise InputError(
            f"{file}: no row has {language} in its column {COLUMN}; leave --dataset out "
            "to read the rows of every language"
        )
