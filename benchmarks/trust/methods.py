"""Part 1: every method on every set, beside a random order."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.trust.figures import interval, plain, rows, written
from benchmarks.trust.measuring import METHODS, SIZE
from benchmarks.trust.run_cache import Run

ORDER = ("random", "attention", SIZE, *METHODS[1:])
PAIRS = (("contribution", "leave_one_out"), ("contribution", "attention"))
MARGIN = 0.01
"""By how much worse than leave-one-out still counts as no worse."""


def summary(title: str, runs: Sequence[Run]) -> dict[str, Any]:
    """What the page says of one set: the figures of runs with several seeds."""
    return {
        "title": title,
        "texts": len(runs[0]["deletion"]["random"]["tau"]),
        "seeds": len(runs),
        "accuracy": statistics.mean(run["accuracy"] for run in runs),
        "predicted_per_second": plain(
            statistics.median(c["predicted_per_second"] for r in runs for c in r["cost"].values())
        ),
        "methods": {name: _of_method(runs, name) for name in ORDER},
        "masking": {
            name: {k: _over_texts(runs, "masking", name, k) for k in _MEASURES} for name in ORDER
        },
        "differences": _differences(runs),
    }


def summary_of_every(title: str, runs: Sequence[Run]) -> dict[str, Any]:
    """What the page says of a set whose held rows were all asked: the differences alone."""
    return {
        "title": title,
        "texts": len(runs[0]["deletion"]["random"]["tau"]),
        "seeds": len(runs),
        "differences": _differences(runs),
    }


def _differences(runs: Sequence[Run]) -> dict[str, Any]:
    return {f"{a} - {b}": difference(runs, a, b) for a, b in PAIRS}


_MEASURES = ("comprehensiveness", "sufficiency")


def _of_method(runs: Sequence[Run], name: str) -> dict[str, Any]:
    found: dict[str, Any] = {k: _over_texts(runs, "deletion", name, k) for k in (*_MEASURES, "tau")}
    # Its size costs what the contribution costs.
    paid = [run["cost"]["contribution" if name == SIZE else name] for run in runs]
    for k in ("passes", "texts_per_second"):
        found[k] = plain(statistics.median(of[k] for of in paid))
    return found


def _over_texts(runs: Sequence[Run], how: str, name: str, measure: str) -> Any:
    return interval([run[how][name][measure] for run in runs])


def difference(runs: Sequence[Run], one: str, other: str) -> dict[str, Any]:
    """What two methods differ by, text by text: a paired bootstrap.

    `no_worse` says whether the 95 % bound on the bad side is within `MARGIN`: the lower one of
    comprehensiveness, of which more is better, the upper one of sufficiency, of which less is.
    """
    found = {}
    for measure in _MEASURES:
        pairs = [[run["deletion"][name][measure] for name in (one, other)] for run in runs]
        found[measure] = interval([np.subtract(a, b) for a, b in pairs])
    low, high = found["comprehensiveness"]["low"], found["sufficiency"]["high"]
    found["no_worse"] = {
        "comprehensiveness": low is not None and low >= -MARGIN,
        "sufficiency": high is not None and high <= MARGIN,
    }
    return found


def table(found: Sequence[dict[str, Any]]) -> str:
    """By deletion, with what each method costs."""
    head = "data, method, comprehensiveness ↑, sufficiency ↓, tau with leave-one-out"
    return rows(
        [*head.split(", "), "cost in predictions", "texts a second"],
        [
            [
                one["title"],
                _name(method),
                *(written(of[k]) for k in (*_MEASURES, "tau")),
                f"{of['passes']:.1f}",
                f"{of['texts_per_second']:,.0f}",
            ]
            for one in found
            for method, of in one["methods"].items()
        ],
    )


def masking_table(found: Sequence[dict[str, Any]]) -> str:
    """By masking."""
    return rows(
        ["data", "method", "comprehensiveness ↑", "sufficiency ↓"],
        [
            [one["title"], _name(method), *(written(of[k]) for k in _MEASURES)]
            for one in found
            for method, of in one["masking"].items()
        ],
    )


def differences_table(found: Sequence[dict[str, Any]]) -> str:
    """What the methods differ by, and whether contribution is no worse than leave-one-out."""
    lines = [
        [one["title"], _name(name), *(_verdict(name, of, k) for k in _MEASURES)]
        for one in found
        for name, of in one["differences"].items()
    ]
    return rows(["data", "difference", "comprehensiveness", "sufficiency"], lines)


def _verdict(name: str, of: dict[str, Any], measure: str) -> str:
    if not name.endswith("leave_one_out"):
        return written(of[measure])
    said = "no worse" if of["no_worse"][measure] else "**may be worse**"
    return f"{written(of[measure])}: {said}"


def _name(method: str) -> str:
    return method.replace(" - ", " − ").replace("random", "random order").replace("_", " ")
