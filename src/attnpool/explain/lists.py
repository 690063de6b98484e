"""What a caller hands in as a list; tables, arrays of more dimensions and mappings are refused."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import numpy as np

from attnpool.errors import InputError, no_text
from attnpool.sanitize import counted, escaped, printable

_USUAL = ("text", "texts", "label", "labels", "sentence")


def listed(given: Iterable[Any], what: str, sides: int = 1) -> list[Any]:
    """The items of what a caller hands in: a list, a column, an array, a generator.

    Iterating over a table of pandas gives the names of its columns, over one of polars the columns;
    a set has no order of its own, and a mapping is not its keys.

    Args:
        given: What was handed in.
        what: Its name in messages.
        sides: How many texts an item has; an array of pairs has two dimensions.

    Raises:
        InputError: It is no list of items.
    """
    kind = type(given).__name__
    if isinstance(given, str | bytes):
        raise InputError(f"{what} is one string; give a list of them")
    if not isinstance(given, Iterable) or isinstance(given, Set | Mapping):
        raise InputError(f"{what} is {kind}; give a list")
    shape = getattr(given, "shape", None)
    axes = len(shape) if isinstance(shape, tuple) else 1
    if axes > 1 and hasattr(given, "columns"):
        raise InputError(f"{what} is a {kind}; {_advice(list(given.columns), what, sides)}")
    if axes == 0 or (axes > 1 and sides == 1):
        advice = f"{what}.ravel()" if shape and shape[1:] == (1,) else "one of its columns"
        raise InputError(
            f"{what} is an array of shape {shape}; give a list, or one dimension, such as {advice}"
        )
    return list(given)


def checked_texts(texts: Iterable[Any]) -> list[str]:
    """The texts as a list.

    Raises:
        InputError: They are one string, or one of them is no string.
    """
    if isinstance(texts, str | bytes):
        raise InputError("texts is one string; give a list of strings")
    texts = listed(texts, "texts")
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            kind = type(text).__name__
            raise InputError(f"texts[{i}] is {kind}, not a string; {no_text(text)}")
    return texts


def checked_labels(labels: Iterable[Any], n_texts: int) -> np.ndarray:
    """The labels as an array.

    Raises:
        InputError: There are not as many as texts, or one is missing or no plain value.
    """
    if isinstance(labels, str | bytes):
        raise InputError("labels is one string; give a list with one label per text")
    # Looked at one by one before numpy sees them: it would turn a missing label among strings
    # into the string "nan".
    plain = [_plain(label, i) for i, label in enumerate(listed(labels, "labels"))]
    if len(plain) != n_texts:
        raise InputError(
            f"{counted(n_texts, 'text')} but {counted(len(plain), 'label')}; "
            "give one label per text"
        )
    strings = {isinstance(label, str) for label in plain}
    if len(strings) > 1:
        raise InputError("labels are strings and numbers mixed; make them all strings")
    return label_array(plain)


def label_array(labels: Sequence[Any]) -> np.ndarray:
    """The labels as an array that keeps each as it is.

    numpy drops a NUL at the end of a string and turns integers into floats, where those beyond
    2**53 become alike. Labels to which it would do that are kept as Python objects.
    """
    array = np.asarray(labels)
    whole = array.dtype.kind == "f" and all(isinstance(label, int) for label in labels)
    if whole or array.tolist() != list(labels):
        array = np.empty(len(labels), dtype=object)
        array[:] = labels
    return array


def _advice(columns: Sequence[Any], what: str, sides: int) -> str:
    if sides > 1:
        names = [*columns, "left", "right", "third"][:sides] if len(columns) < sides else columns
        zipped = ", ".join(f"df[{_named(name)}]" for name in names[:sides])
        return f"give its rows as tuples, such as list(zip({zipped}))"
    usual = [name for name in _USUAL if name in columns and name[:4] == what[:4]]
    name = [*usual, *columns, "text"][0]
    return f"give one column, such as df[{_named(name)}]"


def _named(name: Any) -> str:
    if not isinstance(name, str):
        return escaped(repr(name)[:40])
    return f"'{escaped(name[:40])}'"


def is_list_like(value: Any) -> bool:
    """Whether an item is a list, a row or a mapping where one value belongs."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)


def _plain(value: Any, i: int) -> Any:
    # A time of numpy would become a number, or a date.
    if isinstance(value, np.generic) and not isinstance(value, np.datetime64 | np.timedelta64):
        value = value.item()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        raise InputError(f"labels[{i}] is {value}; fill or drop missing labels")
    if not isinstance(value, str | int | float | bool):
        advice = "give the label itself" if is_list_like(value) else "use strings or numbers"
        raise InputError(f"labels[{i}] is {type(value).__name__}; {advice}")
    if isinstance(value, str) and not value.strip():
        raise InputError(f"labels[{i}] is empty; fill or drop missing labels")
    if isinstance(value, str) and printable(value) != value:
        raise InputError(f"labels[{i}] has a lone surrogate, which no file can hold; replace it")
    return value
