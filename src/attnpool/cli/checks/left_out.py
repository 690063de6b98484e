"""Rows that turn out bad after they were read: they leave, and are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attnpool.data import Rows
    from attnpool.data.bad_rows import BadRow
    from attnpool.data.formats.frames import Originals


def place_of(rows: Rows, number: int) -> int | str:
    """Where a row stands in its file.

    Args:
        rows: The rows.
        number: The number of the row among them, from 0.
    """
    return rows.places[number] if rows.places else number + 1


def full_place(file: str, rows: Rows, number: int) -> str:
    """The same with the file, which the places of rows of several files have already.

    Args:
        file: The file, or the folder.
        rows: The rows.
        number: The number of the row among them, from 0.
    """
    place = place_of(rows, number)
    return place if isinstance(place, str) else f"{file}, {rows.unit} {place}"


def _in_order(bad: tuple[BadRow, ...]) -> tuple[BadRow, ...]:
    """Bad rows in the order of the file; rows that are files of their own as they come."""
    numbered = all(isinstance(row.place, int) for row in bad)
    return tuple(sorted(bad)) if numbered else bad


def without(rows: Rows, bad: dict[int, str]) -> Rows:
    """The rows but for some, which are bad rows then.

    Args:
        rows: The rows.
        bad: What is wrong with each, by its number from 0.
    """
    from attnpool.data.bad_rows import BadRow

    kept = [i for i in range(len(rows)) if i not in bad]
    left_out = [BadRow(place_of(rows, i), reason) for i, reason in sorted(bad.items())]
    return replace(
        rows,
        texts=tuple([side[i] for i in kept] for side in rows.texts),
        labels=None if rows.labels is None else [rows.labels[i] for i in kept],
        skipped=rows.skipped + len(bad),
        bad_rows=_in_order((*rows.bad_rows, *left_out)),
        places=[rows.places[i] for i in kept] if rows.places else (),
        originals=None if rows.originals is None else _taken(rows.originals, kept),
    )


def _taken(frame: Originals, kept: list[int]) -> Originals:
    from attnpool.data.formats.frames import Frame

    return frame.take(kept) if isinstance(frame, Frame) else frame[kept]
