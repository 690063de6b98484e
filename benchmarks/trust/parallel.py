"""Jobs in which no time is measured, several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

import torch


def at_once(jobs: Sequence[Callable[[], Any]], processes: int) -> Iterator[Any]:
    """What each job gives, as they are done.

    Args:
        jobs: What can be pickled and called.
        processes: How many at once, each on one thread; 1 for here, in turn.
    """
    if processes == 1:
        for job in jobs:
            yield job()
        return
    how = {"mp_context": get_context("spawn"), "initializer": torch.set_num_threads}
    with ProcessPoolExecutor(processes, initargs=(1,), **how) as pool:
        try:
            for done in as_completed([pool.submit(job) for job in jobs]):
                yield done.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
