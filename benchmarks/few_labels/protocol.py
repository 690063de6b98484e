"""Which rows are tested on, which are labelled, and which are a pool without labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attnpool.data.item_keys import item_keys
from attnpool.text import Cleanup
from benchmarks.sets import load

SETS = ("thucnews-titles", "hotel", "weibo-senti-100k", "sst2")
ALL = "all"
SIZES = ("50", "100", "200", "500", "1000", ALL)
"""Labelled rows; with all of them there is no pool."""

TESTED = 0.4  # of the rows that may be tested on
MOST_TESTED = 3000
MOST_UNLABELLED = 7000


@dataclass(frozen=True, eq=False)
class Rows:
    """One set, in the fixed order that decides which half is never tested on here.

    Attributes:
        texts: As they are in the file.
        clean: Without what the set's clean-up leaves out, for baselines and encoders.
        reported: Numbers of the rows that may be tested on; the defaults were chosen on others.
    """

    name: str
    title: str
    texts: list[str]
    clean: list[str]
    labels: np.ndarray
    cleanup: tuple[str, ...]
    english: bool
    reported: np.ndarray


@dataclass(frozen=True, eq=False)
class Draw:
    """Numbers of the rows of one split at one size."""

    rows: Rows
    split: int
    test: np.ndarray
    labelled: np.ndarray
    pool: np.ndarray

    def texts(self, numbers: np.ndarray) -> list[str]:
        return [self.rows.texts[i] for i in numbers]

    def clean(self, numbers: np.ndarray) -> list[str]:
        return [self.rows.clean[i] for i in numbers]

    def labels(self, numbers: np.ndarray) -> list[str]:
        return self.rows.labels[numbers].tolist()

    def right(self, predicted: Sequence[str] | np.ndarray) -> np.ndarray:
        """Which test rows are answered right."""
        return np.asarray(predicted) == self.rows.labels[self.test]


def rows_of(name: str, folder: Path) -> Rows:
    """Read one set; both of its parts, since this page divides them in its own way."""
    split = load(name, folder)
    (texts, labels), (more, more_labels) = split.train, split.test
    order = np.random.default_rng(0).permutation(len(texts))
    texts = [texts[i] for i in order] + more
    labels = [labels[i] for i in order] + more_labels
    half = np.random.default_rng(12345).permutation(len(texts))
    return Rows(
        name,
        split.title,
        texts,
        Cleanup(split.cleanup)(texts),
        np.array(labels),
        split.cleanup,
        split.english,
        half[len(texts) // 2 :],
    )


def draw(
    rows: Rows,
    split: int,
    size: str,
    *,
    most_tested: int = MOST_TESTED,
    most_unlabelled: int = MOST_UNLABELLED,
) -> Draw:
    """The rows of one split; a smaller size has the first labelled rows of a larger one."""
    rng = np.random.default_rng([2026, split])
    count = min(int(TESTED * len(rows.reported)), most_tested)
    test = rng.permutation(rows.reported)[:count]
    keys = item_keys(rows.clean)
    left = np.flatnonzero(~np.isin(keys, keys[test]))
    order = _each_class_first(rng.permutation(left), rows.labels)
    labelled = len(order) if size == ALL else int(size)
    if labelled > len(order):
        raise ValueError(f"{rows.name} has {len(order)} rows beside the tested ones, not {size}")
    pool = order[labelled : labelled + most_unlabelled]
    return Draw(rows, split, test, order[:labelled], pool)


def _each_class_first(order: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The same rows, begun with the first of each class: no size lacks a class."""
    _, firsts = np.unique(labels[order], return_index=True)
    firsts = np.sort(firsts)
    return np.concatenate([order[firsts], np.delete(order, firsts)])
