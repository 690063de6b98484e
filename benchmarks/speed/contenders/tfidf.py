"""TF-IDF of character 1- and 2-grams with logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from benchmarks.speed.contender import Contender, Trained
from benchmarks.speed.rows import Rows


class TrainedTfidf(Trained):
    gone_through = 0
    note = "has no epochs"

    def __init__(self, model: Pipeline) -> None:
        self.model = model

    def answer(self, texts: Sequence[str]) -> np.ndarray:
        return self.model.predict_proba(texts)

    def labels(self, texts: Sequence[str]) -> list[str]:
        return self.model.predict(texts).tolist()


class Tfidf(Contender):
    """The settings of the accuracy table."""

    name = "TF-IDF + logistic regression"
    weighs = False

    def train(self, rows: Rows) -> TrainedTfidf:
        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
        model = make_pipeline(vectors, LogisticRegression(C=10, max_iter=1000))
        return TrainedTfidf(model.fit(*rows.train))
