"""The work of several processes, in the order of the rows."""

# A process is told how many threads it has before any library is imported.
from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any, NamedTuple

from attnpool.errors import InputError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from attnpool.bulk.step import Step
    from attnpool.data import Rows

_TRIES = 2
_step: Step | None = None


def worked(
    step: Step, chunks: Iterable[tuple[int, Rows]], workers: int
) -> Generator[tuple[int, Any], None, None]:
    """How many rows each chunk had, and what became of it, in order.

    A chunk for each process and one more wait.

    Args:
        step: What is done with each.
        chunks: The number of each, and its rows.
        workers: How many processes; 1: this one.

    Raises:
        InputError: A process ended twice at the same rows, or the step fails.
    """
    if workers == 1:
        for number, rows in chunks:
            yield len(rows), step(number, rows)
            del rows  # before the next are read
        return
    pool = _Pool(step, workers)
    waiting: deque[_Waiting] = deque()
    try:
        for number, rows in chunks:
            waiting.append(_Waiting(number, rows, pool.submit(number, rows)))
            del rows
            if len(waiting) > workers:
                yield pool.result(waiting)
        while waiting:
            yield pool.result(waiting)
    finally:
        pool.end()


class _Waiting(NamedTuple):
    """Some rows that are worked on."""

    number: int
    rows: Rows
    future: Future[Any]


class _Pool:
    """Processes that are started anew if one of them ends.

    Args:
        step: What they do.
        workers: How many processes.
    """

    def __init__(self, step: Step, workers: int) -> None:
        self._pickled = pickle.dumps(step)
        self._workers = workers
        self._start()

    def _start(self) -> None:
        # Never a fork: threads of the libraries would not be there.
        from concurrent.futures import ProcessPoolExecutor

        threads = max(1, _cores() // self._workers)
        self._processes = ProcessPoolExecutor(
            self._workers,
            mp_context=get_context("spawn"),
            initializer=_begin,
            initargs=(self._pickled, threads),
        )

    def submit(self, number: int, rows: Rows) -> Future[Any]:
        from concurrent.futures.process import BrokenProcessPool

        try:
            with _without_sigint():  # of processes that are not yet ready for it
                return self._processes.submit(_work, number, rows)
        except BrokenProcessPool:  # it is started anew when the first of the waiting is asked
            from concurrent.futures import Future as Failed

            failed: Future[Any] = Failed()
            failed.set_exception(BrokenProcessPool())
            return failed

    def result(self, waiting: deque[_Waiting]) -> tuple[int, Any]:
        """What becomes of the first of those that wait; a process that ended is replaced."""
        from concurrent.futures.process import BrokenProcessPool

        for _ in range(_TRIES):
            number, rows, future = waiting[0]
            try:
                piece = future.result()
            except BrokenProcessPool:
                self.end()
                self._start()
                for i, (number, rows, asked) in enumerate(waiting):
                    if not asked.done() or asked.exception() is not None:
                        waiting[i] = _Waiting(number, rows, self.submit(number, rows))
                continue
            waiting.popleft()
            return len(rows), piece
        raise InputError(
            "a process of --workers ended before it had answered, and again when it was started "
            "anew; it may have run out of memory: use fewer workers"
        )

    def end(self) -> None:
        """End the processes; what they work on is not wanted any more."""
        for process in list((self._processes._processes or {}).values()):
            process.kill()
        self._processes.shutdown(cancel_futures=True)
        # Its locks have names in the system, and this process may end without tidying up.
        del self._processes
        gc.collect()


@contextmanager
def _without_sigint() -> Iterator[None]:
    """Ctrl-C waits, and never comes to processes that are started meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(pickled: bytes, threads: int) -> None:
    """In a new process, before it answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from attnpool.bulk.predictor import use_threads

    use_threads(threads)
    global _step
    _step = pickle.loads(pickled)  # noqa: S301 - from the process that started this one
    assert _step is not None  # noqa: S101
    _step.predictor.threads = threads


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _work(number: int, rows: Rows) -> Any:
    assert _step is not None  # noqa: S101 - `_begin` has run
    return _step(number, rows)
