"""Checks of what users hand in: texts, pairs, labels, rows to validate on.

Each failure is one line that says what is wrong, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError
from attnpool.explain.lists import checked_labels, listed
from attnpool.label_values import class_names
from attnpool.metrics import display_order
from attnpool.sanitize import quoted, quoted_list
from attnpool.training.split import stratified_split

Label = str | int | float | bool | np.generic

Validation = float | tuple[Iterable[Any], Iterable[Label]] | None
"""The share of rows set aside, or such rows with their labels, or None."""

_DIFFERENT = 20
"""So many labels, each once, are no classes."""


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """Checked texts, or pairs of them, with the number of each one's class.

    Attributes:
        items: The texts, or tuples of texts.
        y: The place of each item's label among the classes; -1 for a label of validation rows
            that no training row has.
        targets: The probabilities of the classes that a teacher gives each item, `y` being the
            most probable; None where labels are all there is.
    """

    items: list[Any]
    y: Int[np.ndarray, "items"]
    targets: Float[np.ndarray, "items classes"] | None = None

    def __len__(self) -> int:
        """The number of items."""
        return len(self.items)

    def take(self, numbers: Int[np.ndarray, "taken"]) -> LabelledRows:
        """The rows of these numbers."""
        targets = None if self.targets is None else self.targets[numbers]
        return LabelledRows([self.items[i] for i in numbers.tolist()], self.y[numbers], targets)

    def probabilities(self, classes: int) -> Float[np.ndarray, "items classes"]:
        """The targets, or 1 for the true class; all 0 where the label is no class."""
        if self.targets is not None:
            return self.targets
        certain: np.ndarray = (self.y[:, None] == np.arange(classes)).astype(np.float32)
        return certain


def hold_out(
    rows: LabelledRows,
    validation: Validation,
    classes: np.ndarray,
    check: Callable[[Iterable[Any]], list[Any]],
    seed: int,
) -> tuple[LabelledRows, LabelledRows]:
    """The rows to train on, and those to validate on; equal items are on one side.

    Args:
        rows: All rows.
        validation: The share to set aside, or further rows with their labels, or None.
        classes: The classes, in order.
        check: Checks the items of further rows.
        seed: Decides which rows are set aside.

    Raises:
        InputError: The share is none, or the further rows are not like the others.
    """
    if isinstance(validation, tuple):
        return rows, further_rows(validation, classes, check)
    share = checked_share(validation)
    if not share:
        return rows, rows.take(np.zeros(0, dtype=np.int64))
    training, held = stratified_split(rows.y, share, seed, item_keys(rows.items))
    return rows.take(training), rows.take(held)


def further_rows(
    validation: tuple[Iterable[Any], ...],
    classes: np.ndarray,
    check: Callable[[Iterable[Any]], list[Any]],
) -> LabelledRows:
    """Rows to validate on that are none of those to train on.

    Args:
        validation: The items and their labels.
        classes: The classes, in order.
        check: Checks the items.

    Raises:
        InputError: They are not like the rows to train on.
    """
    if len(validation) != 2:
        raise InputError(f"validation has {len(validation):,} parts; give (texts, labels)")
    items = check(validation[0])
    names = checked_labels(validation[1], len(items))
    return LabelledRows(items, class_numbers(names, classes, "validation", unseen=True))


def checked_share(validation: Any) -> float:
    """The share of rows to set aside; 0 for none.

    Raises:
        InputError: It is no share.
    """
    if not validation:
        return 0.0
    if not isinstance(validation, float) or not 0 < validation < 1:
        kind = validation if isinstance(validation, int | float) else type(validation).__name__
        raise InputError(
            f"validation is {kind}; give a share between 0 and 1, or a tuple (texts, labels)"
        )
    return validation


def distinct_classes(labels: np.ndarray, what: str = "texts", *, once: bool = False) -> np.ndarray:
    """The classes, sorted.

    Args:
        labels: The labels.
        what: What has them.
        once: Whether many may be there of which each is the label of one row alone: a text to
            match.

    Raises:
        InputError: There are fewer than two, or many of which each is the label of one row.
    """
    if not len(labels):
        raise InputError(f"no {what} to train on; give at least one per class")
    classes: np.ndarray = np.unique(labels)
    if len(classes) < 2:
        raise InputError(
            f"all {len(labels):,} {what} have the label {quoted(str(classes[0]))}; "
            "training needs at least two classes"
        )
    if len(classes) == len(labels) > _DIFFERENT and not once:
        raise InputError(
            f"the labels of all {len(labels):,} {what} are different, as numbers or names of rows "
            "are, so there is nothing to learn from; give the column that holds classes"
        )
    return classes


def class_numbers(
    labels: np.ndarray, classes: np.ndarray, where: str, *, unseen: bool = False
) -> np.ndarray:
    """The place of each label in `classes`.

    Args:
        labels: The labels, compared by value as `class_names` does.
        classes: The classes.
        where: Which rows have the labels.
        unseen: Whether some may be no class: their number is -1.

    Raises:
        InputError: A label is not among the classes, or with `unseen` none is.
    """
    places = {str(label): i for i, label in enumerate(classes.tolist())}
    names = class_names(labels.tolist(), classes.tolist())
    unseen = unseen and any(name in places for name in names)
    for i, name in enumerate(names):
        if name not in places and not unseen:
            known = quoted_list(display_order(classes.tolist()), near=name)
            raise InputError(
                f"{where} row {i + 1} has the label {quoted(name)}, which is not in the "
                f"training rows; choose from {known}"
            )
    return np.array([places.get(name, -1) for name in names], dtype=np.int64)


def checked_candidates(candidates: Sequence[Label] | np.ndarray) -> np.ndarray:
    """The candidate labels to rank, as an array of their type.

    Raises:
        InputError: There are fewer than two, or one twice.
    """
    given = listed(candidates, "candidates")
    labels = checked_labels(given, len(given))
    names = [str(label) for label in labels.tolist()]
    if len(set(names)) < max(2, len(names)):
        raise InputError(f"labels to rank are {quoted_list(names)}; give two or more, each once")
    return labels
