"""What Ray's workers do for the command line: read chunks of files, answer them, write parts.

An `InputError` travels as a value: Ray would wrap it in traces of its own.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from attnpool.bulk.outputs import PartWriter
from attnpool.bulk.parts import NEW, Part, part_name
from attnpool.bulk.step import Step
from attnpool.data import Limit, Rows, RowStream
from attnpool.errors import InputError
from attnpool.integrations.ray.library import pyarrow as pa
from attnpool.persistence.atomic import not_written

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, and which of its chunks are to be answered.

    Attributes:
        made_of: What makes the stream of its rows.
        limit: How large its chunks are.
        wanted: The place of each chunk in the file, from 0, and the number of its part.
    """

    made_of: tuple[Any, Any]
    limit: Limit
    wanted: Mapping[int, int]

    def chunks(self) -> Iterator[tuple[int, Rows]]:
        """The chunks, each with the number of its part.

        Raises:
            InputError: The file has changed meanwhile.
        """
        left = dict(self.wanted)
        for place, chunk in enumerate(RowStream(*self.made_of).chunks(self.limit)):
            if (number := left.pop(place, None)) is not None:
                yield number, chunk
            if not left:
                return
        raise InputError(f"{self.made_of[0][0][1]} has changed meanwhile; begin anew")


def read(pieces: pa.Table) -> Iterator[pa.Table]:
    """The chunks of files, one a table.

    Args:
        pieces: Pickled pieces.
    """
    for piece in pieces["piece"].to_pylist():
        try:
            for number, chunk in pickle.loads(piece).chunks():  # noqa: S301 - of the asking process
                yield pa.table({"number": [number], "chunk": [pickle.dumps(chunk)], "fault": [""]})
        except InputError as error:
            yield pa.table({"number": [0], "chunk": [b""], "fault": [str(error)]})


def written(step: Step, number: int, rows: Rows) -> Part:
    """Answer some rows and write the part, unless workers died of it before.

    Args:
        step: What is done.
        number: The number of the part.
        rows: The rows.

    Raises:
        InputError: It cannot be written, or workers died of it.
    """
    assert isinstance(step.piece, PartWriter)  # noqa: S101 - only into a folder
    name = part_name(number, step.suffix)
    tried = step.piece.folder / f"{NEW}-tries-{name}"
    try:
        with tried.open("ab") as file:
            file.write(b".")
        again = tried.stat().st_size > _TRIES
    except OSError as error:
        raise not_written(tried.with_name(name), error) from None
    if again:  # Ray would begin it anew for ever
        raise InputError(
            f"{_TRIES} workers ended before they had answered {name}; they may have run out of "
            "memory: use fewer workers"
        )
    part: Part = step(number, rows)
    tried.unlink(missing_ok=True)
    return part


class WritingActor:
    """What an actor runs.

    Args:
        step: What is done with each chunk.
    """

    def __init__(self, step: Step) -> None:
        self._step = step

    def __call__(self, chunks: pa.Table) -> pa.Table:
        """Write a part for each chunk; what is known of each."""
        return pa.Table.from_pylist([self._written(row) for row in chunks.to_pylist()])

    def _written(self, row: dict[str, Any]) -> dict[str, Any]:
        fault, part, rows = row["fault"], Part("", 0, ""), 0
        if not fault:
            try:
                chunk = pickle.loads(row["chunk"])  # noqa: S301 - of another worker
                part, rows = written(self._step, row["number"], chunk), len(chunk)
            except InputError as error:
                fault = str(error)
        return {**part._asdict(), "rows": rows, "fault": fault}
