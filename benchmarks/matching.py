"""Matchers beside what people would use instead, on the same rows; rows "matching" of the page.

Run by `make results ONLY=lcqmc` or `python -m benchmarks.results --only lcqmc`; with
`--contender NAME ...` only some of them anew, the others' figures stay.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from attnpool.explain.faithfulness.bootstrap import bootstrap
from benchmarks import sets
from benchmarks.matching_baselines import (
    Fitted,
    majority,
    tfidf_cosine,
    tfidf_regression,
)
from benchmarks.matching_sets import Pair, PairSplit, lcqmc, order_test

SEEDS = 5
ARCHITECTURES = ("siamese", "interaction", "alignment", "triplet")
LABEL = "label"
Fit = Callable[[list[Pair], list[int], int], Fitted]
Measures = dict[str, Any]


def matcher(architecture: str) -> Fit:
    """`TextMatcher` as it comes, with one way of meeting."""

    def fit(pairs: list[Pair], labels: list[int], seed: int) -> Fitted:
        from attnpool import TextMatcher

        model = TextMatcher(architecture=architecture, seed=seed)
        began = time.perf_counter()
        model.fit(pairs, labels)
        seconds = time.perf_counter() - began
        return Fitted(model.decision_function, model.predict, seconds)

    return fit


@dataclass(frozen=True)
class Contender:
    """How to fit, whether on AFQMC's rows too, and how many seeds."""

    fit: Fit
    extra: bool = False
    seeds: int = SEEDS


CONTENDERS = {
    **{name: Contender(matcher(name)) for name in ARCHITECTURES},
    "siamese, AFQMC too": Contender(matcher("siamese"), True),
    "TF-IDF + logistic regression": Contender(tfidf_regression, seeds=1),
    "TF-IDF + logistic regression, AFQMC too": Contender(tfidf_regression, True, 1),
    "TF-IDF cosine": Contender(tfidf_cosine, seeds=1),
    "majority class": Contender(majority, seeds=1),
}


def lcqmc_runs(name: str, folder: Path) -> list[Measures]:
    """One contender on LCQMC, seed after seed."""
    split, contender = lcqmc(folder), CONTENDERS[name]
    pairs, labels = (
        a + b if contender.extra else a for a, b in zip(split.train, split.extra, strict=True)
    )
    runs = []
    for seed in range(contender.seeds):
        fitted = contender.fit(pairs, labels, seed)
        ahead = right(fitted, split) - linear(folder)
        runs.append(measures(fitted, split) | {"ahead": ahead, "seconds": fitted.seconds})
        print(name, len(pairs), fitted.note, runs[-1]["accuracy"], flush=True)
    return runs


@cache
def linear(folder: Path) -> np.ndarray:
    """Which test rows the linear model has right: what the others are compared with."""
    split = lcqmc(folder)
    return right(tfidf_regression(*split.train, 0), split)


def right(fitted: Fitted, split: PairSplit) -> np.ndarray:
    """Which test rows are right, 1 or 0."""
    pairs, labels = split.test
    return (fitted.predict(pairs) == np.array(labels)).astype(float)


def measures(fitted: Fitted, split: PairSplit) -> Measures:
    """Accuracy; the area under the ROC curve; the share of triplets ordered right."""
    pairs, labels = split.test
    found = {"accuracy": float(right(fitted, split).mean())}
    if fitted.score is not None:
        found["auc"] = float(roc_auc_score(labels, fitted.score(pairs)))
        found["ordered"] = ordered(fitted.score, order_test(split.test))
    return found


def ordered(
    score: Callable[[Sequence[Pair]], np.ndarray], triplets: Sequence[tuple[str, str, str]]
) -> float:
    """The share of triplets whose anchor is nearer to its positive; a tie counts half."""
    near = score([(anchor, positive) for anchor, positive, _ in triplets])
    far = score([(anchor, negative) for anchor, _, negative in triplets])
    return float((near > far).mean() + (near == far).mean() / 2)


def titles_runs(name: str, folder: Path) -> list[Measures]:
    """Titles classified by ranking all their labels as texts."""
    from attnpool import TextMatcher

    split = sets.load("thucnews-titles", folder)
    runs = []
    for seed in range(SEEDS):
        model = TextMatcher(architecture=name, cleanup=split.cleanup, seed=seed)
        began = time.perf_counter()
        model.fit(*split.train)
        seconds = time.perf_counter() - began
        right = [a == b for a, b in zip(model.predict(split.test[0]), split.test[1], strict=True)]
        runs.append({"accuracy": statistics.mean(right), "seconds": seconds})
        print(name, runs[-1], flush=True)
    return runs


MATCHING = {
    "lcqmc": ("LCQMC", tuple(CONTENDERS), lcqmc_runs),
    "titles-by-label": ("news titles, all ten labels ranked", (LABEL,), titles_runs),
}


def measure(name: str, folder: Path, wanted: Sequence[str], before: dict) -> dict:
    """What is to be recorded of one set; contenders not wanted keep what was found before."""
    title, contenders, runs_of = MATCHING[name]
    found = dict(before.get("contenders", {}))
    for contender in contenders:
        if not wanted or contender in wanted:
            found[contender] = summary(runs_of(contender, folder))
    kept = {contender: found[contender] for contender in contenders if contender in found}
    return {"title": title, "contenders": kept}


def summary(runs: Sequence[Measures]) -> dict:
    """Mean and standard deviation of every measure; of seconds the median.

    Of the lead over the linear model the interval over test rows, of their means over seeds.
    """
    found: dict[str, Any] = {}
    for key in runs[0]:
        values = [run[key] for run in runs]
        if key == "seconds":
            found[key] = statistics.median(values)
        elif key == "ahead":
            found[key] = bootstrap(np.mean(values, axis=0), draws=10_000)._asdict()
        else:
            found[key] = statistics.mean(values)
            found[f"{key} sd"] = statistics.stdev(values) if len(values) > 1 else None
    return found


def table(found: dict[str, dict]) -> str:
    """The rows of the page: a line for each contender."""
    lines = [
        "| data | contender | accuracy | less the linear model's | ROC AUC "
        "| triplets ordered right | training |",
        "|" + "---|" * 7,
    ]
    for name in MATCHING:
        for contender, one in found.get(name, {}).get("contenders", {}).items():
            cells = [_cell(one, key) for key in ("accuracy", "ahead", "auc", "ordered")]
            took = f"{one['seconds']:.0f} s" if one["seconds"] >= 0.5 else ""
            line = " | ".join([found[name]["title"], contender, *cells, took])
            lines.append(f"| {line} |")
    return "\n".join(lines)


def _cell(one: dict, key: str) -> str:
    if key not in one or one[key] == {"mean": 0.0, "low": 0.0, "high": 0.0}:
        return ""  # nothing to tell, such as of the linear model beside itself
    if key == "ahead":
        return "{mean:+.3f} [{low:+.3f}, {high:+.3f}]".format(**one[key])
    spread = one[f"{key} sd"]
    return f"{one[key]:.3f}" + ("" if spread is None else f" ± {spread:.3f}")
