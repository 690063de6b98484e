"""The local engine: rows in, rows with answers out, a chunk at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from attnpool._version import __version__
from attnpool.bulk.answers import as_lists, compact, token_type
from attnpool.bulk.workers import answered
from attnpool.data import Limit
from attnpool.data.formats.frames import Frame
from attnpool.errors import InputError
from attnpool.progress import Progress
from attnpool.tables import with_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from attnpool.bulk.answers import Answers
    from attnpool.bulk.outputs import Output
    from attnpool.bulk.predictor import Predictor
    from attnpool.bulk.survey import Survey
    from attnpool.data import Rows, RowStream
    from attnpool.data.formats.frames import Originals

LIMIT = Limit(rows=100_000, characters=1 << 23)
"""So much is answered at a time: a chunk of short texts takes some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Job:
    """Rows to be answered.

    Attributes:
        predictor: What answers.
        rows: The rows.
        survey: What is known of them.
        suffix: The format in which they are written.
        limit: How many are answered at a time.
    """

    predictor: Predictor
    rows: RowStream
    survey: Survey
    suffix: str
    limit: Limit

    def run(self, output: Output, workers: int, progress: Progress | None = None) -> None:
        """Answer all rows, but those that a run before has answered.

        Args:
            output: Where they go.
            workers: How many processes answer; 1: this one.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: A file has changed meanwhile, a process ended, or an output cannot be
                written.
        """
        with (progress or Progress()).bar("predicting", self.survey.count, "rows") as advance:

            def left() -> Iterator[tuple[tuple[int, Rows], list[Any]]]:
                for number, chunk in enumerate(self._chunks()):
                    if output.has(number):
                        advance(len(chunk))
                    else:
                        yield (number, chunk), chunk.items

            for (number, chunk), answers in answered(self.predictor, left(), workers):
                output.write(number, answered_chunk(chunk, answers, self.suffix, self.survey.kinds))
                advance(len(chunk))
                del chunk, answers  # before the next are made
            output.finish()

    def _chunks(self) -> Iterator[Rows]:
        """The chunks that have rows, which are those that the survey has seen."""
        known = chain.from_iterable(self.survey.chunks.values())
        for chunk in self.rows.chunks(self.limit):
            if len(chunk) != next(known, None):
                raise InputError(f"{chunk.file} has changed since all rows were read; begin anew")
            if len(chunk):
                yield chunk


def answered_chunk(
    chunk: Rows, answers: Answers, suffix: str, kinds: Mapping[str, type] | None
) -> Originals:
    """Some rows of a table with all their columns and the answers behind them.

    Args:
        chunk: The rows.
        answers: The answers.
        suffix: The format in which they are written.
        kinds: What the columns of the table hold, where only the rows tell; else None.
    """
    frame = chunk.originals
    assert frame is not None  # noqa: S101 - they were asked for
    if kinds is not None and isinstance(frame, Frame):
        frame = frame.like(kinds)
    return answered_table(frame, answers, suffix)


def answered_table(frame: Originals, answers: Answers, suffix: str) -> Originals:
    """All columns and the answers behind them.

    Parquet holds the columns of tokens as lists of uint32 and float16.

    Args:
        frame: The rows.
        answers: The answers.
        suffix: The format in which they are written.
    """
    if suffix == ".parquet":
        return with_columns(frame, _series(compact(answers)), suffix)
    if isinstance(frame, Frame):
        return with_columns(frame, as_lists(answers), suffix)
    return with_columns(frame, _series(answers), suffix)


def _series(columns: Answers) -> dict[str, Any]:
    """The columns with types of their own: of a first row without tokens none could be guessed."""
    import polars as pl

    types: dict[Any, Any] = {np.uint32: pl.UInt32, np.float16: pl.Float16}
    found = {}
    for name, column in columns.items():
        if token_type(name) is None:
            found[name] = pl.Series(name, column)
            continue
        # As lists: from arrays polars makes each row a series of its own, which takes far longer.
        values = [value.tolist() for value in column]
        first = column[0] if len(column) else np.zeros(0)
        kind = types.get(first.dtype.type)
        wide = pl.Int64 if first.dtype.kind in "iu" else pl.Float64
        series = pl.Series(name, values, dtype=_listed(wide, first.ndim))
        found[name] = series if kind is None else series.cast(_listed(kind, first.ndim))
    return found


def _listed(kind: Any, depth: int) -> Any:
    """The type of lists of a kind of values, or of lists of lists: the weights of several heads."""
    import polars as pl

    for _ in range(depth):
        kind = pl.List(kind)
    return kind


def identity(rows: RowStream, limit: Limit, model: Path, options: dict[str, Any]) -> dict[str, Any]:
    """What a run is, to know it again: another has other answers.

    Args:
        rows: What is read.
        limit: How many rows are answered at a time.
        model: The folder or the compact file of the model.
        options: What else changes what is written.
    """
    config = model / "config.json" if model.is_dir() else model
    with config.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    files = []
    for path, _ in rows.places:
        found = path.stat()
        files.append([path.name, found.st_size, found.st_mtime_ns])
    return {
        "version": __version__,
        "model": digest,
        "data": files,
        "options": {**options, "limit": list(limit)},
    }
