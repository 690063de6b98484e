"""Who is compared on SST-2: a pretrained encoder under our poolings, and what else one would do."""

from __future__ import annotations

import time
from collections.abc import Callable
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
    began = time.perf_counter()
    if name == MEAN:
        return _mean_pooling(train, test, encoder, began)
    parameters = OURS.get(name)
    given = {} if parameters is None else {"encoder": encoder, **parameters}
    model = attnpool.TextClassifier(seed=seed, **given).fit(*train)
    seconds = time.perf_counter() - began
    some = test[0][:_TIMED]
    return {
        "accuracy": model.score(*test),
        "train_seconds": seconds,
        "predict_ms": _each(lambda: model.predict_proba(some)),
        "explain_ms": _each(lambda: model.explain(some, method="contribution")),
        "epochs": model.metrics_["best_epoch"],
    }


def draw(rows: Rows, size: int | None, seed: int) -> Rows:
    """The first so many rows in an order of this seed; all of them without a size."""
    order = np.random.default_rng([2026, seed]).permutation(len(rows[0]))[:size].tolist()
    return [rows[0][i] for i in order], [rows[1][i] for i in order]


def _mean_pooling(train: Rows, test: Rows, encoder: str, began: float) -> Found:
    """Logistic regression on the means of the last states, its strength by cross-validation."""
    from pathlib import Path

    from sklearn.linear_model import LogisticRegressionCV

    from attnpool.teachers.encoder import folder_encoder

    vectors = folder_encoder(Path(encoder))

    def read(texts: list[str]) -> np.ndarray:
        return vectors(texts, lambda _: None)

    model = LogisticRegressionCV(
        Cs=10, cv=5, max_iter=2000, l1_ratios=(0,), use_legacy_attributes=False
    ).fit(read(train[0]), train[1])
    seconds = time.perf_counter() - began
    some = test[0][:_TIMED]
    return {
        "accuracy": float(model.score(read(test[0]), test[1])),
        "train_seconds": seconds,
        "predict_ms": _each(lambda: model.predict_proba(read(some))),
    }


def _each(work: Callable[[], Any]) -> float:
    """Milliseconds a text, the median of some rounds after one that is not counted."""
    seconds = []
    for _ in range(1 + _ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return median(seconds[1:]) / _TIMED * 1000
