"""Bad rows: they are named and counted, and left out only on request."""

from __future__ import annotations

from typing import NamedTuple

from attnpool.errors import InputError
from attnpool.sanitize import counted

SHOWN = 10
"""So many bad rows are named in a message."""


class BadRow(NamedTuple):
    """A row that was left out.

    Attributes:
        place: Its number, from 1 below the header, or the name of its own file.
        reason: What is wrong with it.
    """

    place: int | str
    reason: str


class BadRows:
    """Collects the bad rows of one file.

    Args:
        file: The file as the user named it.
        skip: Whether bad rows may be left out.
        unit: What the format calls its records.
        labelled: Whether a row without a single label is bad.

    Attributes:
        labelled: The same.
        count: How many there were.
        ended: Whether all rows have been read; else there may be more bad ones than told.
    """

    def __init__(self, file: str, *, skip: bool, unit: str = "row", labelled: bool = True) -> None:
        self._file = file
        self._unit = unit
        self._skip = skip
        self._bad: list[BadRow] = []  # no more than a message shows where none may be left out
        self._left_out: list[BadRow] = []
        self._first = ""
        self.labelled = labelled
        self.count = 0
        self.ended = True

    def add(self, place: int | str, reason: str) -> None:
        """Add a bad row.

        Args:
            place: The number of the row, from 1 below the header, or the name of its own file.
            reason: What is wrong with it.
        """
        self.count += 1
        if self._skip or self.count <= SHOWN + 1:
            self._bad.append(BadRow(place, reason))
        if not self._first:
            where = place if isinstance(place, str) else f"{self._file}, {self._unit} {place}"
            self._first = f"{where}: {reason}"

    def leave_out(self, place: int | str) -> None:
        """Leave out a row that is incomplete in the published file, and so not an error."""
        self.count += 1
        self._left_out.append(BadRow(place, "no text in the published file"))

    def settle(self) -> tuple[BadRow, ...]:
        """The rows left out since the last time, in the order of the file.

        Raises:
            InputError: If there are bad rows and they may not be left out.
        """
        if self._bad and not self._skip:
            more = [str(row.place) for row in self._bad[1:]]
            rows = counted(self.count - len(self._left_out) - 1, f"more bad {self._unit}")
            rows = rows if self.ended else f"at least {rows}"
            others = f" ({rows}: {listed(more, SHOWN - 1)})" if more else ""
            raise InputError(f"{self._first}{others}; fix the file, or use --skip-bad-rows")
        everything = [*self._bad, *self._left_out]
        self._bad, self._left_out = [], []
        numbered = all(isinstance(row.place, int) for row in everything)
        return tuple(sorted(everything)) if numbered else tuple(everything)

    def nothing_left(self) -> InputError:
        """The error for a file without a single usable row."""
        if self.count:
            return InputError(
                f"{self._file}: no usable row; all {self.count:,} are bad, "
                f"the first: {self._first or 'no text'}; check --dataset, --text and --label"
            )
        return InputError(
            f"{self._file}: no rows of data in it; give a file with rows below the header"
        )


def listed(places: list[str], most: int = SHOWN, mark: str = ", ") -> str:
    """`3, 7, 9 …`: the first places, and a mark where there are more."""
    return mark.join(places[:most]) + " …" * (len(places) > most)
