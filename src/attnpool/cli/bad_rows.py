"""`--bad-rows FILE`: the rows that were left out, as a table; and how many in words."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.cli import outputs
from attnpool.errors import InputError
from attnpool.sanitize import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from attnpool.cli.arguments import ReadOptions
    from attnpool.data import Rows
    from attnpool.view.words import Words


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
    file = reading.bad_rows
    if file is None:
        for _ in read:
            pass  # to the end, as where a file is written
        return
    from attnpool.persistence.atomic import replace_file
    from attnpool.tables import as_text

    made_safe = as_text if reading.safe_csv else str
    table = (
        tuple(made_safe(printable(cell)) for cell in (name, str(place), reason))
        for name, rows in read
        for place, reason in rows.bad_rows
    )

    def fill(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL) if reading.safe_csv else csv.writer(out)
            writer.writerow(("file", "row", "reason"))
            writer.writerows(table)

    replace_file(file, fill)


def counted_out(skipped: int, places: list[str], unit: str) -> str:
    """How many bad rows were left out, and which: `12 bad rows left out: rows 3, 7, 9 …`.

    Args:
        skipped: How many.
        places: Where they stand: of more than are listed some are enough.
        unit: What the format calls a row.
    """
    from attnpool.data.bad_rows import listed

    which = f": {unit}{'s' * (len(places) > 1)} {listed(places)}" if places else ""
    return f"{counted(skipped, 'bad row')} left out{which}"


def left_out(rows: Rows) -> str:
    """The same of rows that were read at once."""
    return counted_out(rows.skipped, [str(row.place) for row in rows.bad_rows], rows.unit)


def left_out_note(rows: Rows, words: Words) -> str:
    """The same as a sentence in the words of a page."""
    from attnpool.data.bad_rows import listed

    if words.language == "en":
        return f"{left_out(rows)}."
    places = listed([str(row.place) for row in rows.bad_rows])
    return words("warn.left-out", count=rows.skipped, places=places)


def as_json(rows: Rows) -> dict[str, Any]:
    """The same for `--json`."""
    return {"skipped": rows.skipped, "skipped_rows": [row.place for row in rows.bad_rows]}
