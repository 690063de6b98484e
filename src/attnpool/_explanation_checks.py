"""Checks of the numbers that an explanation is made of by hand or read back from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.errors import InputError


def checked_numbers(name: str, given: Any) -> Float[np.ndarray, "..."]:
    """What is given as an array of finite numbers.

    Raises:
        InputError: It is none; the message names it.
    """
    try:
        numbers = np.array(given, dtype=np.float64)
    except (
        TypeError,
        ValueError,
        RuntimeError,
        OverflowError,
    ):  # torch's for tensors that require gradients
        raise InputError(f"{name} are not all numbers; give a list or array of numbers") from None
    if not np.isfinite(numbers).all():
        raise InputError(f"{name} hold NaN or infinity; give finite numbers")
    return numbers


def checked_spans(spans: Any, text: str) -> Int[np.ndarray, "tokens 2"]:
    """Code-point offsets of tokens, in the order of the text.

    Raises:
        InputError: One lies outside of the text, or they are in another order.
    """
    numbers = checked_numbers("spans", spans)
    places = numbers.astype(np.int64).reshape(-1, 2) if numbers.size == 0 else numbers
    if places.ndim != 2 or places.shape[1] != 2 or (places != np.rint(places)).any():
        raise InputError("spans are not pairs of whole numbers; give (start, end) for each token")
    places = places.astype(np.int64)
    starts, ends = places[:, 0], places[:, 1]
    wrong = (starts < 0) | (ends < starts) | (ends > len(text))
    if wrong.any():
        i = int(wrong.argmax())
        start, end = places[i].tolist()
        raise InputError(
            f"spans[{i}] is ({start}, {end}), but the text has {len(text)} characters; give "
            "code-point offsets with 0 <= start <= end"
        )
    if (np.diff(starts) < 0).any():
        i = int((np.diff(starts) < 0).argmax()) + 1
        raise InputError(f"spans[{i}] begins before spans[{i - 1}]; give them in the text's order")
    return places


def checked_shares(probabilities: Any) -> dict[str, float]:
    """The probability of each class by name.

    Raises:
        InputError: One is no probability.
    """
    if not isinstance(probabilities, Mapping):
        kind = type(probabilities).__name__
        raise InputError(f"probabilities are {kind}; give a mapping from class to probability")
    numbers = checked_numbers("probabilities", list(probabilities.values()))
    if ((numbers < 0) | (numbers > 1)).any():
        raise InputError("probabilities are not all between 0 and 1; give softmax outputs")
    return dict(zip(map(str, probabilities), numbers.tolist(), strict=True))


def checked_weights(
    weights: Any, values: Float[np.ndarray, "tokens"], method: str
) -> Float[np.ndarray, "heads tokens"]:
    """Pooling weights by head; where none are given, the values of attention, else 0.

    Raises:
        InputError: Their shape does not fit the values.
    """
    if values.ndim != 1:
        raise InputError(f"values have {values.ndim} dimensions; give one value per token")
    if weights is None:
        return values[None] if method == "attention" else np.zeros((1, len(values)))
    by_head = np.atleast_2d(checked_numbers("weights", weights))
    if by_head.ndim != 2 or by_head.shape[1] != len(values):
        raise InputError(
            f"weights have the shape {by_head.shape}; give (tokens,) or (heads, tokens) for "
            f"{len(values)} tokens"
        )
    return by_head


def check_faithfulness(found: Any) -> None:
    """Refuse what is neither None nor changes of a probability by name, one level of names deep."""
    if found is None:
        return
    chance = found.get("random", {}) if isinstance(found, Mapping) else None
    if not isinstance(chance, Mapping) or not all(
        isinstance(value, int | float) and not isinstance(value, bool) and -1 <= value <= 1
        for name, value in [*found.items(), *chance.items()]
        if name != "random"
    ):
        raise InputError("explanation has a faithfulness without figures in it; leave it null")
