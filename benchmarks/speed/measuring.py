"""Jobs in turn, round after round, and the medians of what they took."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WARM = 64
"""Rows that suffice to warm a contender up."""


@dataclass(frozen=True)
class Job:
    """Something to measure.

    Attributes:
        name: What tables call it.
        run: What is timed.
        rounds: How often; a slow job may sit out the later rounds.
        units: What a run works through, such as texts.
    """

    name: str
    run: Callable[[], object]
    rounds: int
    units: float = 1.0


def alternate(jobs: Sequence[Job], *, quiet: bool = False) -> dict[str, list[float]]:
    """Run the jobs A B C A B C …; the seconds of each run by the job's name.

    Args:
        jobs: What to run.
        quiet: For jobs of milliseconds: nothing is told, and no garbage collected, in between.
    """
    seconds: dict[str, list[float]] = {job.name: [] for job in jobs}
    for number in range(max((job.rounds for job in jobs), default=0)):
        for job in jobs:
            if number >= job.rounds:
                continue
            if not quiet:
                gc.collect()
            began = time.perf_counter()
            job.run()
            seconds[job.name].append(time.perf_counter() - began)
            if not quiet:
                told = f"round {number + 1}  {job.name}  {seconds[job.name][-1]:.3g} s"
                print(told, file=sys.stderr, flush=True)
    return seconds


def figures(seconds: Sequence[float], units: float) -> dict[str, float]:
    """The median, the rate that goes with it, the extremes and the number of runs."""
    median = statistics.median(seconds)
    return {
        "seconds": median,
        "least": min(seconds),
        "most": max(seconds),
        "rounds": len(seconds),
        "units": units,
        "rate": units / median,
    }


def measured(jobs: Sequence[Job]) -> dict[str, dict[str, float]]:
    """`figures` of each job, measured in turn."""
    taken = alternate(jobs)
    return {job.name: figures(taken[job.name], job.units) for job in jobs}


def check_clock() -> None:
    """Measure two jobs whose times are known, before anything else is believed.

    Raises:
        RuntimeError: The clock does not tell that one takes three times as long.
    """
    jobs = [Job(name, lambda s=s: time.sleep(s), 5, 10) for name, s in (("a", 0.01), ("b", 0.03))]
    taken = {name: figures(took, 10) for name, took in alternate(jobs, quiet=True).items()}
    times = ratio(taken, "a", "b") or 0.0
    if taken["a"]["seconds"] < 0.01 or not 1.5 <= times <= 4.5:
        raise RuntimeError(
            f"30 ms took {times:.1f} times as long as 10 ms: the machine is too busy"
        )


def ratio(of: Mapping[str, Mapping[str, float]], name: str, to: str) -> float | None:
    """How many times as fast the one is as the other, by rate; None where one is missing."""
    if name not in of or to not in of:
        return None
    return of[name]["rate"] / of[to]["rate"]
