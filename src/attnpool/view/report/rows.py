"""The rows of the corpus page: drawings as on cards, with each run's value as one byte knows it.

The script of the page draws rows from packed bytes (`pack`), the template draws the first of
them: both show the value that the byte stands for, so that a row reads the same either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attnpool._shapes import Int
from attnpool.view.drawing.colour import LEVELS, UNIFORM, Scale
from attnpool.view.drawing.draw import Drawing, DrawnSide, Row
from attnpool.view.report.corpus import Corpus

UNIT = 9
"""Steps of a level. Odd, so that no step lies between two levels: the colour of a value is that
of its byte."""

HAIR = 1 + 2**-40
"""Values are a hair more than their byte says: Python would round one halfway between two
roundings down, JavaScript up."""

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
    values = np.array([run.value or 0.0 for run in row.runs], dtype=np.float64)
    middle, half = levels * UNIT, UNIT // 2
    exact = np.rint(row.scale.places(values) * UNIT).astype(np.int64)
    within = np.clip(exact, middle - half, middle + half)
    found: Int[np.ndarray, "runs"] = np.clip(within, -LEVELS * UNIT, LEVELS * UNIT)
    return found


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
            number=int(corpus.numbers[row]) + 1,
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
    # The script gets these as 32-bit numbers too.
    given = side.row.scale
    scale = replace(
        given,
        signed=signed,
        full=float(np.float32(given.full)),
        uniform=float(np.float32(given.uniform)),
    )
    runs = [
        replace(run, value=value_of(step, scale))
        for run, step in zip(side.row.runs, steps(side.row).tolist(), strict=True)
    ]
    return replace(side, row=replace(side.row, scale=scale, runs=runs))


def value_of(step: int, scale: Scale) -> float:
    """The value that a byte stands for; `report.js` has the same rule."""
    if not scale.uniform > 0:
        return step / (LEVELS * UNIT) * scale.full * HAIR
    # Of a share up to the uniform one no page tells more than that.
    above = max(0.0, (step / UNIT - UNIFORM) / (LEVELS - UNIFORM))
    return (scale.uniform + above * (scale.full - scale.uniform)) * HAIR
