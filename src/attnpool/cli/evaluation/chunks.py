"""The rows of a file as a model takes them, some at a time."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from attnpool.architectures import tells_matches
from attnpool.cli.checks import LabelCheck
from attnpool.cli.rows import TRIPLET, checked, open_rows, say_notes
from attnpool.cli.streams import say
from attnpool.progress import Progress, TerminalProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from attnpool.cli.arguments import Estimator, ReadOptions
    from attnpool.data import Rows, RowStream

MOST_ROWS, MOST_CHARACTERS = 20_000, 5_000_000
"""So much is read at a time: as many rows as a report shows, and what is read in a second."""


class Chunks:
    """The rows of a file, read as the model's training file was, some at a time.

    What is to be told of the file is said as the first rows come.

    Args:
        model: The model.
        data: The file, or a folder.
        options: What the command line says of it.
        labelled: Whether every row must have a label.
        triplets: Whether rows of three texts are taken.

    Attributes:
        model: The model.
        data: The file.
        triplets: Whether the rows are triplets, without labels.
        lacking: How many of these were left out because they lack a text.

    Raises:
        InputError: The file or its columns are bad.
    """

    def __init__(
        self,
        model: Estimator,
        data: str,
        options: ReadOptions,
        *,
        labelled: bool,
        triplets: bool = False,
    ) -> None:
        self.model, self.data, self._skips = model, data, options.skips
        self.lacking = 0
        self._stream = open_rows(model, data, options, triplets, labelled=labelled, part="test")
        self.triplets = triplets and self._stream.width == TRIPLET and tells_matches(model)

    def __iter__(self) -> Iterator[Rows]:
        """The rows; some may be bad rows alone.

        Raises:
            InputError: Rows are bad, or none the model takes.
        """
        said: set[str] = set()
        for number, rows in enumerate(_read(self._stream)):
            if number == 0:
                say_notes(self.data, rows)
            for note in rows.notes if number else ():
                if note not in said:
                    say(note)
            said.update(rows.notes)
            taken = checked(self.data, rows, self.model, skips=self._skips, triplets=self.triplets)
            self.lacking += taken.skipped - rows.skipped
            yield taken

    def label_check(self, candidates: list[str] | None) -> LabelCheck:
        """The check of their labels, for `labelled`.

        Args:
            candidates: The labels that are ranked in place of the model's.
        """
        return LabelCheck.of(self.data, self.model, candidates, skip_bad_rows=self._skips)

    def labelled(self, check: LabelCheck) -> Iterator[Rows]:
        """The rows with their labels spelled as the model's.

        Args:
            check: Which these are.

        Raises:
            InputError: Rows are bad, none the model takes, or no label is the model's.
        """
        for rows in self:
            known = check.found
            spelled = check.add(rows)
            if check.only_unknown and not known:
                # Before hours are spent on a wrong column.
                check.look_ahead(self._labels())
            yield spelled
        check.settle()

    def _labels(self) -> Iterator[Rows]:
        """The rows once more, for their labels alone; nothing is said again."""
        for rows in _read(self._stream):
            yield checked(self.data, rows, self.model, skips=self._skips)


def with_progress(chunks: Iterator[Rows], what: str) -> Iterator[tuple[Rows, Progress]]:
    """Rows, and where to show what is done with them.

    The first are shown by what computes with them, all others are counted.

    Args:
        chunks: The rows.
        what: What is done with them, such as "evaluating".
    """
    shown = TerminalProgress()
    first = next(chunks, None)
    if first is None:
        return
    yield first, shown
    done, first = len(first), next(chunks, None)
    if first is None:
        return
    others = chain([first], chunks)
    del first  # rows that are done take no memory
    with shown.count(what) as advance:
        advance(done)
        for rows in others:
            within = _Within(advance, len(rows))
            yield rows, within
            advance(within.left)


class _Within(Progress):
    """Counts rows in place of a bar of them.

    Args:
        advance: What counts rows.
        rows: How many there are.

    Attributes:
        left: How many are not counted yet.
    """

    def __init__(self, advance: Callable[[int], object], rows: int) -> None:
        self._advance = advance
        self.left = rows

    @contextmanager
    def bar(self, what: str, total: int, unit: str = "") -> Iterator[Callable[[int], object]]:
        """Count the rows done."""
        del what, total, unit

        def done(rows: int) -> None:
            counted = min(rows, self.left)
            self.left -= counted
            self._advance(counted)

        yield done


def _read(stream: RowStream) -> Iterator[Rows]:
    """The rows of a file; those of many small parts of a folder together."""
    from attnpool.data.streams import Limit, concatenated, named

    limit = Limit(MOST_ROWS, MOST_CHARACTERS)
    if len(stream.places) == 1:
        yield from stream.chunks(limit)
        return
    waiting: list[Rows] = []
    rows = characters = 0
    for part in stream.chunks(limit):
        many = len(part) + len(part.bad_rows)
        size = sum(len(text) for side in part.texts for text in side)
        if waiting and (rows + many > limit.rows or characters + size > limit.characters):
            yield concatenated(waiting)
            waiting, rows, characters = [], 0, 0
        waiting.append(named(part, part.file))
        rows, characters = rows + many, characters + size
    if waiting:
        yield concatenated(waiting)
