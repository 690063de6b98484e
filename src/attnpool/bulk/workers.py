"""Answers from several processes, in the order of the questions."""

# A process is told how many threads it has before any library is imported.
from __future__ import annotations

import os
import pickle
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any, TypeVar

from attnpool.errors import InputError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from attnpool.bulk.answers import Answers
    from attnpool.bulk.predictor import Predictor

T = TypeVar("T")
_TRIES = 2
_predictor: Predictor | None = None


def answered(
    predictor: Predictor, chunks: Iterable[tuple[T, Sequence[Any]]], workers: int
) -> Iterator[tuple[T, Answers]]:
    """The answers to each chunk, in order; a chunk for each process and one more wait.

    Args:
        predictor: What answers.
        chunks: What to give back with the answers, and the items.
        workers: How many processes; 1: this one.

    Raises:
        InputError: A process ended twice at the same rows.
    """
    if workers == 1:
        for what, items in chunks:
            yield what, predictor.answers(items)
        return
    pool = _Pool(predictor, workers)
    waiting: deque[tuple[T, Sequence[Any], Future[Answers]]] = deque()
    try:
        for what, items in chunks:
            waiting.append((what, items, pool.submit(items)))
            if len(waiting) > workers:
                yield pool.result(waiting)
        while waiting:
            yield pool.result(waiting)
    finally:
        pool.end()


class _Pool:
    """Processes that are started anew if one of them ends.

    Args:
        predictor: What answers.
        workers: How many processes.
    """

    def __init__(self, predictor: Predictor, workers: int) -> None:
        self._pickled = pickle.dumps(predictor)
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

    def submit(self, items: Sequence[Any]) -> Future[Answers]:
        from concurrent.futures.process import BrokenProcessPool

        try:
            return self._processes.submit(_answer, items)
        except BrokenProcessPool:  # it is started anew when the first of the waiting is asked
            from concurrent.futures import Future as Failed

            failed: Future[Answers] = Failed()
            failed.set_exception(BrokenProcessPool())
            return failed

    def result(self, waiting: deque[tuple[T, Sequence[Any], Future[Answers]]]) -> tuple[T, Answers]:
        """What the first of those that wait is answered; a process that ended is replaced."""
        from concurrent.futures.process import BrokenProcessPool

        for _ in range(_TRIES):
            what, _items, future = waiting[0]
            try:
                answers = future.result()
            except BrokenProcessPool:
                self.end()
                self._start()
                for i, (each, items, asked) in enumerate(waiting):
                    if not asked.done() or asked.exception() is not None:
                        waiting[i] = each, items, self.submit(items)
                continue
            waiting.popleft()
            return what, answers
        raise InputError(
            "a process of --workers ended before it had answered, and again when it was started "
            "anew; it may have run out of memory: use fewer workers"
        )

    def end(self) -> None:
        self._processes.shutdown(wait=False, cancel_futures=True)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(pickled: bytes, threads: int) -> None:
    """In a new process, before it answers."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from attnpool.bulk.predictor import use_threads

    use_threads(threads)
    global _predictor
    _predictor = pickle.loads(pickled)  # noqa: S301 - from the process that started this one
    assert _predictor is not None  # noqa: S101
    _predictor.threads = threads


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _answer(items: Sequence[Any]) -> Answers:
    assert _predictor is not None  # noqa: S101 - `_begin` has run
    return _predictor.answers(items)
