"""One encoder, seven poolings, on three sets; part "poolings" of docs/results.md.

Run by `make results ONLY=poolings`. Every pooling has the same seeds and rows; what two differ by
is taken row by row of the test set.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from torch import nn

from attnpool import TextClassifier, TextMatcher
from attnpool.explain.faithfulness.bootstrap import bootstrap
from benchmarks import sets
from benchmarks.matching_sets import lcqmc
from benchmarks.poolings import OwnQuery, PaddedAttention

SEEDS = 5
HIDDEN = 64
REFERENCE = "attention, one head"
Layer = Callable[[int, int], nn.Module]
"""A layer for token vectors of a size, and texts up to a length."""

# What is passed to the estimator; and the layer, where the library has none of this kind.
POOLINGS: dict[str, tuple[dict[str, Any], Layer | None]] = {
    REFERENCE: ({"heads": 1}, None),
    "the same without a mask": (
        {"pooling": "max"},
        lambda dim, longest: PaddedAttention(dim, HIDDEN, longest),
    ),
    "attention, four heads": ({"heads": 4}, None),
    "mean-query: the text's mean asks": ({"pooling": "mean_query"}, None),
    "query: the text's maximum": ({"pooling": "max"}, lambda dim, _: OwnQuery(dim)),
    "mean": ({"pooling": "average"}, None),
    "max": ({"pooling": "max"}, None),
}
TITLES = {"hotel": "hotel reviews", "thucnews-titles": "news titles", "lcqmc": "LCQMC"}
SETS = tuple(TITLES)


def run(name: str, folder: Path, pooling: str, seed: int) -> tuple[np.ndarray, float]:
    """Which test rows were right, and the seconds of training."""
    asked, layer = POOLINGS[pooling]
    model: Any
    if name == "lcqmc":
        split: Any = lcqmc(folder)
        model = TextMatcher(seed=seed, **asked)
        longest = max(len(text) for pair in split.train[0] for text in pair)
    else:
        split = sets.load(name, folder)
        # Poolings are compared by themselves.
        model = TextClassifier(cleanup=split.cleanup, seed=seed, linear=False, **asked)
        longest = max(map(len, sets.cleaned(split)[0]))
    began = time.perf_counter()
    with _pooled_by(layer, longest):
        model.fit(*split.train)
    seconds = time.perf_counter() - began
    return model.predict(split.test[0]) == np.array(split.test[1]), seconds


def _pooled_by(layer: Layer | None, longest: int) -> Any:
    from attnpool.pooling import make_pooling

    def make(name: str, dim: int, *args: Any, **more: Any) -> nn.Module:
        return layer(dim, longest) if layer else make_pooling(name, dim, *args, **more)

    return patch("attnpool.models.net.make_pooling", make)


def measure(name: str, folder: Path, seeds: int = SEEDS) -> dict[str, Any]:
    """What is to be recorded of one set."""
    found: dict[str, Any] = {}
    reference = np.zeros(0)
    for pooling in POOLINGS:
        rights, seconds = zip(
            *(run(name, folder, pooling, seed) for seed in range(seeds)), strict=True
        )
        often = np.mean(rights, axis=0)
        reference = often if pooling == REFERENCE else reference
        found[pooling] = {
            "accuracy": float(often.mean()),
            "sd": statistics.stdev(float(right.mean()) for right in rights),
            "seconds": statistics.median(seconds),
            "ahead": bootstrap(often - reference, draws=10_000)._asdict(),
        }
        print(name, pooling, found[pooling], flush=True)
    return found


def table(found: dict[str, dict[str, Any]]) -> str:
    """The rows of the page: a line for each pooling, two columns a set."""
    known = [name for name in SETS if name in found]
    if not known:
        return ""
    titles = [f"{TITLES[name]} | less the first" for name in known]
    lines = ["| pooling | " + " | ".join(titles) + " |", "|" + "---|" * (1 + 2 * len(known))]
    for pooling in POOLINGS:
        cells = [_cells(pooling, found[name][pooling]) for name in known]
        lines.append(f"| {pooling} | " + " | ".join(chain.from_iterable(cells)) + " |")
    return "\n".join(lines)


def _cells(pooling: str, one: dict[str, Any]) -> Sequence[str]:
    ahead = "{mean:+.3f} [{low:+.3f}, {high:+.3f}]".format(**one["ahead"])
    return [f"{one['accuracy']:.3f} ± {one['sd']:.3f}", "" if pooling == REFERENCE else ahead]
