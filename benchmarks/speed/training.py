"""From strings and labels to a trained model: texts gone through a second."""

from __future__ import annotations

from benchmarks.speed import limit
from benchmarks.speed.contender import Trained
from benchmarks.speed.measuring import WARM, Job, alternate, figures
from benchmarks.speed.run import Run


def measure(run: Run) -> dict:
    """Every contender in turn, the machine's matrix limit among them."""
    last: dict[str, Trained] = {}
    gone: dict[str, list[int]] = {name: [] for name in run.names}
    contenders = {name: run.contender(name) for name in run.names}
    for contender in contenders.values():
        # What is imported at the first training is no part of each.
        contender.shortened().train(run.rows.cut(WARM, 1))

    def train(name: str) -> None:
        last[name] = contenders[name].train(run.rows)
        gone[name].append(last[name].gone_through)

    slow, quick = run.scale.slow_rounds, run.scale.rounds
    jobs = [
        Job(name, lambda name=name: train(name), slow if contenders[name].slow else quick)
        for name in run.names
    ]
    taken = alternate([limit.job(quick), *jobs])
    found = {}
    for name in run.names:
        # A model may stop after another number of epochs from run to run: all runs' texts count.
        mean = sum(gone[name]) / len(gone[name])
        found[name] = figures(taken[name], mean) | {"note": last[name].note}
        if last[name].whole:
            texts, truth = run.rows.test
            right = [a == b for a, b in zip(last[name].labels(texts), truth, strict=True)]
            found[name]["accuracy"] = sum(right) / len(right)
        run.keep(name, last[name])
    return {
        "rows": run.rows.describe(),
        "limit": limit.gflops(taken[limit.NAME]),
        "contenders": found,
    }
