"""The rows of the corpus page: drawings as on cards, with each run's value as one byte knows it.

The script of the page draws rows from packed bytes (`pack`), the template draws the first of
them: both show the value that the byte stands for, so that a row reads the same either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attnpool._shapes import Int
from attnpool.view.drawing.colour import LEVELS
from attnpool.view.drawing.draw import Drawing, DrawnSide, Row
from attnpool.view.report.corpus import Corpus

UNIT = 9
"""Steps of a level. Odd, so that no step lies between two levels: the colour of a value is that
of its byte."""

STEP = (1 + 2**-40) / (LEVELS * UNIT)
"""What a step is worth, as a share of full colour.

It is a hair more than its share: a value halfway between two roundings would be rounded down by
Python and up by JavaScript.
"""

DIGITS = 2
"""The significant digits of a value: as many as a byte knows."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row as the template shows it.

    Attributes:
        number: Its number in the data, from 1.
        drawing: Its texts, with the values of the bytes.
        confidence: The probability of the answer; NaN where it has none.
        share: The probability of the true class; NaN where it is unknown.
        length: The number of tokens read.
    """

    number: int
    drawing: Drawing
    confidence: float
    share: float
    length: int


def steps(row: Row) -> Int[np.ndarray, "runs"]:
    """The byte of each run of a row: its value in steps, within those of its colour."""
    levels = np.array([run.level for run in row.runs], dtype=np.int64)
    if not row.scale.full > 0:
        return np.zeros(len(levels), dtype=np.int64)
    values = np.array([run.value or 0.0 for run in row.runs], dtype=np.float64)
    shares = np.nan_to_num(np.clip(values / row.scale.full, -1.0, 1.0))
    middle, half = levels * UNIT, UNIT // 2
    exact = np.rint(shares * (LEVELS * UNIT)).astype(np.int64)
    return np.clip(np.clip(exact, middle - half, middle + half), -LEVELS * UNIT, LEVELS * UNIT)


def report_rows(
    drawings: Sequence[Drawing], corpus: Corpus, order: Int[np.ndarray, "rows"], *, signed: bool
) -> list[ReportRow]:
    """The rows of a template.

    Args:
        drawings: The drawing of each row.
        corpus: The columns of the whole corpus.
        order: The number in the corpus of each row.
        signed: Whether the colours of the page differ by sign.
    """
    # The script gets these as 32-bit numbers too.
    confidence = corpus.confidence.astype(np.float32).astype(np.float64)
    share = np.exp(-corpus.loss.astype(np.float32).astype(np.float64))
    return [
        ReportRow(
            number=row + 1,
            drawing=replace(
                drawing, sides=tuple(_in_steps(side, signed=signed) for side in drawing.sides)
            ),
            confidence=float(confidence[row]),
            share=float(share[row]),
            length=int(corpus.lengths[row]),
        )
        for row, drawing in zip(order.tolist(), drawings, strict=True)
    ]


def _in_steps(side: DrawnSide, *, signed: bool) -> DrawnSide:
    row, full = side.row, float(np.float32(side.row.scale.full))
    runs = [
        replace(run, value=step * STEP * full)
        for run, step in zip(row.runs, steps(row).tolist(), strict=True)
    ]
    return replace(side, row=replace(row, scale=replace(row.scale, signed=signed), runs=runs))
