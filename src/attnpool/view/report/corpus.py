"""Explanations of a whole corpus as columns: what figures, filters and orders are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explanation import Explanation
from attnpool.metrics import CLASSES_SHOWN, display_order
from attnpool.view.drawing import captions

NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """One entry per row, in the rows' own order.

    Attributes:
        classes: The names of the classes; of more than `CLASSES_SHOWN` those that are predicted or
            true in a row.
        predicted: The class answered; -1 where the model names none.
        truth: The true class; -1 where it is unknown.
        correct: 1 right, 0 wrong, -1 unknown.
        confidence: The probability of the answer; NaN where there is none.
        loss: Minus the logarithm of the true class's probability; NaN where it is unknown.
        lengths: Tokens read, of all texts of the row.
        numbers: The number of each row in the data, from 0.
        absent: How many more classes the model has.
        unknown: The numbers of the classes that only labels have, and no model answers with.
    """

    classes: tuple[str, ...]
    predicted: Int[np.ndarray, "rows"]
    truth: Int[np.ndarray, "rows"]
    correct: Int[np.ndarray, "rows"]
    confidence: Float[np.ndarray, "rows"]
    loss: Float[np.ndarray, "rows"]
    lengths: Int[np.ndarray, "rows"]
    numbers: Int[np.ndarray, "rows"]
    absent: int = 0
    unknown: frozenset[int] = frozenset()

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.predicted)

    @property
    def known(self) -> Int[np.ndarray, "labelled"]:
        """The numbers of the rows whose true class is known."""
        return np.flatnonzero((self.correct != NONE) & (self.predicted != NONE))


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a page; of more than `CLASSES_SHOWN` those predicted or true in a row.

    Attributes:
        names: Their names, in the order in which they are shown.
        absent: How many more classes the model has.
        unknown: The numbers of the classes that only labels have, and no model answers with.
    """

    names: tuple[str, ...]
    absent: int
    unknown: frozenset[int]


class ClassNames:
    """Finds the classes of rows that come some at a time."""

    def __init__(self) -> None:
        self._answers: dict[str, None] = {}
        self._labels: dict[str, None] = {}
        self._predicted: set[str] = set()
        self._asked: tuple[str, ...] = ()

    def add(self, explanations: Sequence[Explanation]) -> None:
        """Take the classes of some rows.

        Args:
            explanations: One for each row.
        """
        for labels in {id(e.labels): e.labels for e in explanations}.values():
            if labels is not self._asked:
                self._answers.update(dict.fromkeys(labels))
                self._asked = labels
        self._labels.update(dict.fromkeys(e.label for e in explanations if e.label is not None))
        self._predicted.update(e.prediction for e in explanations)

    def classes(self) -> Classes:
        """The classes of all rows so far."""
        every = dict.fromkeys([*self._answers, *self._labels])
        ordered, absent = display_order(every), 0
        if len(ordered) > CLASSES_SHOWN:
            present = self._predicted | self._labels.keys()
            ordered = [name for name in ordered if name in present]
            absent = len(every) - len(ordered)
        unknown = (number for number, name in enumerate(ordered) if name not in self._answers)
        return Classes(tuple(ordered), absent, frozenset(unknown))


def columns(
    explanations: Sequence[Explanation],
    classes: Classes | None = None,
    numbers: Int[np.ndarray, "rows"] | None = None,
) -> Corpus:
    """The columns of explanations.

    Args:
        explanations: One for each row.
        classes: The classes, where these rows are some of many; default: those of these rows.
        numbers: The number of each row in the data, from 0; default: these are all rows.
    """
    if classes is None:
        found = ClassNames()
        found.add(explanations)
        classes = found.classes()
    names = {name: number for number, name in enumerate(classes.names)}
    confidence = [_share(e, e.prediction, np.nan) for e in explanations]
    true = [
        np.nan if e.label is None or not e.labels else _share(e, e.label, 0.0) for e in explanations
    ]
    return Corpus(
        classes=tuple(names),
        predicted=np.array([names.get(e.prediction, NONE) for e in explanations], dtype=np.int64),
        truth=np.array(
            [NONE if e.label is None else names[e.label] for e in explanations], dtype=np.int64
        ),
        correct=np.array(
            [NONE if e.correct is None else int(e.correct) for e in explanations], dtype=np.int64
        ),
        confidence=np.array(confidence, dtype=np.float64),
        loss=-np.log(np.clip(np.array(true, dtype=np.float64), 1e-12, None)),
        lengths=np.array(
            [sum(len(side.spans) for side in e.sides) for e in explanations], dtype=np.int64
        ),
        numbers=np.arange(len(explanations)) if numbers is None else numbers,
        absent=classes.absent,
        unknown=classes.unknown,
    )


def _share(explanation: Explanation, name: str, otherwise: float) -> float:
    share = captions.share_of(explanation, name)
    return otherwise if share is None else share


def first_to_read(corpus: Corpus) -> Int[np.ndarray, "rows"]:
    """The order in which rows are worth reading.

    Wrong answers first, those of the highest loss before others; where no truth is known, the
    least certain answers.
    """
    if not (corpus.correct != NONE).any():
        return np.argsort(corpus.confidence, kind="stable")
    wrong_first = np.where(corpus.correct == 0, 0, np.where(corpus.correct == 1, 1, 2))
    return np.lexsort((-corpus.loss, wrong_first))
