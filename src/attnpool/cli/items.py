"""What a model takes of a row or of the command line: a text, a pair, or a triplet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attnpool.cli.options import Estimator
    from attnpool.data import Rows

TRIPLET = 3
"""The number of text columns that make triplets, which have no label."""


def texts_an_item(model: Estimator) -> int:
    """Two where the model compares texts; one for a classifier and for text with label."""
    architecture = getattr(model, "architecture", "label")
    return 1 if architecture == "label" else 2


def tells_matches(model: Estimator) -> bool:
    """Whether the model says yes or no of a pair, with a score."""
    return texts_an_item(model) == 2 and len(model.classes_) == 2


def items(rows: Rows) -> list[Any]:
    """The texts, or the pairs or triplets as tuples."""
    one = len(rows.texts) == 1
    return rows.texts[0] if one else list(zip(*rows.texts, strict=True))


def given_items(texts: Sequence[str], model: Estimator) -> list[Any]:
    """The texts of the command line, two by two where the model compares.

    Raises:
        InputError: One is left over.
    """
    if texts_an_item(model) == 1:
        return list(texts)
    if len(texts) % 2:
        what = "one text" if len(texts) == 1 else f"{len(texts)} texts, one left over"
        raise InputError(f"{what}; this model compares two: give TEXT TEXT for each pair")
    return list(zip(texts[::2], texts[1::2], strict=True))


def line_items(lines: Sequence[str], model: Estimator) -> list[Any]:
    """The texts of stdin, one a line; or two with a tab between, where the model compares.

    Raises:
        InputError: A line has not two.
    """
    if texts_an_item(model) == 1:
        return list(lines)
    pairs = [tuple(line.split("\t")) for line in lines]
    for number, pair in enumerate(pairs, 1):
        if len(pair) != 2:
            many = "one text" if len(pair) == 1 else f"{len(pair)} texts"
            raise InputError(
                f"stdin, line {number} has {many}; this model compares two: give a pair a line, "
                "a tab between its texts"
            )
    return pairs


def check_one_text(data: str, rows: Rows) -> None:
    """Refuse rows of several texts where one is read.

    Raises:
        InputError: They are pairs or triplets.
    """
    if len(rows.texts) > 1:
        what = "pairs" if len(rows.texts) == 2 else f"{len(rows.texts)} texts a row"
        raise InputError(f"{data} has {what}{_columns(rows)}; name the one to read with --text")


def check_texts(data: str, rows: Rows, model: Estimator) -> None:
    """Refuse rows whose number of texts is not what the model takes.

    Raises:
        InputError: It is not.
    """
    if texts_an_item(model) == 1:
        check_one_text(data, rows)
    elif len(rows.texts) == 1:
        raise InputError(
            f"{data} has one text a row{_columns(rows)}; this model compares two: "
            "name both columns, --text COL --text COL"
        )
    elif len(rows.texts) > 2:
        raise InputError(
            f"{data} has {len(rows.texts)} texts a row{_columns(rows)}; "
            "name the two to compare, --text COL --text COL"
        )


def complete(data: str, rows: Rows, *, skip_bad_rows: bool) -> Rows:
    """Rows that all have every text, as reading makes sure of where there are labels.

    Raises:
        InputError: One lacks a text and may not be skipped, or none is left.
    """
    lacking = {
        i for i, texts in enumerate(zip(*rows.texts, strict=True)) if not all(map(str.strip, texts))
    }
    if lacking and not skip_bad_rows:
        more = f" ({len(lacking) - 1} more such)" if len(lacking) > 1 else ""
        raise InputError(
            f"{data}, row {min(lacking) + 1}: one of its texts is empty{more}; "
            "mend the file, or leave it out with --skip-bad-rows"
        )
    if len(lacking) == len(rows):
        raise InputError(f"{data}: not one usable row; in all {len(rows)} a text is empty")
    kept = tuple([t for i, t in enumerate(side) if i not in lacking] for side in rows.texts)
    return replace(rows, texts=kept, labels=None, skipped=rows.skipped + len(lacking))


def _columns(rows: Rows) -> str:
    return f" ({', '.join(rows.reading.text)})" if rows.reading.text else ""
