"""The figures of training as a file has them, checked: somebody may have made them up."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any


def checked_figures(figures: Any) -> dict[str, Any]:
    """The figures, if each of them that the project reads is what it should be.

    Args:
        figures: What stands where `metrics_` of a model should; names that are not known may
            have any value that JSON has.

    Raises:
        ValueError: They are no mapping, or a value is of another type or out of range.
    """
    if not isinstance(figures, dict):
        raise ValueError("metrics")
    _check_finite(figures, "metrics")
    for name, fits in _FITS.items():
        if figures.get(name) is not None and not fits(figures[name]):
            raise ValueError(f"metrics: {name}")
    if figures.get("majority_accuracy") is not None and figures.get("majority_class") is None:
        raise ValueError("metrics: majority_class")
    taught = figures.get("teaching")
    if taught is not None:
        for name in ("teacher_accuracy", "student_accuracy"):
            if not (taught[name] is None or _share(taught[name])):
                raise ValueError(f"metrics: {name}")
        if not _count(taught.get("teacher_measured_on", 0)):
            raise ValueError("metrics: teacher_measured_on")
    return figures


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
    "teaching": lambda value: isinstance(value, dict),
    "warnings": _sentences,
}
