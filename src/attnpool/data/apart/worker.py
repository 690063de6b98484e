"""The process that reads a Parquet file or a workbook; it is run as a script and knows no attnpool.

It answers each request, a line of JSON, by a line of JSON and data frames in Arrow's format. What
it cannot do ends it. Its memory is bounded, where the system can.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import polars as pl

TITLES = 20  # so many rows of a sheet may be above the header
CELL = 16  # bytes that any value takes at least
TOO_LARGE = 3  # the exit status for what holds too much
NO_MEMORY = 4  # and for what there is no room for


class ParquetFile:
    """The rows of a Parquet file.

    Args:
        path: The file.
        most: The most bytes that its values may take.
    """

    def __init__(self, path: str, most: int) -> None:
        # A name alone: polars would take a path for a pattern, or a folder of parts.
        self._scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        self._left = self._most = most

    def schema(self) -> tuple[int, list[pl.DataFrame]]:
        """The number of rows, and a frame without any."""
        rows = self._scan.select(pl.len()).collect().item()
        return rows, [pl.DataFrame(schema=self._scan.collect_schema())]

    def rows(
        self, columns: list[str] | None, first: int, count: int
    ) -> tuple[None, list[pl.DataFrame]]:
        """Some rows of these columns; None: of all."""
        scan = self._scan if columns is None else self._scan.select(columns)
        frame = scan.slice(first, count).collect()
        if first == 0:
            self._left = self._most
        self._left = _spent(frame, self._left)
        return None, [frame]


class Workbook:
    """The sheets of a workbook.

    Args:
        path: The file.
        most: The most bytes that the cells of a sheet may take.
    """

    def __init__(self, path: str, most: int) -> None:
        import fastexcel

        self._most = most
        self._book = fastexcel.read_excel(Path(path).read_bytes())
        self._error = fastexcel.FastExcelError

    def tops(self) -> tuple[list[str], list[pl.DataFrame]]:
        """The first rows of each sheet that a reader of the workbook sees; of all if he sees none.

        They are strings, and begin with the first row that is not empty.
        """
        names = self._book.sheet_names
        shown = [n for n in names if self._book.load_sheet(n, n_rows=0).visible == "visible"]
        return shown or names, [
            _numbered(
                self._book.load_sheet(
                    name, header_row=None, n_rows=TITLES + 1, dtypes="string"
                ).to_polars()
            )
            for name in shown or names
        ]

    def columns(self, sheet: str, header: int | None) -> tuple[None, list[pl.DataFrame]]:
        """The columns in their types; as strings where these would lose a cell.

        The reader takes cells such as N/A in a column of numbers for empty ones, and refuses
        columns of durations and texts.
        """
        options: dict[str, Any] = {"header_row": header, "schema_sample_rows": None}
        texts = _numbered(self._book.load_sheet(sheet, dtypes="string", **options).to_polars())
        _spent(texts, self._most)
        try:
            typed = _numbered(self._book.load_sheet(sheet, **options).to_polars())
        except self._error:
            return None, [texts]
        kept = [
            column if column.null_count() <= text.null_count() else text
            for column, text in zip(typed, texts, strict=True)
        ]
        return None, [pl.DataFrame(kept)]


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns named by number: their own names need not differ."""
    frame.columns = [str(i) for i in range(frame.width)]
    return frame


def _spent(frame: pl.DataFrame, left: int) -> int:
    """What is left of so many bytes after these values; nothing ends the process."""
    left -= sum(map(_bytes, frame))
    if left < 0:
        sys.exit(TOO_LARGE)
    return left


def _bytes(column: pl.Series) -> int:
    """What the values of a column take at most, each as a value of its own."""
    kind = column.dtype
    total = CELL * len(column)
    if kind in (pl.List, pl.Array):
        total += _bytes(column.explode())
    elif kind == pl.Struct:
        total += sum(_bytes(column.struct.field(name)) for name in column.struct.fields)
    elif kind in (pl.Categorical, pl.Enum):  # a row has a number, and a string where it is read
        counts = column.value_counts(name="count")
        lengths = counts.get_column(column.name).cast(pl.String).str.len_bytes()
        total += int((lengths.cast(pl.Int64) * counts.get_column("count").cast(pl.Int64)).sum())
    elif kind == pl.String:
        total += int(column.str.len_bytes().cast(pl.Int64).sum())
    elif kind == pl.Binary:
        total += int(column.bin.size().cast(pl.Int64).sum())
    return total


def main() -> None:
    """Answer requests until there are no more."""
    kind, path, most, memory = sys.argv[1:]
    _bound(int(memory))
    # What libraries print has no place among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answers.write(b"begun\n")
    answers.flush()
    reader: Any = {"parquet": ParquetFile, "excel": Workbook}[kind](path, int(most))
    for line in sys.stdin.buffer:
        name, arguments = json.loads(line)
        value, frames = getattr(reader, name)(**arguments)
        packed = []
        for frame in frames:
            buffer = io.BytesIO()
            frame.write_ipc(buffer)
            packed.append(buffer.getbuffer())
        head = {"value": value, "sizes": [len(one) for one in packed]}
        answers.write(json.dumps(head).encode() + b"\n")
        for one in packed:
            answers.write(one)
        answers.flush()


def _bound(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or memory < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(NO_MEMORY)
