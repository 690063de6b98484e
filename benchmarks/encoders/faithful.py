"""How faithful the parts of tokens are through an encoder, beside other methods."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import numpy as np

import attnpool
from attnpool.explain.faithfulness.bootstrap import bootstrap
from attnpool.explain.methods import integrated_gradients

METHODS = ("contribution", "leave_one_out", "integrated_gradients", "attention", "gradient_x_input")
AGAINST = ("leave_one_out", "integrated_gradients")
STEPS = 50
_TIMED, _ROUNDS = 64, 5


def measure(model: attnpool.TextClassifier, texts: list[str]) -> dict[str, Any]:
    """Comprehensiveness and sufficiency of each method, and paired differences."""
    integrated_gradients.STEPS = STEPS
    measured = model.faithfulness(texts, METHODS, curves=False)
    own = measured["contribution"]
    differences = {
        other: {
            "comprehensiveness": plain(_paired(own, measured[other], "comprehensiveness")),
            "sufficiency": plain(_paired(own, measured[other], "sufficiency")),
        }
        for other in AGAINST
    }
    return {
        "texts": len(texts),
        "methods": {
            name: {
                "comprehensiveness": plain(of.aopc_comprehensiveness),
                "sufficiency": plain(of.aopc_sufficiency),
            }
            for name, of in measured.items()
        },
        "differences": differences,
    }


def _paired(one: Any, other: Any, measure: str) -> Any:
    return bootstrap(getattr(one, measure).mean(axis=1) - getattr(other, measure).mean(axis=1))


def plain(mean: Any) -> dict[str, float]:
    """A mean and its interval for JSON."""
    return {name: float(value) for name, value in mean._asdict().items()}


def costs(model: attnpool.TextClassifier, texts: list[str]) -> dict[str, float]:
    """The time of each method over that of predicting the same texts; in turn, medians."""
    integrated_gradients.STEPS = STEPS
    texts = texts[:_TIMED]
    works: dict[str, Any] = {"predict": lambda: model.predict_proba(texts)}
    for name in METHODS:
        works[name] = lambda name=name: model.explain(texts, method=name)
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for number in range(1 + _ROUNDS):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if number:
                seconds[name].append(time.perf_counter() - began)
    base = np.array(seconds["predict"])
    return {name: float(median(np.array(seconds[name]) / base)) for name in METHODS}
