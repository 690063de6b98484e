"""One set: all contenders in turn, from trained models to figures."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.deploy.contenders import COMPACT, OURS, WHOLE, Contender, Job, compared
from benchmarks.deploy.environments import Environments, file_size
from benchmarks.deploy.scale import Scale
from benchmarks.deploy.workers import Worker, cold_starts
from benchmarks.sets import Split, cleaned
from benchmarks.speed.measuring import figures

SPLIT = "split"
"""Reading a text and splitting its logit: all of `explain` but making the `Explanation`."""


def measure(job: Job, environments: Environments) -> dict[str, Any]:
    """What is to be recorded of a set."""
    contenders = compared(job.split)
    models = {one.name: one.train(job) for one in contenders}
    texts, clean = job.split.test[0], cleaned(job.split)[1]
    place = typical(texts)
    commands = {
        one.name: one.command(environments, models[one.name], (texts if one.ours else clean)[place])
        for one in contenders
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        workers = {}
        for one in contenders:
            file = folder / f"{one.ours}.json"
            file.write_text(json.dumps(texts if one.ours else clean), "utf-8")
            python = environments.program(one.environment)
            workers[one.name] = stack.enter_context(
                Worker(python, one.module, models[one.name], file)
            )
        answers = _answers(contenders, workers, job.split)
        found = _warm(workers, job.scale, len(texts))
        ours = {name: workers[name] for name in OURS}
        explaining = _warm(ours, job.scale, len(texts), "explain")
        split = _each({COMPACT: ours[COMPACT]}, job.scale, SPLIT)[COMPACT]
        logits = _batches({name: ours[name] for name in (WHOLE, COMPACT)}, job.scale, "logits")
    # Workers are gone: what starts cold has the machine to itself.
    cold = cold_starts(commands, job.scale.rounds)
    truth = np.array(job.split.test[1])
    for name, of in found.items():
        of |= {"bytes": file_size(models[name]), "cold": cold[name]}
        of["right"] = int((answers[name] == truth).sum())
        if name in OURS:
            of["alike"] = int((answers[name] == answers[WHOLE]).sum())
    return {
        "title": job.split.title,
        "train": len(job.split.train[0]),
        "test": len(texts),
        "mean_length": float(np.mean([len(text) for text in texts])),
        "cold_length": len(texts[place]),
        "contenders": found,
        "explaining": explaining,
        SPLIT: figures(split, 1),
        "logits": {name: figures(seconds, len(texts)) for name, seconds in logits.items()},
    }


def typical(texts: Sequence[str]) -> int:
    """The place of a text of median length, of those that a command line takes as they are."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    plain = [i for i in order.tolist() if texts[i].isprintable() and texts[i][:1] not in ("", "-")]
    return plain[len(plain) // 2]


def _answers(
    contenders: Sequence[Contender], workers: dict[str, Worker], split: Split
) -> dict[str, np.ndarray]:
    """The label that each contender gives each test text."""
    numbered = {f"__label__{i}": name for i, name in enumerate(sorted(set(split.train[1])))}
    return {
        one.name: np.array([numbered.get(label, label) for label in answers])
        for one in contenders
        for answers in [workers[one.name].answers("predict")]
    }


def _warm(
    workers: dict[str, Worker], scale: Scale, count: int, job: str = "predict"
) -> dict[str, dict[str, Any]]:
    """Figures of all texts at once, and of one text at a time."""
    batches, each = _batches(workers, scale, job), _each(workers, scale, job)
    return {
        name: {"batch": figures(batches[name], count), "one": figures(each[name], 1)}
        for name in workers
    }


def _batches(workers: dict[str, Worker], scale: Scale, job: str) -> dict[str, list[float]]:
    """The seconds of each round for all texts; in turn, after a round that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in workers}
    for number in range(1 + scale.rounds):
        for name, worker in workers.items():
            took = worker.batch(job)
            if number:
                seconds[name].append(took)
    return seconds


def _each(workers: dict[str, Worker], scale: Scale, job: str) -> dict[str, list[float]]:
    """The seconds of each of some texts by itself: others each round, the first not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in workers}
    for number in range(1 + scale.rounds):
        start = number * scale.singles
        for name, worker in workers.items():
            took = worker.each(job, start, start + scale.singles)
            if number:
                seconds[name] += took
    return seconds
