"""Progress bars on stderr, and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_FEWEST = 2  # steps that are worth a bar


class Progress:
    """Shows nothing: the default in Python."""

    @contextmanager
    def bar(self, what: str, total: int) -> Iterator[Callable[[int], object]]:
        """A bar of `total` steps; call what it yields with the steps done."""
        del what, total
        yield lambda _: None


class TerminalProgress(Progress):
    """rich's bars on stderr; nothing where stderr is no terminal."""

    @contextmanager
    def bar(self, what: str, total: int) -> Iterator[Callable[[int], object]]:
        """A bar of `total` steps; call what it yields with the steps done."""
        if total < _FEWEST or not (sys.stderr and sys.stderr.isatty()):
            yield lambda _: None  # at once: to import bars takes longer than to explain a text
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Bars(*columns, console=console, transient=True) as b:
            task = b.add_task(what, total=total)
            yield lambda steps: b.advance(task, steps)
