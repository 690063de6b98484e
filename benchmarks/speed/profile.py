"""What the time is spent on: by line of attnpool, by kind of work inside torch, by the limit."""

from __future__ import annotations

import linecache
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from torch.profiler import ProfilerActivity, profile

import attnpool
from benchmarks.speed import limit
from benchmarks.speed.contenders.ours import TrainedOurs
from benchmarks.speed.registry import OURS
from benchmarks.speed.run import Run

PACKAGE = str(Path(attnpool.__file__).parent)
INTERVAL = 0.001
LINES = 12
SMALL = 0.01

KINDS = {
    "matrix products": ("mm", "bmm", "addmm", "baddbmm", "linear", "matmul", "convolution", "conv"),
    "look-up, gather, scatter": ("embedding", "index", "gather", "scatter", "take", "_sparse"),
    "n-gram search, sort, unique": ("searchsorted", "sort", "unique", "bucketize", "coalesce"),
    "optimiser": ("fused_adam", "_fused_adamw", "addcdiv", "addcmul", "sqrt", "lerp"),
    "copies and padding": ("copy", "cat", "clone", "contiguous", "fill", "zero", "pad", "stack"),
}
"""Kinds of work by the beginnings of the names of torch's operators; all others are element by
element."""


def measure(run: Run) -> dict[str, Any]:
    """Training and explaining of attnpool's default model on the rows of the run."""
    rows, contender = run.rows, run.contender(OURS)
    run.ours().answer(rows.test[0])
    # So many times over that a thousand samples fall into it.
    many = rows.test[0] * max(1, 2_000 // len(rows.test[0]))
    short = contender.shortened()
    # The profilers look at one epoch: they remember every call.
    jobs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "training": (lambda: contender.train(rows), lambda: short.train(rows)),
        "prediction with weights": (lambda: run.ours().answer(many),) * 2,
    }
    found = {}
    for name, (job, part) in jobs.items():
        product = limit.job(1)
        began = time.perf_counter()
        for _ in range(10):
            product.run()
        gflops = limit.gflops([(time.perf_counter() - began) / 10])
        began = time.perf_counter()
        result = job()
        seconds = time.perf_counter() - began
        texts = result.gone_through if isinstance(result, TrainedOurs) else len(many)
        done = limit.operations(job)
        found[name] = {
            "seconds": seconds,
            "texts": texts,
            "limit": gflops,
            "gflops": done / seconds / 1e9,
            "share": done / seconds / 1e9 / gflops,
            "lines": by_line(job),
            "kinds": by_kind(part),
        }
    return {"rows": rows.describe(), "work": found}


def by_line(job: Callable[[], object]) -> list[dict[str, Any]]:
    """Where in attnpool the time goes: the innermost line of it, sampled every millisecond.

    Sampling sees what timers would disturb, and needs no change where the code changes.
    """
    main, counts, done = threading.get_ident(), Counter[tuple[str, str, int]](), threading.Event()

    def sample() -> None:
        while not done.wait(INTERVAL):
            frame: FrameType | None = sys._current_frames().get(main)
            while frame is not None and not frame.f_code.co_filename.startswith(PACKAGE):
                frame = frame.f_back
            if frame is not None:
                code = frame.f_code
                counts[code.co_filename, code.co_qualname, frame.f_lineno] += 1

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        job()
    finally:
        done.set()
        sampler.join()
    every = max(1, counts.total())
    return [
        {
            "share": count / every,
            "file": str(Path(file).relative_to(PACKAGE)),
            "function": function,
            "line": linecache.getline(file, number).strip(),
        }
        for (file, function, number), count in counts.most_common(LINES)
        if count / every >= SMALL
    ]


def by_kind(job: Callable[[], object]) -> dict[str, float]:
    """Shares of the time by kind of torch's operators; the rest is Python and numpy."""
    with profile(activities=[ProfilerActivity.CPU], acc_events=True) as recorded:
        began = time.perf_counter()
        job()
        wall = time.perf_counter() - began
    seconds: Counter[str] = Counter()
    for event in recorded.key_averages():
        if event.key.startswith(("aten::", "torch::")):
            seconds[kind(event.key.split("::")[1])] += event.self_cpu_time_total / 1e6
    shares = {name: taken / wall for name, taken in seconds.most_common()}
    return shares | {"outside torch: Python, numpy": max(0.0, 1 - sum(shares.values()))}


def kind(operator: str) -> str:
    """The kind of work of one of torch's operators."""
    plain = operator.lstrip("_").removesuffix("_")
    for name, beginnings in KINDS.items():
        if plain.startswith(tuple(beginning.lstrip("_") for beginning in beginnings)):
            return name
    return "element by element"
