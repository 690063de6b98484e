"""What the figures of a page are made of, of rows that come some at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explanation import Explanation
from attnpool.view.report.corpus import NONE, Classes, ClassNames, Corpus, columns

BINS = 10


class Groups:
    """Rows by group: how many, how many right, and the sum of their confidences."""

    def __init__(self, size: int = 0) -> None:
        self.keys: Int[np.ndarray, "groups"] = np.arange(size)
        self.n: Int[np.ndarray, "groups"] = np.zeros(size, dtype=np.int64)
        self.right: Int[np.ndarray, "groups"] = np.zeros(size, dtype=np.int64)
        self.confidence: Float[np.ndarray, "groups"] = np.zeros(size)

    def add(
        self,
        group: Int[np.ndarray, "rows"],
        right: np.ndarray,
        confidence: Float[np.ndarray, "rows"],
    ) -> None:
        """Add some rows.

        Args:
            group: The group of each.
            right: Whether its answer is right.
            confidence: The probability of its answer.
        """
        if not len(group):
            return
        keys = np.union1d(self.keys, group)
        of_old, of_new = np.searchsorted(keys, self.keys), np.searchsorted(keys, group)
        size = len(keys)
        for name, more in (
            ("n", np.bincount(of_new, minlength=size)),
            ("right", np.bincount(of_new[right], minlength=size)),
            ("confidence", _sums(confidence, of_new, size)),
        ):
            more[of_old] += getattr(self, name)
            setattr(self, name, more)
        self.keys = keys


def _sums(
    values: Float[np.ndarray, "rows"], group: Int[np.ndarray, "rows"], size: int
) -> Float[np.ndarray, "groups"]:
    """The sum of each group; by numpy's pairwise sums, which many rows change less."""
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=size))
    parts = np.split(values[order], ends[:-1])
    return np.array([part.sum() for part in parts], dtype=np.float64)


def bin_of(confidence: Float[np.ndarray, "rows"]) -> Int[np.ndarray, "rows"]:
    """The bin of each confidence, of `BINS` of equal width; a bin's upper end belongs to it.

    Source:
        Guo et al. 2017 (arXiv 1706.04599), section 2, after Naeini et al. 2015.
    """
    number: Int[np.ndarray, "rows"] = np.ceil(confidence * BINS).astype(np.int64) - 1
    return number.clip(0, BINS - 1)


class CorpusSums:
    """Counts over rows, from which `figures` makes the figures of a page; no row is kept.

    Attributes:
        rows: How many rows there are.
        wrong: How many of them are answered wrong.
        answered: How many rows get each class.
        pairs: How many rows have each true class and get each class, of those that have one.
        bins: The same rows by confidence, in bins of equal width.
        lengths: The same rows by number of tokens.
    """

    def __init__(self) -> None:
        self.rows = self.wrong = 0
        self.answered: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.bins, self.lengths = Groups(BINS), Groups()
        self._names = ClassNames()

    def add(self, corpus: Corpus) -> None:
        """Add some rows.

        Args:
            corpus: Their columns.
        """
        names = corpus.classes
        self.rows += len(corpus)
        self.wrong += int((corpus.correct == 0).sum())
        answers, often = np.unique(corpus.predicted[corpus.predicted != NONE], return_counts=True)
        for answer, rows in zip(answers.tolist(), often.tolist(), strict=True):
            self.answered[names[answer]] += rows
        known, size = corpus.known, len(names)
        both, often = np.unique(
            corpus.truth[known] * size + corpus.predicted[known], return_counts=True
        )
        for pair, rows in zip(both.tolist(), often.tolist(), strict=True):
            true, predicted = divmod(pair, size)
            self.pairs[names[true], names[predicted]] += rows
        right, confidence = corpus.correct[known] == 1, corpus.confidence[known]
        self.bins.add(bin_of(confidence), right, confidence)
        self.lengths.add(corpus.lengths[known], right, confidence)

    def explained(self, explanations: Sequence[Explanation]) -> None:
        """Add some rows, with their classes.

        Args:
            explanations: One for each row.
        """
        self._names.add(explanations)
        self.add(columns(explanations))

    def classes(self) -> Classes:
        """The classes of all rows that were `explained`."""
        return self._names.classes()
