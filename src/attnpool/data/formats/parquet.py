"""Parquet files, of which a process of its own reads the columns that are wanted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attnpool.data.apart import ReaderApart
from attnpool.data.formats.forks import check_polars
from attnpool.data.formats.jsonlines import as_text, one_label
from attnpool.data.table import Malformed, Source
from attnpool.errors import InputError, require
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.table import Row

_ROWS, _BYTES = 1 << 16, 1 << 25  # so much is read at a time
_FIRST = 1 << 10  # rows, by which the size of others is known


class Parquet:
    """A Parquet file.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: Not used: text in Parquet is always UTF-8.

    Attributes:
        names: The names of the columns.
        label: The position of the label, which may be in a list of one; None: of no column.

    Raises:
        InputError: If the file is not Parquet, is damaged, or unpacks to too much.
    """

    unit = "row"
    source = Source()

    def __init__(
        self,
        path: Path,
        file: str,
        encoding: str | None,  # noqa: ARG002 (every format is opened with the same arguments)
    ) -> None:
        require(f"{file}: reading Parquet files", "polars")
        self._file = file
        check_polars(file)
        self.label: int | None = None
        self._reader = ReaderApart("parquet", path, file)
        self._count, [schema] = self._reader.ask("schema")
        self._types = dict(schema.schema)
        self.names = tuple(self._types)

    def rows(self, columns: Sequence[int], *, labelled: bool) -> Iterator[Row | Malformed]:
        """The rows of these columns; several labels make one malformed where labels are needed.

        Raises:
            InputError: If a column does not hold text, numbers, booleans or categories.
        """
        names = [self.names[column] for column in columns]
        listed = self._listed_label()
        for name in names:
            if name != listed:
                self._check_type(name)
        before = 0
        for part in self._parts(sorted(set(names))):
            reasons: dict[int, str] = {}
            values = [
                _texts(part.get_column(name))
                if name != listed
                else _unlisted(part.get_column(name), reasons, before + 1)
                for name in names
            ]
            # The record is the number of the row: `frame` alone reads other columns.
            for number, row in enumerate(zip(*values, strict=True), before + 1):
                if labelled and number in reasons:
                    yield Malformed(number, reasons[number])
                else:
                    yield number, row, number
            before += part.height

    def _listed_label(self) -> str | None:
        """The name of the label, if it is a column of lists."""
        if self.label is None:
            return None
        name = self.names[self.label]
        inner = getattr(self._types[name], "inner", None)
        return None if inner is None or inner.is_nested() else name

    def frame(self, records: Sequence[int]) -> pl.DataFrame:
        """The rows of these numbers with all their columns, of any type."""
        import polars as pl

        if not records:
            return self._reader.ask("schema")[1][0]
        first, end = min(records) - 1, max(records)
        frame = pl.concat(self._parts(None, first, end))
        return frame if len(records) == frame.height else frame[[n - 1 - first for n in records]]

    @cached_property
    def row_size(self) -> int:
        """The bytes of a row with all its columns: the mean of the first rows."""
        _, [part] = self._reader.ask("rows", columns=None, first=0, count=min(_FIRST, self._count))
        return int(part.estimated_size() // max(1, part.height))

    def check_types_of(self, first: Parquet, first_file: str) -> None:
        """Refuse columns whose types are not those of another part.

        Raises:
            InputError: One is not.
        """
        for name, kind in first._types.items():
            if self._types[name] != kind:
                raise InputError(
                    f"{self._file}: its columns are not those of {first_file}: {quoted(name)} "
                    f"holds {self._types[name]}, not {kind}; parts of one folder must have the "
                    "same columns"
                )

    def _parts(
        self, columns: list[str] | None, first: int = 0, end: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """The rows, some at a time: what is not held at once takes no memory."""
        end, count = self._count if end is None else end, _FIRST
        while first < end:
            count = min(count, end - first)
            _, [part] = self._reader.ask("rows", columns=columns, first=first, count=count)
            yield part
            first += count
            count = _as_many(part)

    def _check_type(self, name: str) -> None:
        kind = self._types[name]
        if kind.is_nested() or str(kind) in {"Binary", "Object"}:
            raise InputError(
                f"{self._file}: the column {quoted(name)} holds {kind}, not text; "
                "name another column with --text or --label"
            )


def _texts(column: pl.Series) -> list[str]:
    import polars as pl

    if column.dtype.is_float():
        return [as_text(value) for value in column]
    return column.cast(pl.String).fill_null("").to_list()


def _unlisted(column: pl.Series, reasons: dict[int, str], first: int) -> list[str]:
    """The labels of a column of lists; what is wrong with a row is added to `reasons`."""
    labels = []
    for number, values in enumerate(column.to_list(), first):
        label, reason = one_label([as_text(value) for value in values or ()])
        labels.append(label)
        if reason:
            reasons[number] = reason
    return labels


def _as_many(part: pl.DataFrame) -> int:
    """How many rows like these are read at a time."""
    size = part.estimated_size() / max(1, part.height)
    return max(1, min(_ROWS, int(_BYTES / max(1.0, size))))
