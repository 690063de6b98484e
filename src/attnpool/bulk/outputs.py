"""Where answers go as they come: a file, a folder of parts, or a stream."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, TypeVar

from attnpool.bulk.parts import Part, begun_at, part_name, write_part
from attnpool.errors import InputError
from attnpool.persistence.atomic import replace_file
from attnpool.tables import TextForm, join_parquet, write_lines, write_table

if TYPE_CHECKING:
    from attnpool.bulk.parts import Parts
    from attnpool.data.formats.frames import Originals

P = TypeVar("P")


class Output(Protocol[P]):
    """Takes pieces in the order of their numbers, from 0."""

    @property
    def piece(self) -> Callable[[int, Originals], P]:
        """Makes a piece of its number and a table, in whichever process."""

    def has(self, number: int) -> bool:
        """Whether a piece was written by a run before."""

    def add(self, piece: P) -> None:
        """Take the next piece."""

    def finish(self) -> None:
        """All have come."""


@dataclass(frozen=True, slots=True)
class PartWriter:
    """Writes a table as a part, in whichever process.

    Attributes:
        folder: The folder of the parts.
        name: The output in messages.
        suffix: What the names of parts end in.
        form: How text files are written.
        whole: Whether each part is a file of its own: else of those of text the first has the
            header.
        begun: When the run began; see `begun_at`.
    """

    folder: Path
    name: Path
    suffix: str
    form: TextForm
    whole: bool
    begun: int | None

    def __call__(self, number: int, frame: Originals) -> Part:
        """Write a part.

        Raises:
            InputError: It cannot be written, or another run has begun since.
        """

        def fill(new: Path) -> None:
            if self.whole or self.suffix == ".parquet":
                write_table(frame, new, self.name, self.form)
            else:
                with new.open("wb") as out:
                    write_lines(frame, out, self.name, self.suffix, self.form, first=number == 0)
            # A process may outlive the one that began it, and write when another has begun anew.
            if begun_at(self.folder) != self.begun:
                raise InputError(f"{self.folder}: another run is writing to it; begin anew")

        return write_part(self.folder / part_name(number, self.suffix), fill)


@dataclass(frozen=True, slots=True)
class LineWriter:
    """Writes a table as lines, in whichever process.

    Attributes:
        suffix: Their format.
        form: How they are written.
    """

    suffix: str
    form: TextForm

    def __call__(self, number: int, frame: Originals) -> bytes:
        """The lines; the first have the header above them.

        Raises:
            InputError: The encoding lacks a character.
        """
        out, place = io.BytesIO(), Path("standard output")
        write_lines(frame, out, place, self.suffix, self.form, first=number == 0)
        return out.getvalue()


def _writer(parts: Parts, name: Path, form: TextForm, *, whole: bool) -> PartWriter:
    return PartWriter(parts.folder, name, parts.suffix, form, whole, begun_at(parts.folder))


class FileOutput:
    """A file, whose parts stand beside it until all are there.

    Args:
        path: The file: `.csv`, `.tsv`, `.jsonl` or `.parquet`.
        parts: The parts.
        form: How a text file is written.
        unchanged: Refuses what is read if it has changed since the run began.
    """

    def __init__(
        self, path: Path, parts: Parts, form: TextForm, unchanged: Callable[[], None]
    ) -> None:
        self._unchanged = unchanged
        self._path, self._parts = path, parts
        self._count = 0
        self.piece = _writer(parts, path, form, whole=False)

    def has(self, number: int) -> bool:
        """Whether a part was finished by a run before."""
        self._count = max(self._count, number + 1)
        return self._parts.has(number)

    def add(self, piece: Part) -> None:
        """Take a part."""
        self._parts.add(piece)

    def finish(self) -> None:
        """Make one file of the parts, and remove them."""
        paths = self._parts.paths(self._count)

        def fill(whole: Path) -> None:
            if self._parts.suffix == ".parquet":
                join_parquet(paths, whole)
                return
            with whole.open("wb") as out:
                for path in paths:
                    with path.open("rb") as part:
                        shutil.copyfileobj(part, out, 1 << 20)

        self._unchanged()
        self._parts.join()
        replace_file(self._path, fill)
        self._parts.remove()


class FolderOutput:
    """A folder of parts, each a file of its own.

    Args:
        parts: The parts.
        form: How text files are written.
        unchanged: Refuses what is read if it has changed since the run began.
    """

    def __init__(self, parts: Parts, form: TextForm, unchanged: Callable[[], None]) -> None:
        self._parts, self._unchanged = parts, unchanged
        self.piece = _writer(parts, parts.folder, form, whole=True)

    def has(self, number: int) -> bool:
        """Whether a part was finished by a run before."""
        return self._parts.has(number)

    def add(self, piece: Part) -> None:
        """Take a part."""
        self._parts.add(piece)

    def finish(self) -> None:
        """Mark that all parts are there."""
        self._unchanged()
        self._parts.succeed()


class StreamOutput:
    """A stream of lines.

    Args:
        out: Where they go.
        suffix: Their format: `.csv`, `.tsv` or `.jsonl`.
        form: How they are written.
        unchanged: Refuses what is read if it has changed since the run began.
    """

    def __init__(
        self, out: IO[bytes], suffix: str, form: TextForm, unchanged: Callable[[], None]
    ) -> None:
        self._out, self._unchanged = out, unchanged
        self.piece = LineWriter(suffix, form)

    def has(self, number: int) -> bool:
        """Never: what went before is gone."""
        del number
        return False

    def add(self, piece: bytes) -> None:
        """Write lines."""
        self._out.write(piece)
        self._out.flush()

    def finish(self) -> None:
        """Nothing is left to write."""
        self._unchanged()
