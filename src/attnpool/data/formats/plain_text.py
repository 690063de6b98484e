"""Plain text: one text per line, or two with a tab between; to predict, as it has no labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.data.formats.encodings import TextFile
from attnpool.data.formats.frames import Frame, frame_of
from attnpool.data.table import Malformed
from attnpool.sanitize import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from attnpool.data.table import Row, Source


class PlainText:
    """A file of texts, one row per line; a blank line is a row without a text.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named; None: found from the content.
        texts: How many texts a line has: one, or two with a tab between.

    Raises:
        InputError: If the file cannot be decoded.
    """

    unit = "line"

    def __init__(self, path: Path, file: str, encoding: str | None, texts: int = 1) -> None:
        self._text = TextFile(path, file, encoding)
        self.names = ("text",) if texts == 1 else ("text_a", "text_b")
        with self._text.open():  # finds the encoding
            pass

    @property
    def source(self) -> Source:
        """The encoding; a tab between the texts of a pair."""
        return self._text.source("\t" if len(self.names) > 1 else None)

    def rows(
        self,
        columns: Sequence[int],
        *,
        labelled: bool,  # noqa: ARG002 (a text has no label)
    ) -> Iterator[Row | Malformed]:
        """The lines; where two texts are read, those with another number are malformed."""
        width = len(self.names)
        with self._text.open() as lines:
            for number, line in enumerate(lines, 1):
                text = line.rstrip("\r\n")
                texts = text.split("\t") if width > 1 and text.strip() else [text] * width
                if len(texts) == width:
                    yield number, tuple([texts[column] for column in columns]), texts
                else:
                    many = counted(len(texts), "text")
                    yield Malformed(number, f"{many}; a pair is two texts with a tab between")

    def frame(self, records: Sequence[list[str]]) -> Frame:
        """The rows of these records."""
        names = enumerate(self.names)
        return frame_of((name, [texts[i] for texts in records]) for i, name in names)
