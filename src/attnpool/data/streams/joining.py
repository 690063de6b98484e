"""The rows of several files as those of one."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from attnpool.data.bad_rows import BadRow
from attnpool.data.formats.frames import Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attnpool.data.formats.frames import Originals
    from attnpool.data.rows import Rows


def joined(parts: Sequence[Rows], files: Sequence[str]) -> Rows:
    """The rows of all parts, in their order; places begin with the name of the file.

    Args:
        parts: The rows of each file.
        files: Their names.
    """
    if len(parts) == 1:
        return parts[0]
    return concatenated([named(part, file) for part, file in zip(parts, files, strict=True)])


def named(rows: Rows, file: str) -> Rows:
    """Rows of one of several files: their places begin with its name.

    Args:
        rows: The rows.
        file: The name.
    """

    def at(place: int | str) -> str:
        return f"{file}, {rows.unit} {place}"

    return replace(
        rows,
        bad_rows=tuple(BadRow(at(row.place), row.reason) for row in rows.bad_rows),
        places=[at(place) for place in rows.places],
        file="",
    )


def concatenated(parts: Sequence[Rows]) -> Rows:
    """Rows one behind the other; places stay.

    Args:
        parts: The rows; those of one file, or of several, `named`.
    """
    if len(parts) == 1:
        return parts[0]
    labels = None
    if any(part.labels is not None for part in parts):
        empty = ([""] * len(part) for part in parts)
        labels = [*chain.from_iterable(p.labels or e for p, e in zip(parts, empty, strict=True))]
    return replace(
        parts[0],
        texts=tuple(
            [*chain.from_iterable(side)] for side in zip(*(p.texts for p in parts), strict=True)
        ),
        labels=labels,
        skipped=sum(part.skipped for part in parts),
        bad_rows=tuple(chain.from_iterable(part.bad_rows for part in parts)),
        places=[*chain.from_iterable(part.places for part in parts)],
        originals=_joined([part.originals for part in parts]),
        notes=tuple(dict.fromkeys(chain.from_iterable(part.notes for part in parts))),
    )


def _joined(frames: list[Originals | None]) -> Originals | None:
    known = [frame for frame in frames if frame is not None]
    if not known:
        return None
    if not all(isinstance(frame, Frame) for frame in known):
        import polars as pl

        return pl.concat([frame for frame in known if isinstance(frame, pl.DataFrame)])
    texts = [frame for frame in known if isinstance(frame, Frame)]
    names = dict.fromkeys(name for frame in texts for name in frame.columns)
    return Frame(
        {
            name: [
                value
                for frame in texts
                for value in (frame[name] if name in frame.columns else [None] * len(frame))
            ]
            for name in names
        }
    )
