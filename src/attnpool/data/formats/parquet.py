"""Parquet files, of which polars reads only the columns that are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.data.formats.forks import check_polars
from attnpool.data.formats.jsonlines import as_text, one_label
from attnpool.data.table import Source
from attnpool.errors import InputError, require
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.bad_rows import BadRows
    from attnpool.data.table import Row


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
        InputError: If the file is not Parquet or is damaged.
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
        import polars as pl

        self._path = path
        self._file = file
        check_polars(file)
        self.label: int | None = None
        # An open file: polars would take a path for a pattern or an address.
        with path.open("rb") as raw:
            try:
                self._types = dict(pl.read_parquet_schema(raw))
            except (Exception, pl.exceptions.PanicException) as error:
                raise self._damaged() from error
        self.names = tuple(self._types)

    def rows(self, columns: Sequence[int], bad: BadRows) -> Iterator[Row]:
        """The rows of these columns; those with several labels go to `bad`.

        Raises:
            InputError: If a column does not hold text, numbers, booleans or categories.
        """
        names = [self.names[column] for column in columns]
        listed = self._listed_label()
        for name in names:
            if name != listed:
                self._check_type(name)
        frame = self._read(sorted(set(names)))
        reasons: dict[int, str] = {}
        values = [
            _texts(frame.get_column(name))
            if name != listed
            else _unlisted(frame.get_column(name), reasons)
            for name in names
        ]
        del frame
        # The record is the number of the row: other columns are read only if `frame` needs them.
        for number, row in enumerate(zip(*values, strict=True), 1):
            if bad.labelled and number in reasons:
                bad.add(number, reasons[number])
            else:
                yield number, row, number

    def _listed_label(self) -> str | None:
        """The name of the label, if it is a column of lists."""
        if self.label is None:
            return None
        name = self.names[self.label]
        inner = getattr(self._types[name], "inner", None)
        return None if inner is None or inner.is_nested() else name

    def frame(self, records: Sequence[int]) -> pl.DataFrame:
        """The rows of these numbers with all their columns, of any type."""
        frame = self._read(None)
        return frame if len(records) == frame.height else frame[[n - 1 for n in records]]

    def _read(self, columns: list[str] | None) -> pl.DataFrame:
        import polars as pl

        try:
            with self._path.open("rb") as raw:
                return pl.read_parquet(raw, columns=columns, use_pyarrow=False)
        except (Exception, pl.exceptions.PanicException) as error:
            raise self._damaged() from error

    def _check_type(self, name: str) -> None:
        kind = self._types[name]
        if kind.is_nested() or str(kind) in {"Binary", "Object"}:
            raise InputError(
                f"{self._file}: the column {quoted(name)} holds {kind}, not text; "
                "name another column with --text or --label"
            )

    def _damaged(self) -> InputError:
        return InputError(f"{self._file}: not a Parquet file, or a damaged one; write it again")


def _texts(column: pl.Series) -> list[str]:
    import polars as pl

    if column.dtype.is_float():
        return [as_text(value) for value in column]
    return column.cast(pl.String).fill_null("").to_list()


def _unlisted(column: pl.Series, reasons: dict[int, str]) -> list[str]:
    """The labels of a column of lists; what is wrong with a row is added to `reasons`."""
    labels = []
    for number, values in enumerate(column.to_list(), 1):
        label, reason = one_label([as_text(value) for value in values or ()])
        labels.append(label)
        if reason:
            reasons[number] = reason
    return labels
