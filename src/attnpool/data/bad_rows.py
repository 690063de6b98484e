"""Bad rows: the first is named, all are counted, and they are left out only on request."""

from __future__ import annotations

from attnpool.errors import InputError


class BadRows:
    """Collects the bad rows of one file.

    Args:
        file: The file as the user named it.
        skip: Whether bad rows may be left out.
        unit: What the format calls its records.
    """

    def __init__(self, file: str, *, skip: bool, unit: str = "row") -> None:
        self._file = file
        self._unit = unit
        self._count = 0
        self._skip = skip
        self._left_out = 0
        self._first = ""

    def add(self, place: int | str, reason: str) -> None:
        """Add a bad row.

        Args:
            place: The number of the row, from 1 below the header, or the name of its own file.
            reason: What is wrong with it.
        """
        if not self._count:
            where = place if isinstance(place, str) else f"{self._file}, {self._unit} {place}"
            self._first = f"{where}: {reason}"
        self._count += 1

    def leave_out(self) -> None:
        """Count a row that is incomplete in the published file, and so not an error."""
        self._left_out += 1

    def settle(self) -> int:
        """The number of rows left out.

        Raises:
            InputError: If there are bad rows and they may not be left out.
        """
        if self._count and not self._skip:
            more = self._count - 1
            rows = f" ({more} more bad {self._unit}{'s' * (more > 1)})" if more else ""
            raise InputError(f"{self._first}{rows}; fix the file, or use --skip-bad-rows")
        return self._count + self._left_out

    def nothing_left(self) -> InputError:
        """The error for a file without a single usable row."""
        if self._count or self._left_out:
            return InputError(
                f"{self._file}: no usable row; all {self._count + self._left_out} are bad, "
                f"the first: {self._first or 'no text'}; check --dataset, --text and --label"
            )
        return InputError(
            f"{self._file}: no rows of data in it; give a file with rows below the header"
        )
