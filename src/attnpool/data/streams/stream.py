"""`RowStream`: the rows of a file, or of all parts in a folder, at once or some at a time."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from attnpool.data.bad_rows import BadRows
from attnpool.data.columns import measured_label
from attnpool.data.datasets.layout import find_layout, read_class_file
from attnpool.data.datasets.registry import suggestion
from attnpool.data.fitting import PLAIN, Asked, Fitted, column_name, fit, is_plain, number_columns
from attnpool.data.formats.compressed import suffix_of
from attnpool.data.formats.delimited import Delimited
from attnpool.data.formats.jsonlines import JsonLines
from attnpool.data.formats.parquet import Parquet
from attnpool.data.formats.registry import open_table
from attnpool.data.rows import LabelLookup, LabelNames, Reading, Rows, collect
from attnpool.data.scores import is_measured
from attnpool.data.streams.joining import joined
from attnpool.data.streams.pieces import Limit, Pieces
from attnpool.data.streams.places import Place, part_paths, unreadable
from attnpool.data.table import Malformed
from attnpool.errors import InputError
from attnpool.sanitize import quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from attnpool.data.datasets.spec import NamedDataset
    from attnpool.data.table import Row, Table

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a file.

    Attributes:
        reading: How it is to be read.
        named: The public dataset that it is read as.
        asked: Which parts of the reading the user named.
        any_texts: Whether a file that is no table, and not of the dataset, is read too.
        closed: Whether a label that is unknown is bad.
        skip: Whether bad rows are left out.
        labelled: Whether every row must have a text and a label.
        originals: Whether all columns are kept.
        texts_per_line: How many texts a line of plain text has.
        labels: Whether labels are read where a table that is no public dataset has them.
    """

    reading: Reading
    named: NamedDataset | None
    asked: Asked
    any_texts: bool
    closed: bool
    skip: bool
    labelled: bool
    originals: bool
    texts_per_line: int
    labels: bool = True


class RowStream:
    """The rows of one or several files, in their order.

    The first file is opened, and its columns are found, as the stream is made; each other one as
    its turn comes, with the columns of the first.

    Args:
        places: The files.
        request: What is asked of them.
        folder: The folder whose parts they are; None: they are no parts.

    Attributes:
        places: The files.
        reading: How the first is read.
        source: How the first is written.
        unit: What their format calls its records.
        notes: What differs from how they were asked to be read, to tell the user.
        width: The number of text columns.

    Raises:
        InputError: The first cannot be read, or its columns are not recognised.
    """

    def __init__(self, places: list[Place], request: Request, folder: Path | None = None) -> None:
        self.places, self._folder = places, folder
        self._request = request
        self._first = self._fitted(*places[0], request.reading, request.asked)
        self.reading, self.source = self._first.reading, self._first.table.source
        self.unit = self._first.table.unit
        self.width = len(self._first.columns.text)
        self.notes = (self._first.note,) if self._first.note else ()
        self._labels: LabelLookup | None = None
        self._measured: bool | None = None

    def read(self) -> Rows:
        """All rows.

        Raises:
            InputError: A file or a row is bad, or there are no rows.
        """
        parts = list(self._whole())
        file = self.places[0][1] if len(parts) == 1 else f"{len(parts)} files"
        self._measured = None  # all rows tell it, and not the first chunk of them
        rows = self._without_measurements(joined(parts, [file for _, file in self.places]))
        _log.info("read %s: %d rows", file, len(rows))
        return rows

    @property
    def typed_by_rows(self) -> bool:
        """Whether only the rows tell which columns there are and what these hold."""
        return isinstance(self._first.table, JsonLines)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the first file."""
        return tuple(self._first.table.frame([]).columns)

    def chunks(self, limit: Limit, *, originals: bool = True) -> Iterator[Rows]:
        """The rows, some at a time: bad ones are with those that they stood among.

        Args:
            limit: How many at a time.
            originals: Whether all columns are kept where that was asked for.

        Raises:
            InputError: A file or a row is bad, or there are no rows.
        """
        total, nothing = 0, None
        for fitted, file in self._parts():
            found = 0
            bad, names = self._bad(fitted, file), self._names(fitted)
            source = fitted.table.rows(fitted.columns.positions, labelled=self._request.labelled)
            # Whether the originals are kept this time or not, the pieces are the same.
            counted = self._request.originals
            for piece in Pieces(source, limit, fitted, bad, originals=counted):
                rows = [self._rows(fitted, file, piece, bad, names, originals=originals)]
                found += len(rows[0])
                if len(rows[0]) or rows[0].bad_rows:
                    # No name here keeps them while they are worked on.
                    yield self._without_measurements(rows.pop())
            total += found
            nothing = nothing or bad
        if not total and nothing:
            raise nothing.nothing_left()

    def state(self) -> list[tuple[str, int, int]]:
        """The name, the size and the time of each file: another where one was written anew.

        Of a folder these are the files that are in it now.
        """
        paths = part_paths(self._folder) if self._folder else [path for path, _ in self.places]
        return [_state(path) for path in paths]

    def part(self, number: int) -> tuple[list[Place], Request]:
        """What makes a stream of the rows of one file, read as here: in another process too.

        Args:
            number: The number of the file, from 0.
        """
        path, file = self.places[number]
        request = self._request
        if number:
            request = replace(request, reading=self._first.reading, asked=self._asked_as_first())
        return [(path.absolute(), file)], request

    def _asked_as_first(self) -> Asked:
        """What was recognised in the first file is named for all others."""
        reading = self._first.reading
        return Asked(bool(reading.text), reading.label is not None, not reading.header)

    def _parts(self) -> Iterator[tuple[Fitted, str]]:
        for number, (path, file) in enumerate(self.places):
            if number == 0:
                yield self._first, file
                continue
            fitted = self._fitted(path, file, self._first.reading, self._asked_as_first())
            _check_alike(self._first.table, self.places[0][1], fitted.table, file)
            yield fitted, file

    def _whole(self) -> Iterator[Rows]:
        """All rows of each file."""
        total, nothing = 0, None
        for fitted, file in self._parts():
            bad = self._bad(fitted, file)
            rows = fitted.table.rows(fitted.columns.positions, labelled=self._request.labelled)
            found = self._rows(fitted, file, rows, bad, self._names(fitted))
            total += len(found)
            nothing = nothing or bad
            yield found
        if not total and nothing:
            raise nothing.nothing_left()

    def _fitted(self, path: Any, file: str, reading: Reading, asked: Asked) -> Fitted:
        named, request = self._request.named, self._request
        if request.any_texts and self._is_plain(path, file):
            named = None  # texts to predict, and not the set that the model was trained on
        table = _open(path, file, reading, named)
        if named is not None:
            fitted = _layout(table, path, file, reading, named, labelled=request.labelled)
        else:
            fitted = fit(
                *(table, path, file, reading, asked),
                labelled=request.labelled,
                texts_per_line=request.texts_per_line,
                hint=partial(suggestion, path),
            )
        if isinstance(table, JsonLines | Parquet):
            table.label = fitted.columns.label
        return fitted

    def _is_plain(self, path: Any, file: str) -> bool:
        """Whether a file to be read as a named set is plain text instead."""
        reading = self._request.reading
        if reading.dataset is None or path.is_dir() or suffix_of(path) != PLAIN:
            return False
        return is_plain(_open(path, file, reading, None), path, self._request.texts_per_line)

    def _bad(self, fitted: Fitted, file: str) -> BadRows:
        request = self._request
        unit = fitted.table.unit
        return BadRows(file, skip=request.skip, unit=unit, labelled=request.labelled)

    def _names(self, fitted: Fitted) -> LabelLookup | None:
        named = self._request.named
        if fitted.columns.label is None or (named is None and not self._request.labels):
            return None
        without = frozenset[str]() if named is None else named.without
        if self._labels is None:  # one for all files: what two spell in two ways is one label
            groups = fitted.reading.label_map
            rules = LabelNames(fitted.names, groups, without, self._request.closed)
            self._labels = LabelLookup(rules, strict=self._request.labelled)
        return self._labels

    def _rows(
        self,
        fitted: Fitted,
        file: str,
        rows: Iterator[Row | Malformed],
        bad: BadRows,
        names: LabelLookup | None,
        *,
        originals: bool = True,
    ) -> Rows:
        table, columns, named = fitted.table, fitted.columns, self._request.named
        records: list[Any] | None = [] if originals and self._request.originals else None
        blank_texts = named is not None and named.blank_texts
        texts, labels, places = collect(
            rows, columns, bad, names=names, blank_texts=blank_texts, records=records
        )
        bad_rows = bad.settle()
        if named is not None and named.class_file and fitted.names is None:
            labels = None  # without `class.txt` the line numbers mean nothing
        frame = None if records is None else table.frame(records)
        return Rows(
            texts,
            labels,
            len(bad_rows),
            fitted.reading,
            table.source,
            originals=frame,
            bad_rows=bad_rows,
            places=places,
            unit=table.unit,
            notes=(fitted.note,) if fitted.note else (),
            file=file,
        )

    def _without_measurements(self, rows: Rows) -> Rows:
        """Rows whose labels are none where the column that was recognised holds measurements.

        Whether it does is found once, of the first rows that have labels.
        """
        if self._request.named is not None or not self._first.recognised or not rows.labels:
            return rows
        columns = self._first.columns
        if self._measured is None:
            self._measured = is_measured(rows.labels, columns.label_name)
        if not self._measured:
            return rows
        if self._request.labelled:
            file = rows.file or self.places[0][1]
            raise measured_label(file, self._first.table.names, columns, rows.labels)
        return replace(rows, labels=None)


def _state(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:  # it is gone
        return path.name, -1, -1
    return path.name, found.st_size, found.st_mtime_ns


def _open(path: Any, file: str, reading: Reading, named: NamedDataset | None) -> Table:
    """Open the file: a named set in its own way, anything else by its suffix."""
    reader = open_table if named is None else named.reader
    # Columns that the user names replace the layout of the set, its separator too.
    own_layout = not (reading.text or reading.label)
    separator = named.separator if named is not None and own_layout else None
    try:
        return reader(path, file, reading.encoding, separator)
    except OSError as error:
        raise unreadable(file, error) from error


def _layout(
    table: Table,
    path: Any,
    file: str,
    reading: Reading,
    named: NamedDataset,
    *,
    labelled: bool,
) -> Fitted:
    """The columns of a named set, and the names of its labels."""
    given = reading
    if not reading.header and isinstance(table, Delimited) and (reading.text or reading.label):
        label = None if reading.label is None else column_name(reading.label)
        reading = replace(reading, text=number_columns(table, reading.text), label=label)
    columns = find_layout(table, named, file, reading, labelled=labelled)
    names = named.labels
    if named.class_file and columns.label is not None:
        names = read_class_file(path, file, labelled=labelled)
    return Fitted(table, columns, given, names=names)


def _check_alike(first: Table, first_file: str, table: Table, file: str) -> None:
    """Refuse a part whose columns are not those of the first; objects may lack some."""
    if isinstance(table, JsonLines):
        return
    if table.names == first.names:
        if isinstance(table, Parquet) and isinstance(first, Parquet):
            table.check_types_of(first, first_file)
        return
    more = [name for name in table.names if name not in first.names]
    fewer = [name for name in first.names if name not in table.names]
    told = [f"it has {quoted_list(more)}"] if more else []
    told += [f"it lacks {quoted_list(fewer)}"] if fewer else []
    told = told or [f"its order is {quoted_list(table.names)}"]
    raise InputError(
        f"{file}: its columns are not those of {first_file}: {' and '.join(told)}; parts of one "
        "folder must have the same columns"
    )
