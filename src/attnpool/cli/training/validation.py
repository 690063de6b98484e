"""The rows that validate, where they are no share of those to train on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attnpool.cli.checks import known_labels
from attnpool.cli.rows import complete, say_notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from attnpool.cli.arguments import ReadOptions
    from attnpool.data import Rows, RowStream

FRACTION = 0.1
"""The share of the rows that validates, of a set without rows for that."""


def validation_rows(
    data: str,
    rows: Rows,
    source: RowStream | None,
    validation: str | None,
    options: ReadOptions,
    found: list[tuple[str, Rows]],
) -> float | tuple[list[Any], list[Any]]:
    """The rows of the validation file or of the set's own; the usual share if there are none.

    Args:
        data: The file or the folder to train on.
        rows: All its rows, or the first of them.
        source: Where all are; None: these are all.
        validation: The file to validate on; None: the set's own.
        options: How the files are read.
        found: The file that was read and its rows are added to it.

    Raises:
        InputError: The file or its rows are bad, or no label is among those of the rows to train
            on.
    """
    from attnpool.data import has_part, read

    if validation is not None:
        file, part = validation, "train"
    elif has_part(data, rows.reading.dataset, "validation"):
        file, part = data, "validation"
    else:
        return FRACTION
    labelled = rows.labels is not None
    other = read(
        file, reading=rows.reading, skip_bad_rows=options.skips, part=part, labelled=labelled
    )
    say_notes(file, other)
    if not labelled:
        other = complete(file, other, skip_bad_rows=options.skips)
        found.append((file, other))
        return other.items, []
    where = file if validation is not None else f"{data}, its validation rows"
    other, _ = known_labels(
        where,
        other,
        _labels(rows, source, other.labels or []),
        "those of the training rows; check --label, or fix the labels",
        skip_bad_rows=options.skips,
    )
    found.append((file, other))
    return other.items, other.labels or []


def _labels(rows: Rows, source: RowStream | None, wanted: Iterable[str]) -> list[str]:
    """The labels of the rows to train on; a stream is read until all that are wanted came."""
    from attnpool.label_values import same_number

    labels = set(rows.labels or [])
    missing = {same_number(label) for label in wanted if label}
    missing -= {same_number(label) for label in labels}
    if source is not None and missing:
        from attnpool.estimators.streaming.survey import CHUNK, MOST_LABELS, chunks

        for chunk in chunks(source, CHUNK.rows):
            new = set(chunk.labels) - labels
            labels |= new
            missing -= {same_number(label) for label in new}
            if not missing or len(labels) > MOST_LABELS:  # so many are refused by what trains
                break
    return sorted(labels)
