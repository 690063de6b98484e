"""The tables of docs/few-labels.md, from the runs alone."""

from __future__ import annotations

import statistics
from pathlib import Path

import numpy as np

from attnpool.explain.faithfulness.bootstrap import bootstrap
from benchmarks.few_labels import record
from benchmarks.few_labels.contenders import CONTENDERS, splits_of
from benchmarks.few_labels.protocol import SETS, SIZES
from benchmarks.few_labels.record import Found, Run
from benchmarks.results import between

NOTHING = "Not measured yet."
TITLES = {
    "thucnews-titles": "news titles, 10 classes",
    "hotel": "hotel reviews",
    "weibo-senti-100k": "Weibo, emoji stripped",
    "sst2": "SST-2, English",
}
OURS, RIVAL, TAUGHT, ALONE = "attnpool", "TF-IDF + LR", "teacher", "teacher alone"
TARGETS = {
    ("thucnews-titles", "50"): 0.57,
    ("thucnews-titles", "200"): 0.755,
    ("hotel", "50"): 0.77,
    ("hotel", "200"): 0.86,
    ("sst2", "50"): 0.65,
    ("sst2", "200"): 0.725,
}
"""Accuracy that is wanted of a model with a teacher."""

DRAWS = 2000


def write(docs: Path, found: Found) -> None:
    file = docs / "few-labels.md"
    text = file.read_text("utf-8")
    for place, part in tables(found).items():
        text = between(text, place, part)
    record.swap(file, text)


def tables(found: Found) -> dict[str, str]:
    """The parts of the page by the names of their places."""
    drawn = {name: accuracies(found, name) for name in SETS}
    drawn["difference"] = differences(found, OURS, RIVAL)
    drawn["with a teacher"] = targets(found)
    return drawn


def accuracies(found: Found, name: str) -> str:
    """Sizes by contenders: mean and standard deviation over splits, median seconds."""
    sizes = [size for size in SIZES if found.get(name, {}).get(size)]
    if not sizes:
        return NOTHING
    lines = []
    for size in sizes:
        runs = [record.of(found, name, size, contender) for contender in CONTENDERS]
        lines.append([_labels(size, runs), *(_cell(of, size) for of in runs)])
    return _rows(["labels", *CONTENDERS], lines)


def differences(found: Found, one: str, other: str) -> str:
    """One contender less another by set and size, on the splits that have both."""
    lines = []
    for name in SETS:
        cells = []
        for size in SIZES:
            ours, theirs = (record.of(found, name, size, who) for who in (one, other))
            cells.append(_difference(ours, theirs, size))
        if any(cells):
            lines.append([TITLES[name], *cells])
    return _rows([f"{one} less {other}", *map(_size, SIZES)], lines) if lines else NOTHING


def targets(found: Found) -> str:
    """What is wanted of a model with a teacher, and what it has."""
    lines = []
    for (name, size), wanted in TARGETS.items():
        runs = record.of(found, name, size, TAUGHT)
        if runs:
            reached = "yes" if _mean(runs) >= wanted else f"no, {_mean(runs) - wanted:+.3f}"
            gain = _difference(runs, record.of(found, name, size, RIVAL), size)
            alone = _cell(record.of(found, name, size, ALONE), size, timed=False)
            spread = _cell(runs, size, timed=False)
            lines.append([TITLES[name], size, f"{wanted:.3f}", spread, reached, gain, alone])
    head = ["data", "labels", "target", TAUGHT, "reached", f"less {RIVAL}", ALONE]
    return _rows(head, lines) if lines else NOTHING


def _labels(size: str, runs: list[dict[str, Run]]) -> str:
    counts = [run["labelled"] for of in runs for run in of.values()]
    return _size(size) if size.isdigit() else f"all ({statistics.median(counts):,.0f})"


def _size(size: str) -> str:
    return f"{int(size):,}" if size.isdigit() else size


def _mean(runs: dict[str, Run]) -> float:
    return statistics.mean(run["accuracy"] for run in runs.values())


def _cell(runs: dict[str, Run], size: str, *, timed: bool = True) -> str:
    if not runs:
        return ""
    accuracies = [run["accuracy"] for run in runs.values()]
    spread = f" ± {statistics.stdev(accuracies):.3f}" if len(runs) > 1 else ""
    seconds = statistics.median(run["seconds"] for run in runs.values())
    took = f", {_seconds(seconds)} s" if timed and seconds else ""
    return f"{_mean(runs):.3f}{spread}{took}{_few(len(runs), size)}"


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f}" if seconds >= 10 else f"{seconds:.1f}"


def _difference(ours: dict[str, Run], theirs: dict[str, Run], size: str) -> str:
    """The mean with the interval of a paired bootstrap over test rows, and splits' deviation."""
    splits = sorted(set(ours) & set(theirs))
    if not splits:
        return ""
    pairs = [(record.right_of(ours[k]), record.right_of(theirs[k])) for k in splits]
    less = [a.astype(float) - b.astype(float) for a, b in pairs]
    of = bootstrap(np.concatenate(less), draws=DRAWS)
    spread = f" ± {statistics.stdev(map(np.mean, less)):.3f}" if len(splits) > 1 else ""
    interval = f"[{of.low:+.3f}, {of.high:+.3f}]"
    return f"{of.mean:+.3f} {interval}{spread}{_few(len(splits), size)}"


def _few(splits: int, size: str) -> str:
    """A note where not all splits are there."""
    wanted = splits_of(size)
    return "" if splits >= wanted else f" ({splits} of {wanted} splits)"


def _rows(head: list[str], lines: list[list[str]]) -> str:
    parts = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(part)} |" for part in parts)
