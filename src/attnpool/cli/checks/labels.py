"""The labels of a file beside those that a model knows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from attnpool.architectures import answer_names
from attnpool.cli.arguments import ranks_labels
from attnpool.cli.checks.left_out import full_place, without
from attnpool.errors import InputError
from attnpool.metrics import display_order
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from attnpool.cli.arguments import Estimator
    from attnpool.data import Rows


MOST_UNKNOWN = 100_000
"""More different labels that a model does not know are refused: they are no classes."""


def answerable(
    file: str, rows: Rows, model: Estimator, candidates: list[str] | None, *, skip_bad_rows: bool
) -> tuple[Rows, dict[str, int]]:
    """The rows, and how many have each label that the model does not answer with.

    Args:
        file: The file.
        rows: Its rows; those without a label pass.
        model: The model.
        candidates: The labels that are ranked in place of the model's.
        skip_bad_rows: Whether rows with other labels are left out.

    Raises:
        InputError: No row has a label that the model answers with.
    """
    check = LabelCheck.of(file, model, candidates, skip_bad_rows=skip_bad_rows)
    return check.all(rows)


def known_labels(
    file: str, rows: Rows, known: Sequence[str], whose: str, *, skip_bad_rows: bool
) -> tuple[Rows, dict[str, int]]:
    """The rows with their labels spelled as known ones, and how many have each other label.

    Args:
        file: The file.
        rows: Its rows.
        known: The labels that are known.
        whose: Whose they are, and behind a semicolon what to do.
        skip_bad_rows: Whether rows with other labels are left out, and counted as bad.

    Raises:
        InputError: No label is among them; the message names the file and the first row.
    """
    return LabelCheck(file, known, whose, skip_bad_rows=skip_bad_rows).all(rows)


class LabelCheck:
    """Spells labels as known ones, all at once or some at a time, and counts the others.

    Args:
        file: The file.
        known: The labels that are known.
        whose: Whose they are, and behind a semicolon what to do.
        skip_bad_rows: Whether rows with other labels are left out, and counted as bad.

    Attributes:
        unknown: How many rows have each label that is not known; empty if they are left out.
        found: Whether a known label was among those so far.
    """

    def __init__(self, file: str, known: Sequence[str], whose: str, *, skip_bad_rows: bool) -> None:
        self._file, self._known = file, known
        self._whom, _, self._advice = whose.partition("; ")
        self._skip = skip_bad_rows
        self._first: tuple[str, str] | None = None  # where an unknown label stands, and the label
        self.unknown = Counter[str]()
        self.found = False

    @classmethod
    def of(
        cls, file: str, model: Estimator, candidates: list[str] | None, *, skip_bad_rows: bool
    ) -> LabelCheck:
        """The check of the labels that a model, or whoever names candidates, answers with.

        Args:
            file: The file.
            model: The model.
            candidates: The labels that are ranked in place of the model's.
            skip_bad_rows: Whether rows with other labels are left out.
        """
        if ranks_labels(model):
            whose = "those that are ranked; name all with --candidates"
        else:
            whose = "the model's; check --label, or fix the labels"
        return cls(file, answer_names(model, candidates), whose, skip_bad_rows=skip_bad_rows)

    @property
    def only_unknown(self) -> bool:
        """Whether there were labels, and none of them is known."""
        return self._first is not None and not self.found

    def all(self, rows: Rows) -> tuple[Rows, dict[str, int]]:
        """All rows of the file, and how many have each label that is not known.

        Raises:
            InputError: No label is known.
        """
        rows = self.add(rows)
        self.settle()
        return rows, self.unknown

    def add(self, rows: Rows) -> Rows:
        """Some rows of the file, spelled; those without a label pass.

        Raises:
            InputError: Far too many different labels are not known.
        """
        from attnpool.label_values import as_known

        labels, names = as_known(rows.labels or [], self._known), set(self._known)
        bad = {i: label for i, label in enumerate(labels) if label and label not in names}
        self.found = self.found or any(label in names for label in labels)
        rows = replace(rows, labels=rows.labels and labels)
        if not bad:
            return rows
        if self._first is None:
            first = next(iter(bad))
            self._first = full_place(self._file, rows, first), bad[first]
        if self._skip:
            reasons = {
                i: f"the label {quoted(label)} is not the model's" for i, label in bad.items()
            }
            return without(rows, reasons)
        self.unknown.update(bad.values())
        if len(self.unknown) > MOST_UNKNOWN:
            raise InputError(
                f"{self._file}: more than {MOST_UNKNOWN:,} different labels are not among "
                f"{self._whom}, such as {quoted(self._first[1])}; {self._advice}"
            )
        return rows

    def look_ahead(self, chunks: Iterable[Rows]) -> None:
        """Make sure that a label will be known, where none of the first is.

        Args:
            chunks: The rows of the file, from the beginning.

        Raises:
            InputError: None is.
        """
        from attnpool.label_values import as_known

        known = set(self._known)
        self.found = any(
            not known.isdisjoint(as_known(rows.labels or [], self._known)) for rows in chunks
        )
        self.settle()

    def settle(self) -> None:
        """Make sure that a label was known.

        Raises:
            InputError: None was, but there are labels.
        """
        if self._first is None or self.found:
            return
        place, label = self._first
        raise InputError(
            f"{place}: the label {quoted(label)} is not among {self._whom}: "
            f"{quoted_list(display_order(self._known), near=label)}; {self._advice}"
        )
