"""Parquet files, of which polars reads only the columns that are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.data.formats.forks import check_polars
from attnpool.data.formats.jsonlines import as_text
from attnpool.data.table import Source
from attnpool.errors import InputError
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
        import polars as pl

        self._path = path
        self._file = file
        check_polars(file)
        # An open file: polars would take a path for a pattern or an address.
        with path.open("rb") as raw:
            try:
                self._types = dict(pl.read_parquet_schema(raw))
            except (Exception, pl.exceptions.PanicException) as error:
                raise self._damaged() from error
        self.names = tuple(self._types)

    def rows(
        self,
        columns: Sequence[int],
        bad: BadRows,  # noqa: ARG002 (no single row of a Parquet file is malformed)
    ) -> Iterator[Row]:
        """The rows of these columns.

        Raises:
            InputError: If a column does not hold text, numbers, booleans or categories.
        """
        names = [self.names[column] for column in columns]
        for name in names:
            self._check_type(name)
        frame = self._read(sorted(set(names)))
        values = [_texts(frame.get_column(name)) for name in names]
        del frame
        # The record is the number of the row: other columns are read only if `frame` needs them.
        for number, row in enumerate(zip(*values, strict=True), 1):
            yield number, row, number

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
