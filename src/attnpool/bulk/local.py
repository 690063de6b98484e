"""The local engine: rows in, rows with answers out, a chunk at a time."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool._version import __version__
from attnpool.bulk.predictor import model_digest
from attnpool.bulk.step import Step
from attnpool.bulk.workers import worked
from attnpool.data import Limit
from attnpool.errors import InputError
from attnpool.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attnpool.bulk.outputs import Output
    from attnpool.bulk.predictor import Predictor
    from attnpool.bulk.survey import Survey
    from attnpool.data import Rows, RowStream

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

    def run(self, output: Output[Any], workers: int, progress: Progress | None = None) -> None:
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

            def left() -> Iterator[tuple[int, Rows]]:
                for number, chunk in enumerate(self._chunks()):
                    if output.has(number):
                        advance(len(chunk))
                    else:
                        yield number, chunk

            with closing(worked(self.step(output), left(), workers)) as pieces:
                for count, piece in pieces:
                    output.add(piece)
                    advance(count)
            output.finish()

    def step(self, output: Output[Any]) -> Step:
        """What is done with each chunk.

        Args:
            output: Where the answers go.
        """
        kinds = None if self.survey.kinds is None else dict(self.survey.kinds)
        return Step(self.predictor, self.suffix, kinds, output.piece)

    def _chunks(self) -> Iterator[Rows]:
        """The chunks that have rows, which are those that the survey has seen."""
        known = chain.from_iterable(self.survey.chunks.values())
        for chunk in self.rows.chunks(self.limit):
            if len(chunk) != next(known, None):
                raise InputError(f"{chunk.file} has changed since all rows were read; begin anew")
            if len(chunk):
                yield chunk
        if next(known, None) is not None:
            raise InputError(
                f"{self.rows.places[-1][1]} has changed since all rows were read; begin anew"
            )


def identity_of(
    rows: RowStream, limit: Limit, model: Path, options: dict[str, Any]
) -> dict[str, Any]:
    """What a run is, to know it again: another has other answers.

    Args:
        rows: What is read.
        limit: How many rows are answered at a time.
        model: The folder or the compact file of the model.
        options: What else changes what is written.
    """
    return {
        "version": __version__,
        "model": model_digest(model),
        "data": [list(file) for file in rows.state()],
        "options": {**options, "limit": list(limit)},
    }
