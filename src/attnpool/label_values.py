"""Labels that are the same value: `0`, `0.0` and `"0"`; one look-up for files and for Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Hashable, Iterable
from decimal import Decimal
from typing import Any

# Numbers that begin with 0 before another digit, such as 007, are names.
_NUMBER = re.compile(r"[+-]?(?:(?:0|(?!0)\d{1,40})(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?")
_BOOLEANS = {"0": "False", "1": "True"}


def same_number(label: str) -> str:
    """One spelling for labels of one value: `1` for `1.0`, `+1` and `1e0`, `true` for `True`.

    Texts that Unicode calls equivalent are one: é, and e with its accent.
    """
    label = unicodedata.normalize("NFC", label)
    word = label.strip()
    if word.lower() in ("true", "false"):
        return word.lower()
    if not _NUMBER.fullmatch(word):
        return label
    text = format(Decimal(word), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "+0") else text


def as_known(labels: Iterable[str], known: Collection[str]) -> list[str]:
    """The labels, each spelled as the known one of the same value, if there is one.

    Args:
        labels: Labels of a file.
        known: Labels as a model or a dataset spells them.

    Example:
        >>> as_known(["0", "1.0", "2"], ["0.0", "1.0"])
        ['0.0', '1.0', '2']
    """
    exact, spelled = set(known), dict[str, str]()
    for name in known:
        spelled.setdefault(same_number(name), name)
    return [label if label in exact else spelled.get(same_number(label), label) for label in labels]


def class_names(labels: Iterable[Any], classes: Iterable[Any]) -> list[str]:
    """The names of the classes that labels are; other labels by their own names.

    Labels are compared by value: 1.0, `numpy.int64(1)` and "1.0" are the class 1, and the class
    "1".

    Args:
        labels: Labels of any type.
        classes: The classes.
    """
    names = {one: str(one) for one in classes}
    given = [
        names[label] if isinstance(label, Hashable) and label in names else str(label)
        for label in labels
    ]
    if all(isinstance(one, bool) for one in names):
        given = [_BOOLEANS.get(same_number(name), name) for name in given]
    return as_known(given, list(names.values()))
