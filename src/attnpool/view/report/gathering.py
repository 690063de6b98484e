"""Rows that come some at a time: of few all are kept, of many a sample and what figures need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from attnpool.data.streams import RowSample, sizes_of
from attnpool.explanation import Explanation
from attnpool.progress import Progress
from attnpool.view.report.page import MOST_CHARACTERS, MOST_ROWS
from attnpool.view.report.sums import CorpusSums

if TYPE_CHECKING:
    from attnpool.persistence.known_rows import KnownCounts

_AT_ONCE = 1_000  # explanations that are held for their figures


class Gathered:
    """The rows of a page.

    Args:
        model: A fitted model.
        methods: The methods that will colour the rows.
        candidates: The labels that are ranked in place of the model's.

    Attributes:
        model: The model.
        methods: The methods.
        candidates: The labels.
        sample: The rows, with their true classes; of more than `MOST_ROWS`, or of more characters
            than `MOST_CHARACTERS`, so many drawn at random.
        sums: What the figures of so many are made of; None for fewer.
        known: How many rows the model knows from training; None where it does not tell.
        unknown: How many rows have each label that the model does not answer with.
        labelled: Whether labels were given, however few.
    """

    def __init__(
        self, model: Any, methods: Sequence[str], candidates: Sequence[str] | None = None
    ) -> None:
        self.model, self.methods, self.candidates = model, methods, candidates
        self.sample = RowSample(MOST_ROWS, size=MOST_CHARACTERS)
        self.sums: CorpusSums | None = None
        self.known: KnownCounts | None = None
        self.unknown: Counter[str] = Counter()
        self.labelled = False
        answers: Any = candidates or getattr(model, "classes_", ())
        self._answers = set(map(str, answers))

    @property
    def items(self) -> list[Any]:
        """The texts or pairs of the sample."""
        return [item for item, _ in self.sample.items]

    def add(
        self,
        items: Sequence[Any],
        truth: Sequence[str | None] | None,
        progress: Progress | None = None,
    ) -> None:
        """Add some rows.

        Args:
            items: Texts, or pairs.
            truth: The true class of each, None for one without; None where no row has one.
            progress: Where to show how the figures of many are made.

        Raises:
            InputError: Items are none that the model reads, or a method does not fit it.
        """
        if not len(items):
            return
        self.labelled = self.labelled or truth is not None
        if hasattr(self.model, "known_rows"):
            found = self.model.known_rows(items)
            self.known = found if self.known is None else self.known + found
        if self._answers:
            others = (name for name in truth or () if name and name not in self._answers)
            self.unknown.update(others)
        rows = list(zip(items, truth or [None] * len(items), strict=True))
        sizes = sizes_of(items)
        many = self.sample.seen + len(rows) > MOST_ROWS
        long = self.sample.size + int(sizes.sum()) > MOST_CHARACTERS
        if self.sums is None and (many or long):
            self.sums = CorpusSums()
            for method in self.methods:  # before much is computed for nothing
                self._explained(rows[:1], method, None)
            self._sum(self.sums, self.sample.items, None)
        if self.sums is not None:
            self._sum(self.sums, rows, progress)
        self.sample.add(rows, sizes)

    def explained(self, method: str, progress: Progress | None) -> list[Explanation]:
        """The sample by a method.

        Args:
            method: The method.
            progress: Where to show progress.
        """
        return self._explained(self.sample.items, method, progress)

    def _sum(
        self, sums: CorpusSums, rows: Sequence[tuple[Any, str | None]], progress: Progress | None
    ) -> None:
        with (progress or Progress()).bar("measuring", len(rows)) as advance:
            for start in range(0, len(rows), _AT_ONCE):
                some = rows[start : start + _AT_ONCE]
                sums.explained(self._explained(some, "attention", None))
                advance(len(some))

    def _explained(
        self, rows: Sequence[tuple[Any, str | None]], method: str, progress: Progress | None
    ) -> list[Explanation]:
        ranking = {} if self.candidates is None else {"candidates": self.candidates}
        items = [item for item, _ in rows]
        found = self.model.explain(items, method=method, progress=progress, **ranking)
        return [
            one if name is None else replace(one, label=name)
            for one, (_, name) in zip(found, rows, strict=True)
        ]
