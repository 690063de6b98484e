"""Who is compared on SST-2: a pretrained encoder under our poolings, and what else one would do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import attnpool

Rows = tuple[list[str], list[str]]
Found = dict[str, Any]

OURS: dict[str, dict[str, Any]] = {
    "frozen": {"linear": False},
    "frozen, linear part": {},
    "trained": {"linear": False, "train_encoder": "all", "refit": False},
}
"""Parameters of `TextClassifier` beside the encoder."""

MEAN, DEFAULT = "mean pooling + LR", "default model"
NAMES = (*OURS, MEAN, DEFAULT)
_TIMED, _ROUNDS = 200, 3


def run(name: str, train: Rows, test: Rows, encoder: str, seed: int) -> Found:
    """Train one contender on some rows, and measure it on all test rows."""
    model = trained(name, train, encoder, seed)
    found: Found = {"accuracy": float(model.score(*test))}
    return found if name == MEAN else {**found, "epochs": model.metrics_["best_epoch"]}


def time_of(name: str, train: Rows, test: Rows, encoder: str) -> tuple[Found, Any]:
    """How long one contender takes to train, to predict and to explain; and the model."""
    began = time.perf_counter()
    model = trained(name, train, encoder, 0)
    found: Found = {"train_seconds": time.perf_counter() - began}
    some = test[0][:_TIMED]
    found["predict_ms"] = _each(lambda: model.predict_proba(some))
    if name != MEAN:
        found["explain_ms"] = _each(lambda: model.explain(some, method="contribution"))
    return found, model


def trained(name: str, train: Rows, encoder: Any, seed: int) -> Any:
    """One contender, trained on some rows."""
    if name == MEAN:
        return MeanPooling(encoder).fit(*train)
    parameters = OURS.get(name)
    given = {} if parameters is None else {"encoder": encoder, **parameters}
    return attnpool.TextClassifier(seed=seed, **given).fit(*train)


def draw(rows: Rows, size: int | None, seed: int) -> Rows:
    """The first so many rows in an order of this seed; all of them without a size."""
    order = np.random.default_rng([2026, seed]).permutation(len(rows[0]))[:size].tolist()
    return [rows[0][i] for i in order], [rows[1][i] for i in order]


class MeanPooling:
    """Logistic regression on the means of the last states, its strength by cross-validation.

    Args:
        encoder: The folder of the encoder.
    """

    def __init__(self, encoder: str) -> None:
        from sklearn.linear_model import LogisticRegressionCV

        from attnpool.teachers.encoder import folder_encoder

        self._vectors = folder_encoder(Path(encoder))
        self._model = LogisticRegressionCV(
            Cs=10, cv=5, max_iter=2000, l1_ratios=(0,), use_legacy_attributes=False
        )

    def fit(self, texts: list[str], labels: list[str]) -> MeanPooling:
        """Train."""
        self._model.fit(self._read(texts), labels)
        return self

    def predict_proba(self, texts: list[str]) -> np.ndarray:
        """The probability of each class."""
        found: np.ndarray = self._model.predict_proba(self._read(texts))
        return found

    def score(self, texts: list[str], labels: list[str]) -> float:
        """The accuracy."""
        return float(self._model.score(self._read(texts), labels))

    def _read(self, texts: list[str]) -> np.ndarray:
        return self._vectors(texts, lambda _: None)


def _each(work: Callable[[], Any]) -> float:
    """Milliseconds a text, the median of some rounds after one that is not counted."""
    seconds = []
    for _ in range(1 + _ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return median(seconds[1:]) / _TIMED * 1000
