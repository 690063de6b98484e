"""What people would use instead, tuned on the labelled rows alone.

The seconds are those from labelled rows to a model, the choice of settings included.
"""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedKFold, train_test_split

from benchmarks import fasttext_model
from benchmarks.few_labels.protocol import Draw

Ran = tuple[np.ndarray, float]
Parts = tuple[np.ndarray, np.ndarray]

# The usual ones first: with few rows many settings tie, and the first of the best is taken.
TFIDF = tuple(product((10.0, 3.0, 30.0, 1.0, 100.0, 0.3, 0.1), ("balanced", None)))
"""C and class weight."""
FASTTEXT = ((0.5, 100), (0.5, 25), (1.0, 25), (0.1, 100))
"""Learning rate and epochs."""

FOLDS = 5
FASTTEXT_FOLDS = 3  # each of its fits takes as long as ten of the linear model's
FOLDED = 1000  # rows; with more, a tenth of them chooses
BUCKETS = 200_000  # the library's two millions take a second to fill and serve millions of n-grams


def majority(draw: Draw) -> Ran:
    label = Counter(draw.labels(draw.labelled)).most_common(1)[0][0]
    return draw.right([label] * len(draw.test)), 0.0


def tfidf(draw: Draw) -> Ran:
    """TF-IDF of 1- and 2-grams of characters (English: words), and logistic regression."""
    texts, labels = draw.clean(draw.labelled), np.array(draw.labels(draw.labelled))
    began = time.perf_counter()
    scores = np.zeros(len(TFIDF))
    for fit, asked in parts(labels, FOLDS):
        grams = _grams(draw)
        known = grams.fit_transform([texts[i] for i in fit])
        unknown = grams.transform([texts[i] for i in asked])
        for i, setting in enumerate(TFIDF):
            scores[i] += (_linear(known, labels[fit], setting)(unknown) == labels[asked]).sum()
    setting = TFIDF[int(scores.argmax())]
    grams = _grams(draw)
    predict = _linear(grams.fit_transform(texts), labels, setting)
    seconds = time.perf_counter() - began
    return draw.right(predict(grams.transform(draw.clean(draw.test)))), seconds


def _grams(draw: Draw) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    analyzer = "word" if draw.rows.english else "char"
    return TfidfVectorizer(analyzer=analyzer, ngram_range=(1, 2), sublinear_tf=True)


def _linear(x: Any, y: np.ndarray, setting: tuple[float, str | None]) -> Callable[[Any], Any]:
    from sklearn.linear_model import LogisticRegression

    strength, weight = setting
    return LogisticRegression(C=strength, class_weight=weight, max_iter=1000).fit(x, y).predict


def fasttext(draw: Draw) -> Ran:
    """fastText on characters (English: words) and their 2-grams."""
    texts, labels = draw.clean(draw.labelled), np.array(draw.labels(draw.labelled))
    began = time.perf_counter()
    scores = np.zeros(len(FASTTEXT))
    for fit, asked in parts(labels, FASTTEXT_FOLDS):
        for i, setting in enumerate(FASTTEXT):
            predict = _fasttext(draw, [texts[j] for j in fit], labels[fit].tolist(), setting)
            scores[i] += (predict([texts[j] for j in asked]) == labels[asked]).sum()
    predict = _fasttext(draw, texts, labels.tolist(), FASTTEXT[int(scores.argmax())])
    seconds = time.perf_counter() - began
    return draw.right(predict(draw.clean(draw.test))), seconds


def _fasttext(
    draw: Draw, texts: list[str], labels: list[str], setting: tuple[float, int]
) -> Callable[[list[str]], np.ndarray]:
    rate, epochs = setting
    return fasttext_model.fit(
        texts,
        labels,
        english=draw.rows.english,
        ngrams=2,
        rate=rate,
        # As in contenders.py: passes over many rows are fewer.
        epochs=epochs if len(texts) <= 20_000 else epochs // 5,
        seed=draw.split,
        buckets=BUCKETS if len(texts) <= FOLDED else 2_000_000,
    )


def parts(labels: Sequence[str] | np.ndarray, folds: int) -> Iterator[Parts]:
    """Rows to fit on and rows to ask about: folds by class, or one tenth where rows are many.

    Fewer folds where a class has fewer rows, but never below three: two would choose for half as
    many rows as the model is then fitted on.
    """
    numbers = np.arange(len(labels))
    if len(labels) > FOLDED:
        fit, asked = train_test_split(numbers, test_size=0.1, random_state=0, stratify=labels)
        yield fit, asked
        return
    folds = max(min(folds, *Counter(labels).values()), 3)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        yield from StratifiedKFold(folds, shuffle=True, random_state=0).split(numbers, labels)
