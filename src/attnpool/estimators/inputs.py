"""Checks of what users hand in: each failure is one line that says where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from attnpool.errors import InputError

Label = str | int | float | bool


def checked_texts(texts: Iterable[Any]) -> list[str]:
    """The texts as a list.

    Raises:
        InputError: They are one string, or one of them is no string.
    """
    if isinstance(texts, str | bytes):
        raise InputError("texts is one string; give a list of strings")
    texts = list(texts)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            kind = type(text).__name__
            raise InputError(f"texts[{i}] is {kind}, not a string; fill or drop missing texts")
    return texts


def checked_labels(labels: Iterable[Label], n_texts: int) -> np.ndarray:
    """The labels as an array.

    Raises:
        InputError: There are not as many as texts, or one is missing or no plain value.
    """
    values = np.asarray(labels if isinstance(labels, Sequence | np.ndarray) else list(labels))
    if values.ndim != 1 or values.dtype.kind not in "OUSifb":
        raise InputError("labels must be one string or number a text")
    if len(values) != n_texts:
        raise InputError(f"{n_texts} texts but {len(values)} labels; give one label a text")
    if values.dtype.kind == "O":
        values = np.array([_plain(value, i) for i, value in enumerate(values.tolist())])
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        where = int(np.flatnonzero(~np.isfinite(values))[0])
        raise InputError(f"labels[{where}] is {values[where]}; fill or drop missing labels")
    return values


def distinct_classes(labels: np.ndarray) -> np.ndarray:
    """The classes, sorted.

    Raises:
        InputError: There are fewer than two.
    """
    if not len(labels):
        raise InputError("no texts to train on; give at least one a class")
    classes: np.ndarray = np.unique(labels)
    if len(classes) < 2:
        raise InputError(
            f"all {len(labels)} texts have the label {str(classes[0])!r}; "
            "a classifier needs at least two classes"
        )
    return classes


def class_numbers(labels: np.ndarray, classes: np.ndarray, where: str) -> np.ndarray:
    """The place of each label in `classes`.

    Raises:
        InputError: A label is not among them.
    """
    known = set(classes.tolist())
    for i, label in enumerate(labels.tolist()):
        if label not in known:
            names = ", ".join(map(str, classes.tolist()))
            raise InputError(
                f"{where} row {i + 1} has the label {str(label)!r}, which training did not have; "
                f"known are {names}"
            )
    numbers: np.ndarray = np.searchsorted(classes, labels)
    return numbers


def _plain(value: Any, i: int) -> Any:
    if not isinstance(value, str | int | float | bool):
        raise InputError(f"labels[{i}] is {type(value).__name__}; use strings or numbers")
    return value
