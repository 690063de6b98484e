"""The figures of training as a file has them, checked: somebody may have made them up."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

_ALWAYS = ("accuracy", "macro_f1", "n_train", "n_validation")


def checked_figures(figures: Any) -> dict[str, Any]:
    """The figures, if each of them that the project reads is what it should be.

    Args:
        figures: What stands where `metrics_` of a model should; names that are not known may
            have any value that JSON has. Four are always there, the first two perhaps None.

    Raises:
        ValueError: They are no mapping, or a value is of another type or out of range.
    """
    if not isinstance(figures, dict):
        raise ValueError("metrics")
    _check_finite(figures, "metrics")
    for name in _ALWAYS:
        if name not in figures or (figures[name] is None and name.startswith("n_")):
            raise ValueError(f"metrics: {name} is missing")
    _check(figures, _FITS)
    if figures.get("majority_accuracy") is not None and figures.get("majority_class") is None:
        raise ValueError("metrics: majority_class")
    taught = figures.get("teaching")
    if taught is not None:
        if missing := [name for name in _OF_TEACHING if name not in taught]:
            raise ValueError(f"metrics: {missing[0]} is missing")
        _check(taught, _OF_TEACHING, some=("teacher_accuracy", "student_accuracy"))
        if not _count(taught.get("teacher_measured_on", 0)):
            raise ValueError("metrics: teacher_measured_on")
    if figures.get("stream") is not None:
        _check(figures["stream"], _OF_STREAM)
    return figures


def _check(
    figures: dict[str, Any], fits: dict[str, Callable[[Any], bool]], some: tuple[str, ...] = ()
) -> None:
    """Each figure is what it should be, or None: of a teacher only what was not measured."""
    for name, of_name in fits.items():
        value = figures.get(name)
        if not (of_name(value) or (value is None and (name in some or fits is _FITS))):
            raise ValueError(f"metrics: {name}")


def _check_finite(value: Any, name: str) -> None:
    """No number is NaN or infinite: neither JSON nor a page can hold it."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{name}: {value}")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_finite(inner, key)
    elif isinstance(value, list):
        for inner in value:
            _check_finite(inner, name)


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 53


def _sentences(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_FITS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("accuracy", "majority_accuracy", "macro_f1", "linear_accuracy"), _share),
    **dict.fromkeys(("n_train", "n_validation", "folds", "unknown_labels"), _count),
    "majority_class": lambda value: isinstance(value, str),
    "refitted": lambda value: isinstance(value, bool),
    "stream": lambda value: isinstance(value, dict),
    "teaching": lambda value: isinstance(value, dict),
    "warnings": _sentences,
}

_OF_TEACHING: dict[str, Callable[[Any], bool]] = {
    "teacher": lambda value: isinstance(value, str),
    "unlabelled": _count,
    **dict.fromkeys(("teacher_accuracy", "student_accuracy"), _share),
}

_OF_STREAM: dict[str, Callable[[Any], bool]] = dict.fromkeys(
    ("rows", "skipped", "windows", "sample", "missed_tokens", "missed_ngrams"), _count
)
