"""What belongs to the whole process and is changed for a while: by many threads as by one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock


class Shared:
    """A context that the first of several threads enters and the last one leaves.

    Each for itself would put back what it has found, and so for good what another had set.

    Args:
        change: Makes what changes the process and puts it back.
    """

    def __init__(self, change: Callable[[], AbstractContextManager[object]]) -> None:
        self._change = change
        self._lock = Lock()
        self._inside = 0
        self._stack = ExitStack()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Within it the change holds."""
        with self._lock:
            if not self._inside:
                self._stack.enter_context(self._change())
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    self._stack.close()


@contextmanager
def _without_advice() -> Iterator[None]:
    with warnings.catch_warnings():
        # What has not converged answers alike; many classes are classes; the tau of constant
        # values is undefined, which NaN says.
        for message in (
            ".*failed to converge",
            "The number of unique classes",
            "An input array is constant",
            "The max_iter was reached",
        ):
            warnings.filterwarnings("ignore", message)
        yield


without_advice = Shared(_without_advice)
"""Without what scikit-learn and scipy say to those who call them."""
