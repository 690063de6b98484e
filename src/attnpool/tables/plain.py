"""A table of Python values to lines of CSV, rows of JSON, and cells; by the standard library."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from attnpool.data.formats.frames import Frame
from attnpool.sanitize import printable
from attnpool.tables.formulas import as_text

ROWS = 10_000
"""So many lines are made at a time."""


class PlainTable:
    """What was read from a text file, to be written.

    Args:
        frame: The table.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.names = frame.columns

    def csv_pieces(
        self, separator: str, *, safe: bool = False, header: bool = True
    ) -> Iterator[str]:
        """The lines: `PolarsTable` writes the same bytes.

        A missing value is nothing, an empty string is `""`.

        Args:
            separator: What is between two fields.
            safe: Whether no text is a formula to a spreadsheet.
            header: Whether the names come first.
        """
        special = re.compile(rf'["\r\n{re.escape(separator)}]')

        def quote(text: str) -> str:
            text = as_text(text) if safe else text
            if text and not safe and not special.search(text):
                return text
            return '"' + text.replace('"', '""') + '"'

        if header:
            yield f"{separator.join(map(quote, self.names))}\n"
        lines = map(separator.join, self._rows(lambda kind: _field(kind, quote)))
        while piece := list(islice(lines, ROWS)):
            yield "\n".join([*piece, ""])

    def json_rows(self) -> Iterator[dict[str, Any]]:
        """The rows as JSON holds them."""
        for row in self._rows(lambda kind: _finite if kind is float else None):
            yield dict(zip(self.names, row, strict=True))

    def cell_rows(self) -> Iterator[Sequence[Any]]:
        """The rows as a sheet holds them."""
        special: dict[type, Callable[[Any], Any]] = {float: _finite, object: as_cell}
        return self._rows(special.get)

    def _rows(self, converter: Callable[[type], Callable[[Any], Any] | None]) -> Iterator[Any]:
        """The rows, the values of each column as its kind asks for."""
        columns = []
        for name in self.names:
            convert = converter(self._frame.kinds[name])
            values = self._frame[name]
            columns.append(values if convert is None else map(convert, values))
        return zip(*columns, strict=True)


def as_json(value: Any) -> str:
    """A value as JSON: arrays as lists; dates, times and decimals as people write them."""
    return printable(json.dumps(value, ensure_ascii=False, default=_as_json))


def as_cell(value: Any) -> str | None:
    """A value that a table has no type for as a string: lists and objects as JSON."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, bytes):
        return _as_written(value)
    if isinstance(value, timedelta):
        return str(value)
    return None if value is None else as_json(value)


def _as_json(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else _as_written(value)


def _as_written(value: Any) -> str:
    """A date, a time or a decimal as people write it; bytes as text, as far as they are."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _field(kind: type, quote: Callable[[str], str]) -> Callable[[Any], str]:
    """What makes a field of CSV of a value of a column of this kind."""
    plain: dict[type, Callable[[Any], str]] = {
        bool: lambda value: quote(as_json(value)),
        int: str,
        float: _number,
    }
    if kind in plain:
        convert = plain[kind]
        return lambda value: "" if value is None else convert(value)
    if kind is str:
        return lambda value: "" if value is None else quote(value)

    def field(value: Any) -> str:
        text = as_cell(value)
        return "" if text is None else quote(text)

    return field


def _number(value: float) -> str:
    """A number as polars writes it: no zeros in front of an exponent, none at all from 1e-5 on."""
    text = repr(value)
    if "e" not in text:
        return "NaN" if text == "nan" else text
    return f"{Decimal(text):f}" if text.endswith("e-05") else text.replace("e-0", "e-")


def _finite(value: float | None) -> float | None:
    """JSON has no NaN and no infinity: null."""
    return value if value is None or math.isfinite(value) else None
