"""What a teacher is: vectors or probabilities of texts, and the checks of what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnpool._shapes import Float
from attnpool.errors import InputError
from attnpool.sanitize import counted, one_line, quoted

Advance = Callable[[int], object]
"""Told how many more texts are read."""

Vectors = Callable[[list[str], Advance], np.ndarray]
"""Texts to vectors, (texts, dimensions) float32."""

_NAME = 60  # characters of a name that cards and metrics show


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """One that reads texts for a smaller model: it has either `vectors` or `probabilities`.

    Attributes:
        name: What cards and metrics call it.
        vectors: Texts to their vectors, (texts, dimensions) float32.
        probabilities: Texts to probabilities, (texts, classes), in the order of the classes that
            the teacher was opened for.
        of_all_texts: Whether a vector depends on the other texts of the call, as those of LSA do;
            such vectors are not cached.
        trained_on: How many of some texts it was trained on; None: that is not known.
    """

    name: str
    vectors: Vectors | None = None
    probabilities: Callable[[list[str], Advance], np.ndarray] | None = None
    of_all_texts: bool = False
    trained_on: Callable[[list[str]], int | None] | None = None


def short_name(name: str) -> str:
    """A name in one line, cut where it is long."""
    name = one_line(name)
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def checked_vectors(given: Any, texts: Sequence[str]) -> Float[np.ndarray, "texts dim"]:
    """The vectors that a teacher gave for the texts.

    Raises:
        InputError: They are not one row of finite numbers per text.
    """
    try:
        given = given.detach().cpu() if hasattr(given, "detach") else given  # a tensor
        raw = np.asarray(given)
        if raw.dtype.kind not in "biuf":
            raise TypeError
        with np.errstate(over="ignore"):  # said below
            vectors = raw.astype(np.float32)
    except (TypeError, ValueError, RuntimeError):
        raise InputError(
            f"the teacher gave {_kind_of(given)} for {counted(len(texts), 'text')}; "
            "it must give an array of real numbers, one row per text"
        ) from None
    if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.shape[1]:
        raise InputError(
            f"the teacher gave an array of shape {vectors.shape} for "
            f"{counted(len(texts), 'text')}; it must give one row per text: "
            f"({len(texts)}, dimensions)"
        )
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        text = texts[int(np.argmin(finite))]
        raise InputError(
            f"the teacher's vector of the text {quoted(text)} holds NaN, infinity or "
            "numbers that float32 has no room for; leave the text out or choose another teacher"
        )
    return vectors


def _kind_of(given: Any) -> str:
    """What a teacher gave, in words: its type, and that of the numbers in an array."""
    name = "None" if given is None else type(given).__name__
    dtype = getattr(given, "dtype", None)
    return f"{name} of {dtype}" if isinstance(dtype, np.dtype) else name


def checked_probabilities(
    given: Any, texts: Sequence[str], classes: int
) -> Float[np.ndarray, "texts classes"]:
    """The probabilities that a teacher gave for the texts, each row with the sum 1.

    Raises:
        InputError: They are no probabilities, or not one per text and class.
    """
    try:
        probabilities = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError):
        probabilities = np.zeros(0)
    shape = (len(texts), classes)
    if probabilities.shape != shape:
        raise InputError(
            f"predict_proba of the teacher gave an array of shape {np.shape(probabilities)} for "
            f"{counted(len(texts), 'text')} and {classes} classes; it must be {shape}"
        )
    sums = probabilities.sum(axis=1)
    wrong = ~((probabilities >= 0).all(axis=1) & (np.abs(sums - 1) < 0.01))
    if wrong.any():
        text = texts[int(np.argmax(wrong))]
        raise InputError(
            f"predict_proba of the teacher gave no probabilities for the text {quoted(text)}: "
            "each row must be at least 0 and have the sum 1"
        )
    normalised: np.ndarray = probabilities / sums[:, None]
    return normalised
