"""The machine's matrix-multiplication limit, and how much of it a computation asks for."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.speed.measuring import Job

NAME = "torch.mm"
SIZE = 2048


def job(rounds: int) -> Job:
    """A product of two large float32 matrices, to be timed in turn with everything else."""
    generator = torch.Generator().manual_seed(0)
    a, b = (torch.rand(SIZE, SIZE, generator=generator) for _ in range(2))
    torch.mm(a, b)
    return Job(NAME, lambda: torch.mm(a, b), rounds)


def gflops(seconds: Sequence[float]) -> float:
    """Billions of floating-point operations a second, at the median."""
    return 2 * SIZE**3 / statistics.median(seconds) / 1e9


def operations(work: Callable[[], object]) -> int:
    """The floating-point operations of all matrix products that `work` calls for."""
    counter = FlopCounterMode(display=False)
    with counter:
        work()
    return counter.get_total_flops()
