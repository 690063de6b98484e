"""`--bad-rows FILE`: the rows that were left out, as a table; and how many in words."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING, Any, TextIO

from attnpool.cli import outputs
from attnpool.errors import InputError
from attnpool.sanitize import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from attnpool.cli.arguments import ReadOptions
    from attnpool.data import Rows
    from attnpool.data.bad_rows import BadRow
    from attnpool.view.words import Words

MOST_PLACES = 100_000
"""So many bad rows are named in `--json`; all are counted, and all are in the file."""


def check(
    reading: ReadOptions,
    *,
    overwrite: bool,
    data: str | None,
    output: Path | None = None,
    others: Iterable[Path | str | None] = (),
) -> None:
    """Refuse a file that must not or cannot be written, before anything is read.

    Args:
        reading: The options that name the file, if any is asked for.
        overwrite: Whether it may be replaced.
        data: The file that is read.
        output: The other output of the command, a file or the folder of a model.
        others: Files and folders that are read too; None for none.

    Raises:
        InputError: It cannot be written, exists, or is the input or the other output; or there is
            none to be safe.
    """
    file = reading.bad_rows
    if file is None:
        if reading.safe_csv:
            raise InputError("--safe-csv does nothing without --bad-rows; leave it out")
        return
    if output is not None and output.resolve() in (file.resolve(), *file.resolve().parents):
        raise InputError(f"{file} is the output too; name another file for --bad-rows")
    for other in [Path(one) for one in others if one]:
        if file.exists() and other.exists() and file.samefile(other):
            raise InputError(f"{file} is read too; name another file for --bad-rows")
        if other.is_dir() and other.resolve() in file.resolve().parents:
            raise InputError(f"{file} is inside {other}; name another place for --bad-rows")
    if file.suffix.lower() in (".xlsx", ".parquet", ".jsonl"):
        raise InputError(f"{file}: --bad-rows writes CSV; name a file that ends in .csv")
    outputs.check_file(file, overwrite=overwrite, data=data)


def write(reading: ReadOptions, read: Iterable[tuple[str, Rows]]) -> None:
    """Write the rows that were left out of each file as CSV: file, row, reason.

    Args:
        reading: The options that name the file to write, if any is asked for.
        read: Each file that was read, and its rows; or some of its rows at a time.
    """
    with LeftOut(reading) as table:
        for name, rows in read:
            table.add(name, rows)
        table.write()


class LeftOut:
    """The rows that were left out of files that are read some rows at a time.

    The file of `--bad-rows` is written as they come, beside its place and without a name, and gets
    it in the end.

    Args:
        reading: The options that name the file to write, if any is asked for.

    Attributes:
        skipped: How many there were.
        bad_rows: These rows; of many the first.
        unit: What the format of the first file calls its rows.
    """

    def __init__(self, reading: ReadOptions) -> None:
        self._file, self._safe = reading.bad_rows, reading.safe_csv
        self._written: TextIO | None = None
        self.skipped = 0
        self.bad_rows: list[BadRow] = []
        self.unit = ""

    def __enter__(self) -> LeftOut:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Let go of what is not written."""
        if self._written is not None:
            self._written.close()

    def add(self, name: str, rows: Rows) -> None:
        """Add the bad rows among these rows.

        Args:
            name: The file.
            rows: Some of its rows.

        Raises:
            InputError: They cannot be written.
        """
        self.unit = self.unit or rows.unit
        self.skipped += rows.skipped
        self.bad_rows += rows.bad_rows[: MOST_PLACES - len(self.bad_rows)]
        if self._file is None or not rows.bad_rows:
            return
        from attnpool.persistence.atomic import not_written
        from attnpool.tables import as_text

        made_safe = as_text if self._safe else str
        try:
            self._writer(self._opened(self._file)).writerows(
                tuple(made_safe(printable(cell)) for cell in (name, str(place), reason))
                for place, reason in rows.bad_rows
            )
        except OSError as error:
            raise not_written(self._file, error) from None

    def write(self) -> None:
        """Write the file that is asked for, if one is.

        Raises:
            InputError: It cannot be written.
        """
        if self._file is None:
            return
        from attnpool.persistence.atomic import replace_file

        def fill(path: Path) -> None:
            with path.open("w", encoding="utf-8", newline="") as out:
                self._writer(out).writerow(("file", "row", "reason"))
                if self._written is not None:
                    self._written.seek(0)
                    copyfileobj(self._written, out)

        replace_file(self._file, fill)

    def _writer(self, out: TextIO) -> Any:
        return csv.writer(out, quoting=csv.QUOTE_ALL) if self._safe else csv.writer(out)

    def _opened(self, file: Path) -> TextIO:
        if self._written is None:
            from attnpool.persistence.unfinished import PREFIX

            self._written = tempfile.TemporaryFile(  # noqa: SIM115 (closed in `__exit__`)
                "w+", encoding="utf-8", newline="", prefix=PREFIX, dir=file.resolve().parent
            )
        return self._written


def counted_out(skipped: int, places: list[str], unit: str) -> str:
    """How many bad rows were left out, and which: `12 bad rows left out: rows 3, 7, 9 …`.

    Args:
        skipped: How many.
        places: Where they stand: of more than are listed some are enough.
        unit: What the format calls a row.
    """
    from attnpool.data.bad_rows import listed

    if all(map(str.isdecimal, places)):
        which = f": {unit}{'s' * (len(places) > 1)} {listed(places)}" if places else ""
    else:  # of several files, or each a file of its own
        which = f": {listed(places, mark='; ')}"
    return f"{counted(skipped, 'bad row')} left out{which}"


def left_out(rows: Rows | LeftOut) -> str:
    """The same of rows that were read at once."""
    return counted_out(rows.skipped, [str(row.place) for row in rows.bad_rows], rows.unit)


def left_out_note(rows: Rows | LeftOut, words: Words) -> str:
    """The same as a sentence in the words of a page."""
    from attnpool.data.bad_rows import listed

    if words.language == "en":
        return f"{left_out(rows)}."
    places = listed([str(row.place) for row in rows.bad_rows])
    return words("warn.left-out", count=rows.skipped, places=places)


def as_json(rows: Rows | LeftOut) -> dict[str, Any]:
    """The same for `--json`."""
    return {"skipped": rows.skipped, "skipped_rows": [row.place for row in rows.bad_rows]}
