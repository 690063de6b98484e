"""`Pieces`: the rows of a file cut into runs that memory holds; `Limit`: how long these are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from attnpool.data.formats.parquet import Parquet
from attnpool.data.table import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attnpool.data.bad_rows import BadRows
    from attnpool.data.fitting import Fitted
    from attnpool.data.table import Row


class Limit(NamedTuple):
    """How many rows are read at a time.

    Attributes:
        rows: The most rows, bad ones too.
        characters: A row that brings the texts to so many is the last. Where all columns are kept
            these count: of a text file their characters, of Parquet the mean of the first rows in
            bytes.
    """

    rows: int
    characters: int


class Pieces:
    """An iterator cut into iterators of some rows each.

    Args:
        rows: The rows.
        limit: How many each has.
        fitted: Their columns.
        bad: Is told whether rows are left.
        originals: Whether their records count as well as their texts.
    """

    def __init__(
        self,
        rows: Iterator[Row | Malformed],
        limit: Limit,
        fitted: Fitted,
        bad: BadRows,
        *,
        originals: bool,
    ) -> None:
        self._source = rows
        self._bad = bad
        self._originals = originals
        self._limit = limit
        self._texts = len(fitted.columns.text)
        table = fitted.table
        self._row_size = table.row_size if originals and isinstance(table, Parquet) else 0
        bad.ended = False

    def __iter__(self) -> Iterator[Iterator[Row | Malformed]]:
        while not self._bad.ended:
            yield self._piece()

    def _piece(self) -> Iterator[Row | Malformed]:
        characters, texts, limit, size = 0, self._texts, self._limit, self._row_size
        for count, row in enumerate(self._source, 1):
            yield row
            if not isinstance(row, Malformed):
                own = sum(map(len, row[1][:texts]))
                characters += max(own, _characters(row[2]), size) if self._originals else own
            if count >= limit.rows or characters >= limit.characters:
                return
        self._bad.ended = True


def _characters(record: Any) -> int:
    """How many characters the fields of a record have; 0 where it is only the number of a row."""
    if isinstance(record, dict):
        record = record.values()
    elif not isinstance(record, list | tuple):
        return 0
    return sum(len(field) for field in record if isinstance(field, str))
