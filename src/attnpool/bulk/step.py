"""`Step`: what is done with some rows, in whichever process: they are answered and written."""

# A process is told how many threads it has before any library is imported: see `workers`.
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from attnpool.bulk.answers import Answers
    from attnpool.bulk.predictor import Predictor
    from attnpool.data import Rows
    from attnpool.data.formats.frames import Originals


@dataclass(frozen=True, slots=True)
class Step:
    """Answers some rows and makes a piece of the output of them.

    Attributes:
        predictor: What answers.
        suffix: The format in which they are written.
        kinds: What the columns of the table hold, where only the rows tell; else None.
        piece: Makes a piece of the number of some rows and a table with all their columns and the
            answers behind them.
    """

    predictor: Predictor
    suffix: str
    kinds: Mapping[str, type] | None
    piece: Callable[[int, Originals], Any]

    def __call__(self, number: int, rows: Rows) -> Any:
        """The piece.

        Args:
            number: The number of these rows among all that are worked on, from 0.
            rows: The rows, with all their columns.

        Raises:
            InputError: There is no model, or the piece cannot be written.
        """
        from attnpool.data.formats.frames import Frame

        answers, frame = self.predictor.answers(rows.items), rows.originals
        assert frame is not None  # noqa: S101 - they were asked for
        if self.kinds is not None and isinstance(frame, Frame):
            frame = frame.like(self.kinds)
        return self.piece(number, answered_table(frame, answers, self.suffix))


def answered_table(frame: Originals, answers: Answers, suffix: str) -> Originals:
    """All columns and the answers behind them.

    Parquet holds the columns of tokens as lists of uint32 and float16.

    Args:
        frame: The rows.
        answers: The answers.
        suffix: The format in which they are written.
    """
    from attnpool.bulk.answers import as_lists, compact
    from attnpool.data.formats.frames import Frame
    from attnpool.tables import with_columns

    if suffix == ".parquet":
        return with_columns(frame, _series(compact(answers)), suffix)
    if isinstance(frame, Frame):
        return with_columns(frame, as_lists(answers), suffix)
    return with_columns(frame, _series(answers), suffix)


def _series(columns: Answers) -> dict[str, Any]:
    """The columns with types of their own: of a first row without tokens none could be guessed."""
    import numpy as np
    import polars as pl

    from attnpool.bulk.answers import token_type

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
