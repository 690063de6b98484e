"""`Source`: texts and labels as they stand in a file, before they are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.bad_rows import BadRows
    from attnpool.data.rows import Reading


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read.

    Attributes:
        path: The file, or a folder that a named set reads as a whole.
        file: The path as the user named it.
        reading: How to read it.
        labelled: Whether every row must have a label and texts.
        bad: Where bad rows go.
    """

    path: Path
    file: str
    reading: Reading
    labelled: bool
    bad: BadRows


@dataclass(frozen=True, slots=True)
class Source:
    """Rows on their way.

    Attributes:
        texts: A name for each text column, for messages; "" where it has none.
        label: The name of the label column, "" where it has none; None if there is no label.
        rows: The number of each row, or the name of its own file, and its values: the texts,
            then the label if there is one.
        names: From labels in the file to label names; None: labels are names already.
        frame: Reads the rows of these numbers again, with all their columns as they stand; None
            where there is no table.
    """

    texts: tuple[str, ...]
    label: str | None
    rows: Iterator[tuple[int | str, tuple[str, ...]]]
    names: Mapping[str, str] | None = None
    frame: Callable[[Sequence[int]], pl.DataFrame] | None = None
