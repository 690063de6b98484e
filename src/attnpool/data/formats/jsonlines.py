"""JSON: one object per line, or a document of them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from attnpool.data.formats.encodings import TextFile, rewind
from attnpool.data.formats.frames import Frame, frame_of
from attnpool.data.formats.json_document import rows_of
from attnpool.data.table import Malformed
from attnpool.errors import InputError
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import TextIOWrapper
    from pathlib import Path

    from attnpool.data.table import Row, Source


SHOWN_LABELS = 4
_INVALID = "not valid JSON"
_QUOTE = "write it as a text, in quotes"


class JsonLines:
    """A file of JSON objects: one per line, or all in one document.

    The keys of the first object are the columns. A document, such as an array of objects or what
    pandas writes (`json_document.rows_of`), is held in memory as a whole; lines are not.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named; None: found from the content.

    Attributes:
        names: The keys of the first object.
        unit: "line", or "row" in a document.
        label: The position of the label, which may be in a list of one; None: of no column.

    Raises:
        InputError: If the file is empty, cannot be decoded, or holds no object.
    """

    def __init__(self, path: Path, file: str, encoding: str | None) -> None:
        self._text = TextFile(path, file, encoding)
        self.label: int | None = None
        with self._text.open() as text:
            self._rows = _document(text, file)
            self.unit = "line" if self._rows is None else "row"
            rewind(text)
            number = 0
            values = _lines(text) if self._rows is None else enumerate(self._rows, 1)
            for number, value in values:  # noqa: B007
                if isinstance(value, dict):
                    self.names = tuple(value)
                    return
        if not number:
            raise InputError(f"{file} is empty; give a file with data")
        if isinstance(value, ValueError) and not str(value).startswith(_INVALID):
            raise InputError(f"{file}, {self.unit} {number}: {value}; {_QUOTE}")
        raise InputError(f"{file}: no line is a JSON object; write one object per line")

    @property
    def source(self) -> Source:
        """The encoding."""
        return self._text.source()

    def rows(self, columns: Sequence[int], *, labelled: bool) -> Iterator[Row | Malformed]:
        """The objects; what is none is malformed, and so is one with a nested value."""
        keys = [self.names[column] for column in columns]
        label = None if self.label is None else self.names[self.label]
        for number, value in self._read():
            if isinstance(value, ValueError):
                yield Malformed(number, str(value))
            elif not isinstance(value, dict):
                yield Malformed(number, "not a JSON object")
            else:
                values = [value.get(key) for key in keys]
                reason = ""
                if label is not None and isinstance(value.get(label), list):
                    reason = _unlist(values, keys.index(label))
                nested = next((k for k, v in zip(keys, values, strict=True) if _nested(v)), None)
                if nested is not None:
                    told = f"{quoted(nested)} holds a list or an object, not a text"
                    yield Malformed(number, told)
                elif reason and labelled:
                    yield Malformed(number, reason)
                else:
                    yield number, tuple(map(as_text, values)), value

    def frame(self, records: Sequence[dict[str, Any]]) -> Frame:
        """The objects with all their keys; None where an object lacks one."""
        keys = dict.fromkeys((*self.names, *(key for record in records for key in record)))
        return frame_of((key, [record.get(key) for record in records]) for key in keys)

    def _read(self) -> Iterator[tuple[int, Any]]:
        """One pass: number and value of each line that is not blank, an error for invalid JSON."""
        if self._rows is not None:
            yield from enumerate(self._rows, 1)
            return
        with self._text.open() as text:
            yield from _lines(text)


def _lines(text: TextIOWrapper) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text, 1):
        if line.strip():
            yield number, _parsed(line)


def _document(text: TextIOWrapper, file: str) -> list[Any] | None:
    """The rows of a file that is one JSON document; None if it holds lines."""
    lines = (line for line in text if line.strip())
    first, second = next(lines, ""), next(lines, "")
    if first.lstrip()[:1] not in ("[", "{"):
        return None
    document = _parsed(first)
    if second:
        # Lines begin with a whole value; a document goes on.
        # Nor does a document that begins with an object have one on its second line.
        two_objects = first.lstrip()[0] == second.lstrip()[0] == "{"
        if two_objects or not isinstance(document, ValueError):
            return None
        rewind(text)
        document = _parsed(text.read())
    if isinstance(document, ValueError):
        if not str(document).startswith(_INVALID):  # whole, so not lines
            raise InputError(f"{file}: {document}; {_QUOTE}")
        return None
    return rows_of(document, file)


def _parsed(text: str) -> Any:
    """The value of a JSON text; if it has none that can be read, an error that says why."""
    try:
        return json.loads(text)
    except RecursionError:
        return ValueError("not valid JSON, or nested too deep")
    except json.JSONDecodeError:
        return ValueError(_INVALID)
    except ValueError:  # Python reads no whole number of thousands of digits
        most = sys.get_int_max_str_digits()
        return ValueError(f"a number of more than {most:,} digits")


def _unlist(values: list[Any], place: int) -> str:
    """Take a label out of its list; what is wrong with the list is returned."""
    if any(map(_nested, values[place])):
        return ""
    values[place], reason = one_label([as_text(value) for value in values[place]])
    return reason


def as_text(value: object) -> str:
    """A value as CSV would hold it: "" for None and NaN, whole numbers without a point."""
    if isinstance(value, str):
        return value
    try:
        missing = value is None or bool(value != value)
    except (TypeError, ValueError):  # pandas.NA is neither
        missing = True
    if missing:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def one_label(labels: Sequence[str]) -> tuple[str, str]:
    """The label of a row that has a list of labels.

    Args:
        labels: The labels.

    Returns:
        The label, "" if there is none, the labels joined by commas if there are several; and what
        is wrong with the row, "" if nothing is.
    """
    if len(labels) < 2:
        return "".join(labels), ""
    reason = (
        f"{len(labels)} labels ({quoted_list(labels, SHOWN_LABELS)}), and multilabel "
        "classification is not supported: keep one label per row, or train a model for each label"
    )
    return ", ".join(labels), reason


def _nested(value: object) -> bool:
    return isinstance(value, dict | list)
