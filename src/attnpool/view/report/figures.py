"""How well a model does: overall, by class, by length, and how well it is calibrated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.metrics import (
    CLASSES_SHOWN,
    classification_metrics,
    evaluation_warnings,
    majority_class,
)
from attnpool.view.report.corpus import Corpus

BINS = 10
GROUPS = 6
_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of right answers with its 95 % interval.

    Attributes:
        low: Where the group begins, inclusive: a confidence, or a number of tokens.
        high: Where it ends.
        n: Rows in the group.
        accuracy: The share of right answers.
        least: The lower end of the interval.
        most: Its upper end.
        confidence: The mean confidence.
    """

    low: int | float
    high: int | float
    n: int
    accuracy: float
    least: float
    most: float
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Figures of the rows whose true class is known.

    Attributes:
        n: Their number.
        accuracy: The share of right answers.
        macro_f1: The mean F1 of the classes that occur.
        frequent: The number of the most frequent class.
        majority: The accuracy of always giving it.
        per_class: Precision, recall, F1 and rows of each class by name.
        confusion: Counts by true class and answer; None for more than `CLASSES_SHOWN` classes.
        mistakes: The most frequent mistakes: true class, answer, rows.
        calibration: Accuracy by confidence, empty bins left out.
        ece: The expected calibration error.
        lengths: Accuracy by number of tokens, in groups of about equal size.
        warnings: What makes the figures unreliable, or the model useless.
    """

    n: int
    accuracy: float
    macro_f1: float
    frequent: int
    majority: float
    per_class: dict[str, dict[str, float]]
    confusion: Int[np.ndarray, "true answered"] | None
    mistakes: list[tuple[int, int, int]]
    calibration: list[Rate]
    ece: float
    lengths: list[Rate]
    warnings: list[str]


def figures(corpus: Corpus) -> Figures | None:
    """The figures; None where no true class is known or the model names no classes."""
    known = corpus.known
    if not len(known):
        return None
    truth, predicted = corpus.truth[known], corpus.predicted[known]
    confidence, lengths = corpus.confidence[known], corpus.lengths[known]
    right = corpus.correct[known] == 1
    size = len(corpus.classes)
    counts = None
    if size <= CLASSES_SHOWN:
        counts = np.bincount(truth * size + predicted, minlength=size * size).reshape(size, size)
    confused, often = np.unique((truth * size + predicted)[truth != predicted], return_counts=True)
    order = np.argsort(-often, kind="stable")[: 3 * size].tolist()
    metrics = classification_metrics(truth.tolist(), predicted.tolist(), range(size))
    per_class = {
        name: metrics["per_class"][str(number)] for number, name in enumerate(corpus.classes)
    }
    answers = [number for number in range(size) if number not in corpus.unknown]
    frequent, majority = majority_class(truth.tolist(), answers)
    bins = calibration(confidence, right)
    return Figures(
        n=len(known),
        accuracy=metrics["accuracy"],
        macro_f1=metrics["macro_f1"],
        frequent=frequent,
        majority=majority,
        per_class=per_class,
        confusion=counts,
        mistakes=[(*divmod(int(confused[at]), size), int(often[at])) for at in order],
        calibration=bins,
        ece=sum(b.n * abs(b.accuracy - b.confidence) for b in bins) / len(known),
        lengths=by_length(lengths, right, confidence),
        warnings=evaluation_warnings(
            {**metrics, "per_class": per_class, "majority_class": corpus.classes[frequent]}
        ),
    )


def calibration(
    confidence: Float[np.ndarray, "rows"], right: np.ndarray, bins: int = BINS
) -> list[Rate]:
    """Accuracy by confidence in bins of equal width; a bin's upper end belongs to it.

    Source:
        Guo et al. 2017 (arXiv 1706.04599), section 2, after Naeini et al. 2015.
    """
    bin_of = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    return [
        _rate(number / bins, (number + 1) / bins, confidence[bin_of == number],
              right[bin_of == number])
        for number in range(bins)
        if (bin_of == number).any()
    ]  # fmt: skip


def by_length(
    lengths: Int[np.ndarray, "rows"],
    right: np.ndarray,
    confidence: Float[np.ndarray, "rows"],
    groups: int = GROUPS,
) -> list[Rate]:
    """Accuracy by number of tokens; equal lengths are never torn apart."""
    ends = np.unique(
        np.quantile(lengths, np.arange(1, groups + 1) / groups, method="inverted_cdf")
    ).astype(np.int64)
    group = np.searchsorted(ends, lengths)
    rates = []
    for number, end in enumerate(ends.tolist()):
        inside = group == number
        rates.append(_rate(int(lengths[inside].min()), end, confidence[inside], right[inside]))
    return rates


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share.

    Source:
        Wilson 1927, Journal of the American Statistical Association 22.
    """
    share, spread = right / n, _Z * _Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * np.sqrt(share * (1 - share) / n + spread / n / 4) / (1 + spread)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _rate(
    low: int | float, high: int | float, confidence: Float[np.ndarray, "rows"], right: np.ndarray
) -> Rate:
    least, most = wilson(int(right.sum()), len(right))
    return Rate(low, high, len(right), float(right.mean()), least, most, float(confidence.mean()))
