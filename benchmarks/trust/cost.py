"""What a method costs: its time beside that of predicting the same rows, both from strings."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Any

from attnpool import TextClassifier, TextMatcher

FEWEST, MOST = 3, 15
ENOUGH = 2.0  # seconds after which a method is not timed once more


def cost(
    model: TextClassifier | TextMatcher, items: Sequence[Any], method: str
) -> dict[str, float]:
    """How many predictions an explanation by this method takes, and how many texts a second.

    A prediction and an explanation in turn, again and again, so that what else the machine does
    falls on both; `passes` is the ratio of the medians. A method that takes seconds is timed once,
    and what is told in the end is the median over seeds. The explanation includes the answer and
    everything that the pictures are drawn from.
    """
    plain: list[float] = []
    explained: list[float] = []
    for job in (model.predict_proba, model.explain):
        job(items)  # what is made at the first call is made
    while len(plain) < FEWEST or (len(plain) < MOST and sum(explained) < ENOUGH):
        plain.append(_seconds(lambda: model.predict_proba(items)))
        if sum(explained) < ENOUGH or not explained:
            explained.append(_seconds(lambda: model.explain(items, method)))
    median = statistics.median(explained)
    return {
        "passes": median / statistics.median(plain),
        "texts_per_second": len(items) / median,
        "predicted_per_second": len(items) / statistics.median(plain),
    }


def _seconds(job: Any) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began
