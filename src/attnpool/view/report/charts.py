"""The reliability diagram laid out: accuracy by confidence, and how many rows there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attnpool.view.drawing.captions import percent
from attnpool.view.report.figures import Rate
from attnpool.view.words import Words

WIDTH, HEIGHT = 400, 300
_LEFT, _RIGHT, _TOP = 46, 392, 12
_BASE, _ROWS_TOP, _ROWS_BASE = 208, 244, 280
_GAP = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A bin of the diagram, in units of the picture.

    Attributes:
        x: Its left edge.
        width: Its width.
        y: The height of the accuracy, from the top.
        height: From there to the axis.
        least: The lower end of the interval.
        most: Its upper end.
        rows_y: The top of the bar of rows.
        rows_height: Its height.
        title: What pointing at it says.
    """

    x: float
    width: float
    y: float
    height: float
    least: float
    most: float
    rows_y: float
    rows_height: float
    title: str


def bars(bins: Sequence[Rate], words: Words) -> list[Bar]:
    """The bars of bins; a bar of a calibrated model ends at the line of the diagram."""
    largest = max((rate.n for rate in bins), default=1)
    drawn = []
    for rate in bins:
        left, right = across(rate.low) + _GAP, across(rate.high) - _GAP
        tall = (_ROWS_BASE - _ROWS_TOP) * rate.n / largest
        drawn.append(
            Bar(
                x=round(left, 1),
                width=round(right - left, 1),
                y=up(rate.accuracy),
                height=round(_BASE - up(rate.accuracy), 1),
                least=up(rate.least),
                most=up(rate.most),
                rows_y=round(_ROWS_BASE - tall, 1),
                rows_height=round(tall, 1),
                title=words(
                    "report.chart.bar",
                    low=f"{rate.low:.0%}",
                    high=f"{rate.high:.0%}",
                    accuracy=percent(rate.accuracy),
                    count=rate.n,
                    mean=percent(rate.confidence),
                ),
            )
        )
    return drawn


def across(confidence: float) -> float:
    """The place of a confidence, from the left."""
    return round(_LEFT + (_RIGHT - _LEFT) * confidence, 1)


def up(accuracy: float) -> float:
    """The place of an accuracy, from the top."""
    return round(_BASE - (_BASE - _TOP) * accuracy, 1)
