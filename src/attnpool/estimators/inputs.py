"""Checks of what users hand in: each failure is one line that says where."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from typing import Any

import numpy as np

from attnpool.errors import InputError
from attnpool.sanitize import printable

Label = str | int | float | bool

_DIFFERENT = 20
"""So many labels, each once, are no classes."""


def checked_texts(texts: Iterable[Any]) -> list[str]:
    """The texts as a list.

    Raises:
        InputError: They are one string, or one of them is no string.
    """
    if isinstance(texts, str | bytes):
        raise InputError("texts is one string; give a list of strings")
    texts = _listed(texts, "texts")
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            kind = type(text).__name__
            raise InputError(f"texts[{i}] is {kind}, not a string; fill or drop missing texts")
    return texts


def checked_labels(labels: Iterable[Any], n_texts: int) -> np.ndarray:
    """The labels as an array.

    Raises:
        InputError: There are not as many as texts, or one is missing or no plain value.
    """
    if isinstance(labels, str | bytes):
        raise InputError("labels is one string; give a list with one label a text")
    # Looked at one by one before numpy sees them: it would turn a missing label among strings
    # into the string "nan".
    plain = [_plain(label, i) for i, label in enumerate(_listed(labels, "labels"))]
    if len(plain) != n_texts:
        raise InputError(f"{n_texts} texts but {len(plain)} labels; give one label a text")
    strings = {isinstance(label, str) for label in plain}
    if len(strings) > 1:
        raise InputError("labels are strings and numbers mixed; make them all strings")
    return np.asarray(plain)


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
        raise InputError(f"no {what} to train on; give at least one a class")
    classes: np.ndarray = np.unique(labels)
    if len(classes) < 2:
        raise InputError(
            f"all {len(labels)} {what} have the label {str(classes[0])!r}; "
            "training needs at least two classes"
        )
    if len(classes) == len(labels) > _DIFFERENT and not once:
        raise InputError(
            f"the labels of all {len(labels)} {what} are different, as numbers or names of rows "
            "are, so there is nothing to learn from; give the column that holds classes"
        )
    return classes


def class_numbers(labels: np.ndarray, classes: np.ndarray, where: str) -> np.ndarray:
    """The place of each label in `classes`.

    Raises:
        InputError: A label is not among them.
    """
    places = {label: i for i, label in enumerate(classes.tolist())}
    for i, label in enumerate(labels.tolist()):
        if label not in places:
            names = ", ".join(map(str, classes.tolist()))
            raise InputError(
                f"{where} row {i + 1} has the label {str(label)!r}, which training did not have; "
                f"known are {names}"
            )
    return np.array([places[label] for label in labels.tolist()], dtype=np.int64)


def _listed(given: Iterable[Any], what: str) -> list[Any]:
    # A set has no order of its own, a mapping is not its keys.
    if not isinstance(given, Iterable) or isinstance(given, Set | Mapping):
        raise InputError(f"{what} is {type(given).__name__}; give a list")
    return list(given)


def _plain(value: Any, i: int) -> Label:
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        raise InputError(f"labels[{i}] is {value}; fill or drop missing labels")
    if not isinstance(value, str | int | float | bool):
        raise InputError(f"labels[{i}] is {type(value).__name__}; use strings or numbers")
    if isinstance(value, str) and printable(value) != value:
        raise InputError(f"labels[{i}] has a lone surrogate, which no file can hold; mend it")
    return value
