"""What is compared: this project's defaults, and what people would use instead."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path

from sklearn.model_selection import train_test_split

from attnpool import TextClassifier
from benchmarks.sets import Split, cleaned


def majority(split: Split, seed: int) -> tuple[float, float]:
    del seed
    label = Counter(split.train[1]).most_common(1)[0][0]
    return sum(truth == label for truth in split.test[1]) / len(split.test[1]), 0.0


def tfidf(split: Split, seed: int) -> tuple[float, float]:
    """TF-IDF of character (English: word) 1- and 2-grams, logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    train, test = cleaned(split)
    model = make_pipeline(
        TfidfVectorizer(
            analyzer="word" if split.english else "char", ngram_range=(1, 2), sublinear_tf=True
        ),
        LogisticRegression(C=10, max_iter=1000, random_state=seed),
    )
    began = time.perf_counter()
    model.fit(train, split.train[1])
    seconds = time.perf_counter() - began
    return model.score(test, split.test[1]), seconds


def fasttext(split: Split, seed: int) -> tuple[float, float]:
    """fastText on characters (English: words) with 1- to 3-grams; epochs chosen on held rows."""
    train, test = cleaned(split)
    labels = split.train[1]
    epochs = _fasttext_epochs(split)
    began = time.perf_counter()
    right = _fasttext(train, labels, test, split.test[1], split.english, epochs, seed)
    return right, time.perf_counter() - began


@cache
def _fasttext_epochs(split: Split) -> int:
    """The number of epochs that does best on a tenth of the training rows."""
    train, labels = cleaned(split)[0], split.train[1]
    a, b, y, z = train_test_split(train, labels, test_size=0.1, random_state=0, stratify=labels)
    choices = (5, 25, 100) if len(train) < 20_000 else (5, 25)
    return max(choices, key=lambda n: _fasttext(a, y, b, z, split.english, n, 0))


def _fasttext(
    train: list[str],
    labels: list[str],
    test: list[str],
    truth: list[str],
    english: bool,
    epochs: int,
    seed: int,
) -> float:
    import fasttext as library

    library.FastText.eprint = lambda *_: None

    def units(text: str) -> str:
        return " ".join(text.lower().split() if english else "".join(text.split()))

    names = {label: f"__label__{i}" for i, label in enumerate(sorted(set(labels)))}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        pairs = zip(train, labels, strict=True)
        file.write_text(
            "".join(f"{names[label]} {units(text)}\n" for text, label in pairs), encoding="utf-8"
        )
        # One thread: with two its answers change from run to run.
        model = library.train_supervised(
            str(file), lr=0.5, epoch=epochs, wordNgrams=3, dim=100, seed=seed, thread=1, verbose=0
        )
    found = [labels[0] for labels in model.predict([units(text) for text in test])[0]]
    return sum(a == names[b] for a, b in zip(found, truth, strict=True)) / len(truth)


def attnpool(split: Split, seed: int) -> tuple[float, float]:
    """`TextClassifier` as it comes; a tenth of its training rows choose the weights."""
    model = TextClassifier(cleanup=split.cleanup, seed=seed)
    began = time.perf_counter()
    model.fit(*split.train)
    seconds = time.perf_counter() - began
    return model.score(*split.test), seconds


CONTENDERS = {
    "attnpool": attnpool,
    "TF-IDF + logistic regression": tfidf,
    "fastText": fasttext,
    "majority class": majority,
}
# These give the same answer for every seed.
FIXED = ("majority class", "TF-IDF + logistic regression")
