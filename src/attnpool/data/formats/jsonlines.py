"""JSON lines: one object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attnpool.data.formats.encodings import open_lines
from attnpool.data.formats.frames import frame_of
from attnpool.errors import InputError
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from attnpool.data.bad_rows import BadRows


class JsonLines:
    """A file of JSON objects, one a line; the first object's keys are its columns.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: An encoding in which the whole file decodes.
    """

    unit = "line"

    def __init__(self, path: Path, file: str, encoding: str) -> None:
        self._path = path
        self._encoding = encoding
        number = 0
        for number, value in self._values():  # noqa: B007
            if isinstance(value, dict):
                self._names = tuple(value)
                return
        if not number:
            raise InputError(f"{file} is empty; give a file with data")
        raise InputError(f"{file}: no line is a JSON object; write one object a line")

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of the first object."""
        return self._names

    def rows(self, columns: Sequence[int], bad: BadRows) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The objects; lines that are none are told to `bad`."""
        keys = [self._names[column] for column in columns]
        for number, value in self._values():
            if isinstance(value, ValueError):
                bad.found(number, "not valid JSON")
            elif not isinstance(value, dict):
                bad.found(number, "not a JSON object")
            else:
                found = [value.get(key) for key in keys]
                nested = next((k for k, v in zip(keys, found, strict=True) if _nested(v)), None)
                if nested is not None:
                    bad.found(number, f"{quoted(nested)} holds a list or an object, not a text")
                else:
                    yield number, tuple(map(as_text, found))

    def frame(self, numbers: Sequence[int]) -> pl.DataFrame:
        """The objects of these lines with all their keys; None where an object lacks one."""
        wanted = set(numbers)
        found = [value for number, value in self._values() if number in wanted]
        keys = dict.fromkeys((*self._names, *(key for value in found for key in value)))
        return frame_of((key, [value.get(key) for value in found]) for key in keys)

    def _values(self) -> Iterator[tuple[int, Any]]:
        """Number and value of each line that is not blank; the error in place of a bad one."""
        with open_lines(self._path, self._encoding) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        yield number, json.loads(line)
                    except (ValueError, RecursionError) as error:
                        yield number, ValueError(error)


def as_text(value: object) -> str:
    """A value as CSV would hold it: nothing for None and NaN, whole numbers without a point."""
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
