"""JSON lines: one object per line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attnpool.data.formats.encodings import TextFile
from attnpool.data.formats.frames import frame_of
from attnpool.errors import InputError
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.bad_rows import BadRows
    from attnpool.data.table import Row, Source


class JsonLines:
    """A file of JSON objects, one per line; the keys of the first object are the columns.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named; None: found from the content.

    Attributes:
        names: The keys of the first object.

    Raises:
        InputError: If the file is empty, cannot be decoded, or holds no object.
    """

    unit = "line"

    def __init__(self, path: Path, file: str, encoding: str | None) -> None:
        self._text = TextFile(path, file, encoding)
        number = 0
        for number, value in self._read():  # noqa: B007
            if isinstance(value, dict):
                self.names = tuple(value)
                return
        if not number:
            raise InputError(f"{file} is empty; give a file with data")
        raise InputError(f"{file}: no line is a JSON object; write one object per line")

    @property
    def source(self) -> Source:
        """The encoding."""
        return self._text.source()

    def rows(self, columns: Sequence[int], bad: BadRows) -> Iterator[Row]:
        """The objects; lines that hold none, or a nested value, go to `bad`."""
        keys = [self.names[column] for column in columns]
        for number, value in self._read():
            if isinstance(value, ValueError):
                bad.add(number, "not valid JSON")
            elif not isinstance(value, dict):
                bad.add(number, "not a JSON object")
            else:
                values = [value.get(key) for key in keys]
                nested = next((k for k, v in zip(keys, values, strict=True) if _nested(v)), None)
                if nested is not None:
                    bad.add(number, f"{quoted(nested)} holds a list or an object, not a text")
                else:
                    yield number, tuple(map(as_text, values)), value

    def frame(self, records: Sequence[dict[str, Any]]) -> pl.DataFrame:
        """The objects with all their keys; None where an object lacks one."""
        keys = dict.fromkeys((*self.names, *(key for record in records for key in record)))
        return frame_of((key, [record.get(key) for record in records]) for key in keys)

    def _read(self) -> Iterator[tuple[int, Any]]:
        """One pass: number and value of each line that is not blank, an error for invalid JSON."""
        with self._text.open() as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        yield number, json.loads(line)
                    except (ValueError, RecursionError) as error:
                        yield number, ValueError(error)


def as_text(value: object) -> str:
    """A value as CSV would hold it: "" for None and NaN, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _nested(value: object) -> bool:
    return isinstance(value, dict | list)
