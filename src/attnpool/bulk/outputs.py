"""Where answers go as they come: a file, a folder of parts, or a stream."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from attnpool.persistence.atomic import replace_file
from attnpool.tables import join_parquet, write_lines, write_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from attnpool.bulk.parts import Parts
    from attnpool.data.formats.frames import Originals
    from attnpool.tables import TextForm


class Output(Protocol):
    """Takes tables by number, from 0, in order."""

    def has(self, number: int) -> bool:
        """Whether a table has been written by a run before."""

    def write(self, number: int, frame: Originals) -> None:
        """Write a table."""

    def finish(self) -> None:
        """All have come."""


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
        self._path, self._parts, self._form = path, parts, form
        self._suffix = path.suffix.lower()
        self._count = 0

    def has(self, number: int) -> bool:
        """Whether a part was finished by a run before."""
        self._count = max(self._count, number + 1)
        return self._parts.has(number)

    def write(self, number: int, frame: Originals) -> None:
        """Write a part: the first has the header."""

        def fill(new: Path) -> None:
            if self._suffix == ".parquet":
                write_table(frame, new, self._path, self._form)
                return
            with new.open("wb") as out:
                first = number == 0
                write_lines(frame, out, self._path, self._suffix, self._form, first=first)

        self._parts.write(number, fill)

    def finish(self) -> None:
        """Make one file of the parts, and remove them."""
        paths = self._parts.paths(self._count)

        def fill(whole: Path) -> None:
            if self._suffix == ".parquet":
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
        self.parts, self.form, self._unchanged = parts, form, unchanged

    def has(self, number: int) -> bool:
        """Whether a part was finished by a run before."""
        return self.parts.has(number)

    def write(self, number: int, frame: Originals) -> None:
        """Write a part."""
        name = self.parts.folder
        self.parts.write(number, lambda new: write_table(frame, new, name, self.form))

    def finish(self) -> None:
        """Mark that all parts are there."""
        self._unchanged()
        self.parts.succeed()


class StreamOutput:
    """A stream of lines.

    Args:
        out: Where they go.
        suffix: Their format: `.csv`, `.tsv` or `.jsonl`.
        form: How they are written.
    """

    def __init__(self, out: IO[bytes], suffix: str, form: TextForm) -> None:
        self._out, self._suffix, self._form = out, suffix, form

    def has(self, number: int) -> bool:
        """Never: what went before is gone."""
        del number
        return False

    def write(self, number: int, frame: Originals) -> None:
        """Write lines; the first have the header above them."""
        place = Path("standard output")
        write_lines(frame, self._out, place, self._suffix, self._form, first=number == 0)
        self._out.flush()

    def finish(self) -> None:
        """Nothing is left to do."""
