"""A data frame of polars to lines of CSV, rows of JSON, cells, and Parquet, in its own types."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from attnpool.tables.formulas import as_text
from attnpool.tables.plain import ROWS, as_cell

if TYPE_CHECKING:
    import polars as pl


class PolarsTable:
    """What was read from a Parquet or Excel file, or becomes a Parquet file.

    Args:
        frame: The table.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self.names = frame.columns

    def csv_pieces(
        self, separator: str, *, safe: bool = False, header: bool = True
    ) -> Iterator[str]:
        """The lines.

        Args:
            separator: What is between two fields.
            safe: Whether no text is a formula to a spreadsheet.
            header: Whether the names come first.
        """
        import polars as pl

        frame = self._with_cells(nested=False)
        if safe:
            frame = _without_formulas(frame)
        if safe and header:
            # A row of its own: two names may become one, which a frame cannot have.
            names = {str(i): [as_text(name)] for i, name in enumerate(frame.columns)}
            yield pl.DataFrame(names).write_csv(
                include_header=False, separator=separator, quote_style="non_numeric"
            )
        for start in range(0, max(frame.height, 1), ROWS):
            part = frame[start : start + ROWS]
            yield part.write_csv(
                include_header=header and not (start or safe),
                separator=separator,
                quote_style="non_numeric" if safe else "necessary",
            )

    def json_rows(self) -> Iterator[dict[str, Any]]:
        """The rows as JSON holds them."""
        return _finite(self._frame).iter_rows(named=True)

    def cell_rows(self) -> Iterator[Sequence[Any]]:
        """The rows as a sheet holds them."""
        return _finite(self._with_cells(nested=False)).iter_rows()

    def write_parquet(self, out: BinaryIO) -> None:
        """Write the table as Parquet; values of several types in a column as strings.

        Raises:
            OSError: The file cannot be written.
        """
        with system_errors():
            self._with_cells(nested=True).write_parquet(out)

    def _with_cells(self, *, nested: bool) -> pl.DataFrame:
        """Columns of Python objects, and unless `nested` lists and objects too, as strings."""
        import polars as pl

        as_text = [
            pl.Series(
                name, [as_cell(value) for value in self._frame[name].to_list()], dtype=pl.String
            )
            for name, kind in self._frame.schema.items()
            if kind == pl.Object or (not nested and (kind.is_nested() or _unwritable(kind)))
        ]
        return self._frame.with_columns(as_text)


@contextmanager
def system_errors() -> Iterator[None]:
    """Errors of the system that polars hides in messages of its own."""
    import polars as pl

    try:
        yield
    except pl.exceptions.PolarsError as error:
        code = re.search(r"\(os error (\d+)\)", str(error))
        if code is None:
            raise
        raise OSError(int(code[1]), os.strerror(int(code[1]))) from None


def _without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame whose texts are no formulas to a spreadsheet."""
    import polars as pl

    texts = frame.select(pl.col(pl.String, pl.Categorical, pl.Enum).cast(pl.String))
    return frame.with_columns(
        pl.Series(c.name, [v and as_text(v) for v in c.to_list()], dtype=pl.String) for c in texts
    )


def _finite(frame: pl.DataFrame) -> pl.DataFrame:
    """JSON has no NaN and no infinity: null."""
    import polars as pl

    floats = [pl.col(name) for name, kind in frame.schema.items() if kind.is_float()]
    return frame.with_columns(
        [pl.when(c.is_finite()).then(c).alias(c.meta.output_name()) for c in floats]
    )


def _unwritable(kind: pl.DataType) -> bool:
    return str(kind).startswith(("Binary", "Duration"))
