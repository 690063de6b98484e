"""A head on a teacher's vectors: logistic regression, mixed with that of TF-IDF; out of fold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from attnpool._renamed import without_advice
from attnpool._shapes import Float, Int
from attnpool.data.item_keys import item_keys
from attnpool.teachers.lsa import tfidf
from attnpool.training.split import fold_numbers

_FOLDS = 5
_STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_CHOSEN_ON = 3000  # rows; with more, the choice takes minutes and is the same
_SMALLEST = 1e-12  # of a probability, and of a scale

# TF-IDF with logistic regression, and how much the log-probabilities of each may count.
_TFIDF = {"C": 10.0, "class_weight": "balanced"}
_USUAL_SHARE = 0.5
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_TEMPERATURES = (0.5, 0.7, 1.0, 1.4, 2.0, 3.0)

Asked = Int[np.ndarray, "asked"]
Head = Callable[[Asked], np.ndarray]
"""Log-probabilities of rows, which are given by their numbers: (rows, classes)."""


class Answers(NamedTuple):
    """Probabilities: (labelled, classes), those of a head out of fold; (unlabelled, classes)."""

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

    C, class weight, and how much the vectors and TF-IDF count are chosen by the likelihood of the
    labels out of fold: with a few dozen rows it tells more than accuracy, and the probabilities
    are calibrated, as soft targets must be.

    Args:
        vectors: The teacher's vectors of the labelled rows, then of the unlabelled ones.
        texts: The texts of the same rows.
        y: The number of the class of each labelled row.
        classes: The number of classes.
        seed: Decides the folds.
    """
    n = len(y)
    x = _scaled(vectors)
    held = fold_numbers(y, item_keys(texts[:n]), _FOLDS, seed)

    def word_head(training: Asked) -> Head:
        return _on_words(texts, y, classes, training)

    words = _out_of_fold(word_head, held, classes)
    some = np.random.default_rng(seed).permutation(n)[:_CHOSEN_ON]
    setting = _chosen(x[some], y[some], held[some], words[some])

    def vector_head(training: Asked) -> Head:
        return _on_vectors(x, y, classes, training, setting)

    read = _out_of_fold(vector_head, held, classes)
    factor, share = max(
        ((factor, share) for factor in _TEMPERATURES for share in _SHARES),
        key=lambda mix: _likelihood(_mixed(read, words, *mix), y),
    )
    everything, asked = np.arange(n), np.arange(n, len(texts))
    answers = _mixed(vector_head(everything)(asked), word_head(everything)(asked), factor, share)
    return Answers(np.exp(_mixed(read, words, factor, share)), np.exp(answers))


def _splits(held: np.ndarray) -> Iterator[tuple[Asked, Asked]]:
    """Rows to fit on and rows to ask about, fold by fold."""
    for fold in np.unique(held):
        yield np.flatnonzero(held != fold), np.flatnonzero(held == fold)


def _out_of_fold(fit: Callable[[Asked], Head], held: np.ndarray, classes: int) -> np.ndarray:
    answers = np.zeros((len(held), classes))
    for training, rows in _splits(held):
        answers[rows] = fit(training)(rows)
    return answers


def _mixed(read: np.ndarray, words: np.ndarray, factor: float, share: float) -> np.ndarray:
    """Log-probabilities of both heads as one, normalised."""
    logs = factor * read + share * words
    logs = logs - logs.max(axis=1, keepdims=True)
    normalised: np.ndarray = logs - np.log(np.exp(logs).sum(axis=1, keepdims=True))
    return normalised


def _likelihood(logs: np.ndarray, y: np.ndarray) -> float:
    """The mean log-likelihood of the labels."""
    return float(logs[np.arange(len(y)), y].mean())


def _scaled(vectors: np.ndarray) -> np.ndarray:
    """Centred, and divided by one number, so that C means the same for all teachers.

    One number for each dimension did no better with few labels.
    """
    # float32 takes half the time, and answers the same.
    centred: np.ndarray = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    square = sum(float(np.square(row, dtype=np.float64).sum()) for row in centred)
    centred /= np.float32(max((square / max(centred.size, 1)) ** 0.5, _SMALLEST))
    return centred


def _chosen(x: np.ndarray, y: np.ndarray, held: np.ndarray, words: np.ndarray) -> dict[str, Any]:
    """C and class weight by the likelihood of the labels, with half of TF-IDF beside."""

    def score(strength: float, weight: str | None) -> float:
        setting = {"C": strength, "class_weight": weight}
        read = _out_of_fold(
            lambda training: _on_vectors(x, y, words.shape[1], training, setting),
            held,
            words.shape[1],
        )
        return _likelihood(_mixed(read, words, 1.0, _USUAL_SHARE), y)

    scores: dict[float, float] = {}
    for strength in _STRENGTHS:
        scores[strength] = score(strength, None)
        *before, last = scores.values()
        if len(before) > 1 and last < before[-1] < before[-2]:
            break  # beyond the best, and larger ones take the longest
    best = max(scores, key=scores.__getitem__)
    balanced = {strength: score(strength, "balanced") for strength in scores if strength <= best}
    even = max(balanced, key=balanced.__getitem__)
    if balanced[even] > scores[best]:
        return {"C": even, "class_weight": "balanced"}
    return {"C": best, "class_weight": None}


def _on_vectors(
    x: np.ndarray, y: np.ndarray, classes: int, training: Asked, setting: dict[str, Any]
) -> Head:
    answer = _regression(x[training], y[training], classes, setting)
    return lambda rows: answer(x[rows])


def _on_words(texts: Sequence[str], y: np.ndarray, classes: int, training: Asked) -> Head:
    """TF-IDF of the training rows alone: idf of unlabelled texts too did no better."""
    known = [texts[i] for i in training]
    words = tfidf(known)
    try:
        counts = words.fit_transform(known)
    except ValueError:  # not one word
        return lambda rows: np.full((len(rows), classes), -np.log(classes))
    answer = _regression(counts, y[training], classes, _TFIDF)
    return lambda rows: (
        answer(words.transform([texts[i] for i in rows])) if len(rows) else np.zeros((0, classes))
    )


def _regression(
    x: Any, y: np.ndarray, classes: int, setting: dict[str, Any]
) -> Callable[[Any], np.ndarray]:
    """Logistic regression; features to log-probabilities of all classes.

    A class without a row, as in folds of rare ones, is as likely as one row among all.
    """
    from sklearn.linear_model import LogisticRegression

    known = np.unique(y)
    model: Any = None
    if len(known) > 1:
        with without_advice():
            model = LogisticRegression(max_iter=300, **setting).fit(x, y)

    def answer(asked: Any) -> np.ndarray:
        answers = np.full((asked.shape[0], classes), 1 / (len(y) + 1))
        if asked.shape[0]:
            answers[:, known] = 1.0 if model is None else model.predict_proba(asked)
        answers = np.maximum(answers, _SMALLEST)
        logs: np.ndarray = np.log(answers / answers.sum(axis=1, keepdims=True))
        return logs

    return answer
