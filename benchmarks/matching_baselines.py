"""What people would use instead of a matcher: the larger class, TF-IDF."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.matching_sets import Pair, components

STRENGTHS = (1, 3, 10, 30)


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model of pairs: how alike two texts are, and whether that makes a match.

    Attributes:
        score: A number for each pair; higher is more alike. None if there is none.
        predict: 1 or 0 for each pair.
        seconds: What fitting took.
        note: What was chosen.
    """

    score: Callable[[Sequence[Pair]], np.ndarray] | None
    predict: Callable[[Sequence[Pair]], np.ndarray]
    seconds: float
    note: str = ""


def majority(pairs: list[Pair], labels: list[int], seed: int) -> Fitted:
    del pairs, seed
    larger = int(2 * sum(labels) >= len(labels))
    return Fitted(None, lambda asked: np.full(len(asked), larger), 0.0)


def tfidf_regression(pairs: list[Pair], labels: list[int], seed: int) -> Fitted:
    """TF-IDF of character 1- and 2-grams, |a - b| beside a * b, logistic regression.

    C is chosen on five folds of the training rows that share no text with each other.
    """
    folds = list(GroupKFold(5).split(pairs, groups=components(pairs)))
    truth = np.array(labels)

    def fit(rows: Sequence[int], strength: float) -> tuple[TfidfVectorizer, LogisticRegression]:
        some = [pairs[i] for i in rows]
        vectors = _vectors(some)
        model = LogisticRegression(C=strength, max_iter=2000, random_state=seed)
        return vectors, model.fit(_features(vectors, some), truth[rows])

    def held(strength: float) -> float:
        right = 0
        for rows, aside in folds:
            vectors, model = fit(rows, strength)
            found = model.predict(_features(vectors, [pairs[i] for i in aside]))
            right += int((found == truth[aside]).sum())
        return right / len(pairs)

    found = {strength: held(strength) for strength in STRENGTHS}
    best = max(found, key=found.__getitem__)
    began = time.perf_counter()
    vectors, model = fit(range(len(pairs)), best)
    seconds = time.perf_counter() - began
    return Fitted(
        lambda asked: model.decision_function(_features(vectors, asked)),
        lambda asked: model.predict(_features(vectors, asked)),
        seconds,
        f"C = {best}, folds {found[best]:.3f}",
    )


def tfidf_cosine(pairs: list[Pair], labels: list[int], seed: int) -> Fitted:
    """The cosine of the same vectors; the threshold that does best on the training rows."""
    del seed
    began = time.perf_counter()
    vectors = _vectors(pairs)

    def score(asked: Sequence[Pair]) -> np.ndarray:
        left, right = _sides(vectors, asked)
        return np.asarray(left.multiply(right).sum(axis=1)).ravel()

    threshold = best_threshold(score(pairs), np.array(labels))
    seconds = time.perf_counter() - began
    return Fitted(
        score,
        lambda asked: (score(asked) >= threshold).astype(int),
        seconds,
        f"threshold {threshold:.3f}",
    )


def best_threshold(scores: np.ndarray, truth: np.ndarray) -> float:
    """The score at and above which calling a pair a match is right most often.

    It lies in the middle between two scores, where rounding does not reach it.
    """
    order = np.argsort(-scores, kind="stable")
    values, hits = scores[order], truth[order]
    # Right, if the first k are called matches: matches among them, no matches behind them.
    right = np.cumsum(hits) + (1 - hits).sum() - np.cumsum(1 - hits)
    last = np.append(values[1:] != values[:-1], True)
    best = int(np.where(last, right, -1).argmax())
    return float(values[best : best + 2].mean())


def _vectors(pairs: Sequence[Pair]) -> TfidfVectorizer:
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    return vectors.fit([text for side in zip(*pairs, strict=True) for text in side])


def _sides(vectors: TfidfVectorizer, pairs: Sequence[Pair]):
    left, right = zip(*pairs, strict=True)
    return vectors.transform(left), vectors.transform(right)


def _features(vectors: TfidfVectorizer, pairs: Sequence[Pair]):
    left, right = _sides(vectors, pairs)
    return sparse.hstack([abs(left - right), left.multiply(right)]).tocsr()
