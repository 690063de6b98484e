"""A folder per class, and in it a file per article."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

from attnpool.data.formats.encodings import find_encoding
from attnpool.data.formats.frames import Frame, frame_of
from attnpool.data.table import Source
from attnpool.errors import InputError
from attnpool.sanitize import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from attnpool.data.table import Row

FOLDER = "THUCNews"


class Articles:
    """All articles of a folder in the order of their names, or one article given as a file.

    The folder of an article is its label. Its first line, the title, is not part of the text.
    The columns are the text and the label; a row's position is the name of its file.

    Args:
        path: The folder, or the file.
        file: The same as the user named it.
        encoding: The encoding the user named; None: found for each article. One that may be in
            several is taken to be in that of the articles before it.
        separator: Not used.

    Raises:
        InputError: If there are no articles.
    """

    unit = "row"
    names = ()

    def __init__(
        self,
        path: Path,
        file: str,
        encoding: str | None,
        separator: str | None = None,  # noqa: ARG002 (every table is opened with these arguments)
    ) -> None:
        self._path = path
        self._file = file
        self._encoding = encoding
        self._usual: str | None = None
        self._assumed: str | None = None
        self._articles = [path] if path.is_file() else _articles(path)
        if not self._articles:
            raise InputError(
                f"{file}: no CLASS/*.txt in this folder; "
                f"give {FOLDER}, which holds a folder for each class"
            )

    @property
    def source(self) -> Source:
        """The encoding that was assumed of an article; each has one of its own."""
        return Source(self._assumed, assumed=self._assumed is not None)

    def rows(
        self,
        columns: Sequence[int],
        *,
        labelled: bool,  # noqa: ARG002 (an article has one label)
    ) -> Iterator[Row]:
        """The articles.

        Raises:
            InputError: If one cannot be decoded.
        """
        for path in self._articles:
            name, values = self._name(path), self._values(path)
            yield name, tuple([values[i] for i in columns]), (name, *values)

    def frame(self, records: Sequence[tuple[str, str, str]]) -> Frame:
        """The name of each article's file, its text and its label."""
        names = enumerate(("file", "text", "label"))
        return frame_of((name, [record[i] for record in records]) for i, name in names)

    def _name(self, path: Path) -> str:
        if path == self._path:
            return self._file
        return f"{self._file.rstrip('/')}/{escaped(path.relative_to(self._path).as_posix())}"

    def _values(self, path: Path) -> tuple[str, str]:
        """The text and the label of an article."""
        data = path.read_bytes()
        try:
            text = data.decode(self._encoding or "utf-8")
        except (UnicodeError, LookupError):
            text = data.decode(self._found(data, path))
        # Line ends of every kind become "\n", as in any text file opened by Python.
        text = io.StringIO(text.removeprefix("\ufeff"), newline=None).read()
        # Only a single file can have a path that begins below the folder of its class.
        folder = path.resolve().parent if path == self._path else path.parent
        return text.partition("\n")[2].strip("\n"), folder.name.strip()

    def _found(self, data: bytes, path: Path) -> str:
        """The encoding of an article that is not UTF-8."""
        found = find_encoding(io.BytesIO(data), self._name(path), self._encoding)
        if not found.assumed:
            self._usual = found.name
        elif self._usual is not None:
            with contextlib.suppress(UnicodeError):
                data.decode(self._usual)
                return self._usual
        self._assumed = found.name if found.assumed else self._assumed
        return found.name


def _articles(folder: Path) -> list[Path]:
    inner = folder / FOLDER
    root = inner if inner.is_dir() else folder
    classes = sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._")
    return [
        file
        for path in classes
        for file in sorted(path.glob("*.txt"))
        if not file.name.startswith(".") and file.is_file()
    ]
