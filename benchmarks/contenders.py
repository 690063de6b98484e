"""What is compared: this project's defaults, and what people would use instead, tuned.

A contender says of each test row whether it was right, and how long training took.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from typing import TypeVar

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline

from attnpool import TextClassifier
from benchmarks import fasttext_model
from benchmarks.sets import Split, cleaned

Ran = tuple[np.ndarray, float]
Setting = TypeVar("Setting")

# Ten settings each.
TFIDF = tuple(product((2, 3), (1.0, 3.0, 10.0, 30.0, 100.0)))
"""The longest n-grams, C."""
FASTTEXT = tuple(product((2, 3), ((0.1, 0), (0.1, 1), (0.5, 0), (0.5, 1), (1.0, 0))))
"""The longest n-grams, the learning rate, and whether epochs are few or many."""


def majority(split: Split, seed: int) -> Ran:
    del seed
    label = Counter(split.train[1]).most_common(1)[0][0]
    return np.array(split.test[1]) == label, 0.0


def tfidf(split: Split, seed: int) -> Ran:
    """TF-IDF of characters' (English: words') n-grams, logistic regression; chosen of ten."""
    return _tuned(split, fit_tfidf, TFIDF, seed)


def fit_tfidf(
    train: list[str], labels: list[str], english: bool, setting: tuple[int, float], seed: int
) -> Callable[[list[str]], np.ndarray]:
    return tfidf_pipeline(english, setting, seed).fit(train, labels).predict


def tfidf_pipeline(english: bool, setting: tuple[int, float], seed: int) -> Pipeline:
    """The pipeline that `tfidf` fits."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    longest, strength = setting
    grams = TfidfVectorizer(
        analyzer="word" if english else "char", ngram_range=(1, longest), sublinear_tf=True
    )
    return make_pipeline(grams, LogisticRegression(C=strength, max_iter=1000, random_state=seed))


def fasttext(split: Split, seed: int) -> Ran:
    """fastText on characters (English: words) and their n-grams; chosen of ten."""
    return _tuned(split, fit_fasttext, FASTTEXT, seed)


def fit_fasttext(
    train: list[str],
    labels: list[str],
    english: bool,
    setting: tuple[int, tuple[float, int]],
    seed: int,
) -> fasttext_model.FastText:
    longest, (rate, which) = setting
    epochs = (5, 25) if len(train) > 20_000 else (25, 100)
    return fasttext_model.fit(
        train, labels, english=english, ngrams=longest, rate=rate, epochs=epochs[which], seed=seed
    )


def _tuned(split: Split, fit: Callable, settings: Sequence[Setting], seed: int) -> Ran:
    """The best setting, on all training rows; the seconds of this training alone."""
    train, test = cleaned(split)
    setting = chosen(split, fit, settings)
    began = time.perf_counter()
    predict = fit(train, split.train[1], split.english, setting, seed)
    seconds = time.perf_counter() - began
    return predict(test) == np.array(split.test[1]), seconds


@cache
def chosen(split: Split, fit: Callable, settings: Sequence[Setting]) -> Setting:
    """The setting that does best on a tenth of the training rows, the same tenth for all."""
    if len(settings) == 1:
        return settings[0]
    train, labels = cleaned(split)[0], split.train[1]
    a, b, y, z = train_test_split(train, labels, test_size=0.1, random_state=0, stratify=labels)
    scores = [(fit(a, y, split.english, s, 0)(b) == np.array(z)).mean() for s in settings]
    best = settings[int(np.argmax(scores))]
    print(split.name, fit.__name__, best, [round(float(score), 4) for score in scores], flush=True)
    return best


def attnpool(split: Split, seed: int) -> Ran:
    """`TextClassifier` as it comes; a tenth of its training rows choose the weights."""
    model = TextClassifier(cleanup=split.cleanup, seed=seed)
    began = time.perf_counter()
    model.fit(*split.train)
    seconds = time.perf_counter() - began
    return model.predict(split.test[0]) == np.array(split.test[1]), seconds


CONTENDERS = {
    "attnpool": attnpool,
    "TF-IDF + logistic regression": tfidf,
    "fastText": fasttext,
    "majority class": majority,
}
# These give the same answer for every seed.
FIXED = ("majority class", "TF-IDF + logistic regression")
