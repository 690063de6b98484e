"""What Ray's workers do for the command line: read chunks of files, answer them, write parts.

An `InputError` travels as a value: Ray would wrap it in traces of its own.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attnpool.bulk import Predictor
from attnpool.bulk.local import answered_chunk
from attnpool.bulk.parts import NEW, record, write_part
from attnpool.data import Limit, Rows, RowStream
from attnpool.errors import InputError
from attnpool.integrations.ray.library import pyarrow as pa
from attnpool.persistence.atomic import not_written
from attnpool.tables import TextForm, write_table

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, and which of its chunks are to be answered.

    Attributes:
        made_of: What makes the stream of its rows.
        limit: How large its chunks are.
        wanted: The place of each chunk in the file, from 0, and the name of its part.
    """

    made_of: tuple[Any, Any]
    limit: Limit
    wanted: Mapping[int, str]

    def chunks(self) -> Iterator[tuple[str, Rows]]:
        """The chunks, each with the name of its part.

        Raises:
            InputError: The file has changed meanwhile.
        """
        left = dict(self.wanted)
        for place, chunk in enumerate(RowStream(*self.made_of).chunks(self.limit)):
            if (name := left.pop(place, None)) is not None:
                yield name, chunk
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
            for name, chunk in pickle.loads(piece).chunks():  # noqa: S301 - of the asking process
                yield pa.table({"part": [name], "chunk": [pickle.dumps(chunk)], "fault": [""]})
        except InputError as error:
            yield pa.table({"part": [""], "chunk": [b""], "fault": [str(error)]})


@dataclass(frozen=True, slots=True)
class Writing:
    """What writes parts.

    Attributes:
        predictor: What answers.
        kinds: What the columns hold, where only the rows tell; else None.
        folder: Where the parts are.
        suffix: What their names end in.
        form: How text files are written.
        run: What the folder holds of the run, as it was begun.
    """

    predictor: Predictor
    kinds: Mapping[str, type] | None
    folder: Path
    suffix: str
    form: TextForm
    run: Mapping[str, Any]

    def write(self, name: str, chunk: Rows) -> dict[str, Any]:
        """Answer some rows and write the part; what is known of it.

        Raises:
            InputError: It cannot be written, workers died of it, or another run has begun since.
        """
        tried = self.folder / f"{NEW}-tries-{name}"
        try:
            with tried.open("ab") as file:
                file.write(b".")
            again = tried.stat().st_size > _TRIES
        except OSError as error:
            raise not_written(self.folder / name, error) from None
        if again:  # Ray would begin it anew for ever
            raise InputError(
                f"{_TRIES} workers ended before they had answered {name}; they may have run out "
                "of memory: use fewer workers"
            )
        answers = self.predictor.answers(chunk.items)
        table = answered_chunk(chunk, answers, self.suffix, self.kinds)

        def fill(new: Path) -> None:
            write_table(table, new, self.folder, self.form)
            if record(self.folder) != self.run:  # this worker was taken for dead, and is not
                raise InputError(f"{self.folder}: another run is writing to it")

        part = write_part(self.folder / name, fill)
        tried.unlink(missing_ok=True)
        return {**part._asdict(), "rows": len(chunk), "fault": ""}


class WritingActor:
    """What an actor runs.

    Args:
        writing: What writes parts.
    """

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    def __call__(self, chunks: pa.Table) -> pa.Table:
        """Write a part for each chunk; what is known of each."""
        return pa.Table.from_pylist([self._written(row) for row in chunks.to_pylist()])

    def _written(self, row: dict[str, Any]) -> dict[str, Any]:
        fault = row["fault"]
        if not fault:
            try:
                chunk = pickle.loads(row["chunk"])  # noqa: S301 - of another worker
                return self._writing.write(row["part"], chunk)
            except InputError as error:
                fault = str(error)
        return {"part": row["part"], "bytes": 0, "sha256": "", "rows": 0, "fault": fault}
