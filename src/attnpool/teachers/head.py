"""A head on a teacher's vectors: logistic regression, half of TF-IDF's beside it, out of fold."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.data.item_keys import item_keys
from attnpool.teachers.lsa import tfidf

_FOLDS = 5
_STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_CHOSEN_ON = 3000  # rows; of more, the choice costs minutes and is the same
_TFIDF_SHARE = 0.5  # of the log-probabilities of TF-IDF beside the encoder's
_TFIDF_STRENGTH = 10.0
_SHORTEST = 1e-12

Fitted = Callable[[Int[np.ndarray, "asked"]], np.ndarray]
"""Gives the log-probabilities of rows, by their numbers."""


class Answers(NamedTuple):
    """Probabilities of a head: (labelled, classes) out of fold, (unlabelled, classes)."""

    labelled: np.ndarray
    unlabelled: np.ndarray


def head_answers(
    vectors: Float[np.ndarray, "rows dim"],
    texts: Sequence[str],
    y: Int[np.ndarray, "labelled"],
    classes: int,
    seed: int = 0,
) -> Answers:
    """Fit a head on the labelled rows and ask it about all of them.

    Args:
        vectors: The teacher's vectors of the labelled rows, then of the unlabelled ones.
        texts: The texts of the same rows.
        y: The number of the class of each labelled row.
        classes: The number of classes.
        seed: Decides the folds.
    """
    n = len(y)
    x = _scaled(vectors)
    held = folds(y, item_keys(texts[:n]), seed)
    setting = _chosen(x[:n], y, held, classes, seed)
    labelled = np.zeros((n, classes))
    for training, rows in _splits(held):
        fitted = _fit(x, texts, y, training, classes, setting)
        labelled[rows] = fitted(rows)
    everything = np.arange(n)
    asked = np.arange(n, len(texts))
    unlabelled = _fit(x, texts, y, everything, classes, setting)(asked)
    return Answers(np.exp(labelled), np.exp(unlabelled))


def folds(y: Int[np.ndarray, "rows"], keys: np.ndarray, seed: int = 0) -> Int[np.ndarray, "rows"]:
    """The fold of each row: every class is dealt out evenly, and equal texts are in one fold.

    scikit-learn's folds refuse classes of fewer rows than folds; here such a class is held out
    row by row.

    Args:
        y: The class of each row.
        keys: The same number for equal texts.
        seed: Decides which rows are in which fold.
    """
    _, first, item = np.unique(keys, return_index=True, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(first))
    order = order[np.argsort(y[first[order]], kind="stable")]
    of_item = np.empty(len(first), dtype=np.int64)
    of_item[order] = np.arange(len(first)) % _FOLDS
    dealt: np.ndarray = of_item[item]
    return dealt


def _splits(held: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows to fit on and rows to ask about, fold by fold."""
    for fold in range(_FOLDS):
        rows = np.flatnonzero(held == fold)
        if len(rows):
            yield np.flatnonzero(held != fold), rows


def _scaled(vectors: np.ndarray) -> np.ndarray:
    """Centred, and all dimensions divided by one number, so that C means the same everywhere.

    Dimensions standardised one by one did worse with few labels.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    scale = np.sqrt(np.mean(centred**2)) if centred.size else 1.0
    scaled: np.ndarray = centred / max(scale, _SHORTEST)
    return scaled


def _chosen(
    x: np.ndarray, y: np.ndarray, held: np.ndarray, classes: int, seed: int
) -> dict[str, Any]:
    """C and class weight by accuracy on the folds; of equal ones, by log-likelihood."""
    if len(y) > _CHOSEN_ON:
        some = np.random.default_rng(seed).permutation(len(y))[:_CHOSEN_ON]
        x, y, held = x[some], y[some], held[some]
    scores = {}
    rows = np.arange(len(y))
    for weight in (None, "balanced"):
        for strength in _STRENGTHS:
            setting = {"C": strength, "class_weight": weight}
            answers = np.zeros((len(y), classes))
            for training, asked in _splits(held):
                answers[asked] = _regression(x[training], y[training], classes, **setting)(x[asked])
            right = float((answers.argmax(axis=1) == y).mean())
            scores[strength, weight] = right, float(answers[rows, y].mean())
    strength, weight = max(scores, key=scores.__getitem__)
    return {"C": strength, "class_weight": weight}


def _fit(
    x: np.ndarray,
    texts: Sequence[str],
    y: np.ndarray,
    training: np.ndarray,
    classes: int,
    setting: dict[str, Any],
) -> Fitted:
    """The encoder's head and half of TF-IDF's, both fitted on the same rows."""
    head = _regression(x[training], y[training], classes, **setting)
    known = [texts[i] for i in training]
    words = tfidf(known)
    beside: Callable[[Any], np.ndarray] | None = None
    try:
        counts = words.fit_transform(known)
    except ValueError:  # not one word
        pass
    else:
        beside = _regression(
            counts, y[training], classes, C=_TFIDF_STRENGTH, class_weight="balanced"
        )

    def answer(rows: np.ndarray) -> np.ndarray:
        logs = head(x[rows])
        if beside is not None and len(rows):
            logs = logs + _TFIDF_SHARE * beside(words.transform([texts[i] for i in rows]))
        normalised: np.ndarray = logs - np.log(np.exp(logs).sum(axis=1, keepdims=True))
        return normalised

    return answer


def _regression(x: Any, y: np.ndarray, classes: int, **setting: Any) -> Callable[[Any], np.ndarray]:
    """Logistic regression; its answers are log-probabilities of all classes.

    A class without a row, as in folds of rare ones, is as likely as one row among all.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    known = np.unique(y)
    model = None
    if len(known) > 1:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model = LogisticRegression(max_iter=300, **setting).fit(x, y)

    def answer(asked: Any) -> np.ndarray:
        rare = 1 / (len(y) + 1)
        answers = np.full((asked.shape[0], classes), rare)
        if asked.shape[0]:
            answers[:, known] = 1 if model is None else model.predict_proba(asked)
        answers = np.maximum(answers, _SHORTEST)
        logs: np.ndarray = np.log(answers / answers.sum(axis=1, keepdims=True))
        return logs

    return answer
