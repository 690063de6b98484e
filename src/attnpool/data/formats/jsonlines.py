"""JSON lines: one object per line."""

from __future__ import annotations

import json
from itertools import chain
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
        values = self._read()
        first = next(values, None)
        if first is None:
            raise InputError(f"{file} is empty; give a file with data")
        # `rows` continues this pass if nothing stands above the first object.
        self._begun: Iterator[tuple[int, Any]] | None = None
        value = first[1]
        if isinstance(value, dict):
            self._begun = chain([first], values)
        else:
            value = next((value for _, value in values if isinstance(value, dict)), None)
        if value is None:
            raise InputError(f"{file}: no line is a JSON object; write one object a line")
        self.names = tuple(value)

    def rows(self, columns: Sequence[int], bad: BadRows) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The objects; lines that hold none, or a nested value, go to `bad`."""
        keys = [self.names[column] for column in columns]
        numbered = self._begun or self._read()
        self._begun = None
        for number, value in numbered:
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
                    yield number, tuple(map(as_text, values))

    def frame(self, places: Sequence[int | str]) -> pl.DataFrame:
        """The objects of these lines with all their keys; None where an object lacks one."""
        wanted = set(places)
        values = [value for number, value in self._read() if number in wanted]
        keys = dict.fromkeys((*self.names, *(key for value in values for key in value)))
        return frame_of((key, [value.get(key) for value in values]) for key in keys)

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
