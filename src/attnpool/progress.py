"""Progress bars on stderr, and only on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

_FEWEST = 2  # steps that are worth a bar
_LEAST = {"COLUMNS": 10, "LINES": 1}
_MOST = 10_000


class Progress:
    """Shows nothing: the default in Python."""

    @contextmanager
    def bar(self, what: str, total: int, unit: str = "") -> Iterator[Callable[[int], object]]:
        """A bar of `total` steps; call what it yields with the steps done.

        Args:
            what: What is done.
            total: How many steps it takes.
            unit: What a step is, in the plural, where it is told how many are done a second.
        """
        del what, total, unit
        yield lambda _: None

    @contextmanager
    def count(self, what: str) -> Iterator[Callable[[int], object]]:
        """Rows whose total nobody knows; call what it yields with the rows done."""
        del what
        yield lambda _: None


class TerminalProgress(Progress):
    """rich's bars on stderr; nothing where stderr is no terminal."""

    @contextmanager
    def bar(self, what: str, total: int, unit: str = "") -> Iterator[Callable[[int], object]]:
        """A bar of `total` steps; call what it yields with the steps done.

        Args:
            what: What is done.
            total: How many steps it takes.
            unit: What a step is, in the plural, where it is told how many are done a second.
        """
        if total < _FEWEST or not (sys.stderr and sys.stderr.isatty()):
            yield lambda _: None  # at once: to import bars takes longer than to explain a text
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            *([_speed(unit)] if unit else []),
            TimeRemainingColumn(),
        )
        with _shown(what, total, columns) as advance:
            yield advance

    @contextmanager
    def count(self, what: str) -> Iterator[Callable[[int], object]]:
        """The rows done, and how many a second; call what it yields with the rows done."""
        if not (sys.stderr and sys.stderr.isatty()):
            yield lambda _: None
            return
        from rich.progress import TextColumn

        rows = TextColumn("{task.completed:,.0f} rows")
        columns = (TextColumn("{task.description}"), rows, _speed("rows"))
        with _shown(what, None, columns) as advance:
            yield advance


def _speed(unit: str) -> ProgressColumn:
    """How many steps are done a second."""
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Speed(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f} {unit}/s" if speed else "", style="progress.data.speed")

    return Speed()


@contextmanager
def _shown(
    what: str, total: int | None, columns: Sequence[ProgressColumn]
) -> Iterator[Callable[[int], object]]:
    """A line of rich's on stderr, which is gone in the end."""
    from rich.console import Console
    from rich.progress import Progress as Bars

    console = Console(stderr=True, _environ=with_sizes(os.environ))
    # What others print meanwhile is none of rich's, which would act on codes in it.
    bars = Bars(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with bars as b:
        task = b.add_task(what, total=total)
        yield lambda steps: b.advance(task, steps)


def with_sizes(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of an environment, without a `COLUMNS` or `LINES` that cannot be meant.

    In fewer columns nothing can be read, and no terminal has so many; rich takes any.

    Args:
        environ: The variables.
    """
    return {
        name: value
        for name, value in environ.items()
        if name not in _LEAST or _is_size(value, _LEAST[name])
    }


def _is_size(value: str, least: int) -> bool:
    return value.isascii() and value.isdigit() and least <= int(value[:9]) <= _MOST
