"""fastText's files: `__label__name text`, one row per line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.data.formats.encodings import TextFile
from attnpool.data.formats.frames import Frame, frame_of
from attnpool.data.formats.jsonlines import one_label
from attnpool.data.table import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from attnpool.data.table import Row, Source

PREFIX = "__label__"


class FastText:
    """A file of labels and texts; its columns are `label` and `text`.

    The labels are in front of the text or behind it. Blank lines are skipped.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named; None: found from the content.

    Raises:
        InputError: If the file cannot be decoded.
    """

    unit = "line"
    names = ("label", "text")

    def __init__(self, path: Path, file: str, encoding: str | None) -> None:
        self._text = TextFile(path, file, encoding)
        with self._text.open():  # finds the encoding
            pass

    @staticmethod
    def is_line(line: str) -> bool:
        """Whether a line is one of fastText's: its first or last word is a label."""
        words = line.split()
        if words and words[0].startswith(PREFIX) and "," in words[0]:
            return False  # fields with commas between
        return bool(words) and any(word.startswith(PREFIX) for word in (words[0], words[-1]))

    @property
    def source(self) -> Source:
        """The encoding."""
        return self._text.source()

    def rows(self, columns: Sequence[int], *, labelled: bool) -> Iterator[Row | Malformed]:
        """The rows; lines with several labels are malformed where labels are needed."""
        with self._text.open() as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                labels, text = _parsed(line)
                label, reason = one_label(labels)
                if reason and labelled:
                    yield Malformed(number, reason)
                    continue
                values = label, text
                yield number, tuple(values[column] for column in columns), values

    def frame(self, records: Sequence[tuple[str, str]]) -> Frame:
        """The rows of these records."""
        columns = zip(*records, strict=True) if records else ((), ())
        return frame_of(zip(self.names, map(list, columns), strict=True))


def _parsed(line: str) -> tuple[list[str], str]:
    """The labels of a line and its text."""
    text, labels = line.strip("\r\n"), []
    while text.lstrip().startswith(PREFIX):
        label, *rest = text.split(maxsplit=1)
        labels.append(label)
        text = rest[0] if rest else ""
    behind = []
    while (words := text.rstrip().rsplit(maxsplit=1)) and words[-1].startswith(PREFIX):
        behind.append(words[-1])
        text = text.rstrip()[: -len(words[-1])].rstrip()
    return [label.removeprefix(PREFIX) for label in (*labels, *reversed(behind))], text
