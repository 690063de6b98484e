"""How well a model does: overall, by class, by length, and how well it is calibrated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Int
from attnpool.metrics import CLASSES_SHOWN, ClassificationSums, evaluation_warnings
from attnpool.view.report.corpus import Classes, Corpus
from attnpool.view.report.sums import CorpusSums, Groups

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
    """The figures of rows; None where no true class is known or the model names no classes."""
    sums = CorpusSums()
    sums.add(corpus)
    return figures_of(sums, Classes(corpus.classes, corpus.absent, corpus.unknown))


def figures_of(sums: CorpusSums, classes: Classes) -> Figures | None:
    """The figures of sums of rows.

    Args:
        sums: The sums.
        classes: The classes, in the order in which they are shown.
    """
    n = sums.pairs.total()
    if not n:
        return None
    size = len(classes.names)
    number = {name: at for at, name in enumerate(classes.names)}
    pairs = {(number[true], number[given]): rows for (true, given), rows in sums.pairs.items()}
    counted = ClassificationSums()
    for (true, given), rows in pairs.items():
        counted.add_equal(true, given, rows)
    metrics = counted.figures(range(size))
    per_class = {name: metrics["per_class"][str(at)] for at, name in enumerate(classes.names)}
    answers = [at for at in range(size) if at not in classes.unknown]
    frequent = max(answers, key=counted.true.__getitem__)
    bins = calibration(sums.bins)
    return Figures(
        n=n,
        accuracy=metrics["accuracy"],
        macro_f1=metrics["macro_f1"],
        frequent=frequent,
        majority=counted.true[frequent] / n,
        per_class=per_class,
        confusion=_confusion(pairs, size) if size <= CLASSES_SHOWN else None,
        mistakes=_mistakes(pairs)[: 3 * size],
        calibration=bins,
        ece=sum(b.n * abs(b.accuracy - b.confidence) for b in bins) / n,
        lengths=by_length(sums.lengths),
        warnings=evaluation_warnings(
            {**metrics, "per_class": per_class, "majority_class": classes.names[frequent]}
        ),
    )


def _confusion(pairs: Mapping[tuple[int, int], int], size: int) -> Int[np.ndarray, "true answered"]:
    counts = np.zeros((size, size), dtype=np.int64)
    for pair, rows in pairs.items():
        counts[pair] = rows
    return counts


def _mistakes(pairs: Mapping[tuple[int, int], int]) -> list[tuple[int, int, int]]:
    """The most frequent first; equally frequent ones in the order of their classes."""
    wrong = [(true, given, rows) for (true, given), rows in pairs.items() if true != given]
    return sorted(wrong, key=lambda one: (-one[2], *one[:2]))


def calibration(bins: Groups) -> list[Rate]:
    """Accuracy by confidence in bins of equal width, empty ones left out.

    Args:
        bins: The rows by bin.
    """
    size = len(bins.keys)
    return [
        _rate(number / size, (number + 1) / size, bins, slice(number, number + 1))
        for number in np.flatnonzero(bins.n).tolist()
    ]


def by_length(lengths: Groups, groups: int = GROUPS) -> list[Rate]:
    """Accuracy by number of tokens; equal lengths are never torn apart.

    Args:
        lengths: The rows by number of tokens.
        groups: How many groups of about equal size there are at most.
    """
    n, upto = int(lengths.n.sum()), np.cumsum(lengths.n)
    # numpy's quantiles of the inverted distribution, without all rows.
    places = np.ceil(n * (np.arange(1, groups + 1) / groups) - 1).clip(0, n - 1)
    last = np.unique(np.searchsorted(upto, places, side="right"))
    rates = []
    for first, end in zip([0, *(last[:-1] + 1).tolist()], last.tolist(), strict=True):
        low, high = int(lengths.keys[first]), int(lengths.keys[end])
        rates.append(_rate(low, high, lengths, slice(first, end + 1)))
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


def _rate(low: int | float, high: int | float, groups: Groups, some: slice) -> Rate:
    n, right = int(groups.n[some].sum()), int(groups.right[some].sum())
    least, most = wilson(right, n)
    confidence = float(groups.confidence[some].sum()) / n
    return Rate(low, high, n, right / n, least, most, confidence)
