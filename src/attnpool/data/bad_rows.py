"""Bad rows: the first is named, all are counted, and they are skipped only when asked."""

from __future__ import annotations

from attnpool.errors import InputError


class BadRows:
    """Collects the bad rows of one file.

    Args:
        file: The file as the user named it.
        skip: Whether bad rows may be left out.
        unit: What the file calls its records.
    """

    def __init__(self, file: str, *, skip: bool, unit: str = "row") -> None:
        self.file = file
        self.unit = unit
        self.count = 0
        self._skip = skip
        self._left_out = 0
        self._first = ""

    def found(self, place: int | str, why: str) -> None:
        """Note a bad row: its number (from 1, after the header), or the name of its own file."""
        if not self.count:
            where = place if isinstance(place, str) else f"{self.file}, {self.unit} {place}"
            self._first = f"{where}: {why}"
        self.count += 1

    def leave_out(self) -> None:
        """Count a row that is known to be missing something in the published file."""
        self._left_out += 1

    def settle(self) -> int:
        """The number of rows left out.

        Raises:
            InputError: If there are bad rows and they may not be skipped.
        """
        if self.count and not self._skip:
            more = self.count - 1
            rows = f" ({more} more bad {self.unit}{'s' * (more > 1)})" if more else ""
            them = f"such {self.unit}s" if more else f"this {self.unit}"
            raise InputError(
                f"{self._first}{rows}; mend the file, or leave {them} out with --skip-bad-rows"
            )
        return self.count + self._left_out

    def nothing_left(self) -> InputError:
        """The error for a file none of whose rows can be used."""
        if self.count or self._left_out:
            return InputError(
                f"{self.file}: not one usable row; all {self.count + self._left_out} are bad, "
                f"the first: {self._first or 'no text'}; check --dataset, --text and --label"
            )
        return InputError(
            f"{self.file}: no rows of data in it; give a file with rows below the header"
        )
