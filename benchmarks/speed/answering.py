"""From strings to answers, with weights where a contender has any: many texts, and one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from benchmarks.speed import limit
from benchmarks.speed.contender import Trained
from benchmarks.speed.measuring import Job, alternate, figures
from benchmarks.speed.registry import CONTENDERS, FUSED, KERAS, OURS, TWIN
from benchmarks.speed.run import Run

TOKENISING = "tokenising alone"


def prediction(run: Run) -> dict:
    """All test texts at once."""
    texts = run.rows.test[0]
    names = [name for name in run.names if name != FUSED]
    models = {name: run.trained(name) for name in names}
    for model in models.values():
        model.answer(texts)
    slow, quick = run.scale.slow_rounds, run.scale.rounds
    jobs = [
        Job(
            name,
            lambda name=name: models[name].answer(texts),
            slow if name == KERAS else quick,
        )
        for name in names
    ]
    ours, twin = run.ours().model, run.twin()
    reading = [
        Job(f"{OURS}, {TOKENISING}", lambda: ours.tokenizer_.encode(texts), quick, len(texts)),
        Job(f"{TWIN}, {TOKENISING}", lambda: twin.encode(texts), quick, len(texts)),
    ]
    taken = alternate([limit.job(quick), *jobs, *reading])
    found = {}
    for name in names:
        one = figures(taken[name], len(texts))
        one["characters_per_second"] = run.rows.characters / one["seconds"]
        one["weights"] = CONTENDERS[name]().weighs
        found[name] = one
    return {
        "rows": run.rows.describe(),
        "characters": run.rows.characters,
        "limit": limit.gflops(taken[limit.NAME]),
        "difference": difference(run),
        "tokenising": {
            name: figures(taken[job.name], job.units)
            for name, job in zip((OURS, TWIN), reading, strict=True)
        },
        "contenders": found,
    }


def difference(run: Run) -> float:
    """How far the twin's logits and weights are from the model's at most, over all test texts."""
    ours = run.alone().answer(run.rows.test[0])
    apart = 0.0
    for explanation, (logits, weights) in zip(
        ours, run.twin().answer(run.rows.test[0]), strict=True
    ):
        number = explanation.labels.index(explanation.target)
        apart = max(
            apart,
            abs(explanation.logit - float(logits[number] - logits.mean())),
            float(np.abs(explanation.sides[0].weights.T - weights).max(initial=0.0)),
        )
    return apart


def single(run: Run) -> dict:
    """One text after the other, each by itself, warm; in turn as everything else."""
    names = [name for name in run.names if name != FUSED]
    jobs = []
    for name in names:
        model, texts = run.trained(name), itertools.cycle(run.rows.test[0])

        def one(model: Trained = model, texts: Iterator[str] = texts) -> object:
            return model.one(next(texts))

        for _ in range(3):
            one()
        jobs.append(Job(name, one, run.scale.slow_singles if name == KERAS else run.scale.singles))
    taken = alternate(jobs, quiet=True)
    return {
        "rows": run.rows.describe(),
        "contenders": {
            name: figures(taken[name], 1) | {"ninetieth": float(np.percentile(taken[name], 90))}
            for name in names
        },
    }
