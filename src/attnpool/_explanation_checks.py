"""Checks of what an explanation is made of by hand or read back from."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.errors import InputError
from attnpool.sanitize import quoted

_MOST_HEADS = 10_000
_MEASURED = ("threshold", "positive", "negative")  # of a verdict


def checked_numbers(name: str, given: Any) -> Float[np.ndarray, "..."]:
    """What is given as an array of finite numbers.

    Raises:
        InputError: It is none; the message names it.
    """
    try:
        if isinstance(given, list | tuple) and any(hasattr(one, "detach") for one in given):
            given = [_plain(one) for one in given]
        numbers = np.array(_plain(given), dtype=np.float64)
    except (
        TypeError,
        ValueError,
        RuntimeError,
        OverflowError,
    ):  # torch's for what it cannot convert
        raise InputError(f"{name} are not all numbers; give a list or array of numbers") from None
    if not np.isfinite(numbers).all():
        raise InputError(f"{name} hold NaN or infinity; give finite numbers")
    return numbers


def _plain(given: Any) -> Any:
    """A tensor as an array, though it has gradients, is narrow or on a GPU; others as they are."""
    return given.detach().cpu().double().numpy() if hasattr(given, "detach") else given


def checked_spans(spans: Any, text: str) -> Int[np.ndarray, "tokens 2"]:
    """Code-point offsets of tokens, in the order of the text.

    Raises:
        InputError: One lies outside of the text, or they are in another order.
    """
    numbers = checked_numbers("spans", spans)
    places = numbers.astype(np.int64).reshape(-1, 2) if numbers.size == 0 else numbers
    if places.ndim != 2 or places.shape[1] != 2 or (places != np.rint(places)).any():
        raise InputError("spans are not pairs of whole numbers; give (start, end) for each token")
    wrong = (places[:, 0] < 0) | (places[:, 1] < places[:, 0]) | (places[:, 1] > len(text))
    if wrong.any():
        i = int(wrong.argmax())
        start, end = places[i].tolist()
        raise InputError(
            f"spans[{i}] is ({start:.0f}, {end:.0f}), but the text has {len(text):,} characters; "
            "give code-point offsets with 0 <= start <= end"
        )
    places = places.astype(np.int64)
    starts = places[:, 0]
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
    if numbers.ndim != 1:
        raise InputError("probabilities are not all numbers; give one for each class")
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
            f"{len(values):,} tokens"
        )
    return by_head


def checked_faithfulness(given: Any) -> dict[str, Any] | None:
    """Changes of a probability by name, and under `random` the same of a random order.

    Raises:
        InputError: It is something else.
    """
    if given is None:
        return None
    chance = given.get("random", {}) if isinstance(given, Mapping) else None
    if not isinstance(chance, Mapping) or not all(
        _is_number(value) and -1 <= value <= 1
        for name, value in [*given.items(), *chance.items()]
        if name != "random"
    ):
        raise InputError("explanation has a faithfulness without figures in it; leave it null")
    return {
        name: {n: float(v) for n, v in chance.items()} if name == "random" else float(value)
        for name, value in given.items()
    }


class SideForm(NamedTuple):
    """One text of the public form, checked.

    Attributes:
        text: The raw text.
        spans: Code-point offsets of its tokens.
        weights: Pooling weights by head.
        values: One value per token.
        read_until: The offset at which reading stopped.
    """

    text: str
    spans: Int[np.ndarray, "tokens 2"]
    weights: Float[np.ndarray, "heads tokens"]
    values: Float[np.ndarray, "tokens"]
    read_until: int


def checked_sides(form: Mapping[str, Any]) -> list[SideForm]:
    """The texts of the public form with their tokens.

    Raises:
        InputError: A part is of another type or length, or lies outside of its text.
    """
    texts, tokens, ends, heads = (form[n] for n in ("texts", "tokens", "read_until", "heads"))
    for name, part in (("texts", texts), ("tokens", tokens), ("read_until", ends)):
        if not isinstance(part, list | tuple):
            _wrong(name, part, "a list with one entry per text")
    if not _is_whole(heads) or not 1 <= heads <= _MOST_HEADS:
        _wrong("heads", heads, f"a whole number from 1 to {_MOST_HEADS:,}")
    if not texts or not len(texts) == len(tokens) == len(ends):
        raise InputError(
            f"explanation has {len(texts):,} texts, {len(tokens):,} lists of tokens and "
            f"{len(ends):,} numbers in read_until; give as many of each"
        )
    return [_checked_side(*side, heads) for side in zip(texts, tokens, ends, strict=True)]


def _checked_side(text: Any, tokens: Any, read_until: Any, heads: int) -> SideForm:
    if not isinstance(text, str):
        _wrong("texts", text, "strings")
    if not isinstance(tokens, list | tuple) or not all(isinstance(t, Mapping) for t in tokens):
        _wrong("tokens", tokens, "a list of objects for each text")
    if not _is_whole(read_until) or not 0 <= read_until <= len(text):
        _wrong("read_until", read_until, "offsets within the texts")
    spans = checked_spans([(token["start"], token["end"]) for token in tokens], text)
    weights = checked_numbers("weights", [token["weights"] for token in tokens])
    if len(tokens) and weights.shape != (len(tokens), heads):
        raise InputError(f"weights are not {heads} numbers per token; give one for each head")
    values = checked_numbers("values", [token["value"] for token in tokens])
    if values.ndim != 1:
        _wrong("value", tokens[0]["value"], "one number per token")
    return SideForm(text, spans, weights.reshape(-1, heads).T, values, read_until)


def checked_alignment(given: Any, sides: list[SideForm]) -> Float[np.ndarray, "left right"] | None:
    """How the tokens of two sides meet.

    Raises:
        InputError: It does not fit them.
    """
    if given is None:
        return None
    numbers, shape = checked_numbers("alignment", given), tuple(len(s.spans) for s in sides)
    if len(sides) != 2 or (numbers.shape != shape and (numbers.size or np.prod(shape))):
        raise InputError(
            f"alignment has the shape {numbers.shape}; give one number for each token of the "
            "first text and each of the second"
        )
    return numbers.reshape(shape)


def checked_facts(form: Mapping[str, Any]) -> dict[str, Any]:
    """What the public form says beside texts and classes.

    Raises:
        InputError: A part is of another type.
    """
    facts: dict[str, Any] = {}
    for name in ("task", "prediction", "target", "method", "label"):
        facts[name] = form[name]
        if not isinstance(facts[name], str) and not (name == "label" and facts[name] is None):
            _wrong(name, facts[name], "a string")
    for name in ("logit", "base", "bias", "linear", "score"):
        # Forms written before there was a linear part lack it.
        facts[name] = form.get(name) if name == "linear" else form[name]
        if facts[name] is not None and not _is_number(facts[name]):
            _wrong(name, facts[name], "a finite number or null")
        facts[name] = None if facts[name] is None else float(facts[name])
    facts["faithfulness"] = checked_faithfulness(form["faithfulness"])
    facts["verdict"] = _checked_verdict(form["verdict"])
    return facts


def _checked_verdict(given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        _wrong("verdict", given, "an object or null")
    for name, value in given.items():
        if name in ("match", "ordered") and not isinstance(value, bool):
            _wrong(f"verdict: {name}", value, "true or false")
        if name in _MEASURED and not _is_number(value):
            _wrong(f"verdict: {name}", value, "a finite number")
    try:
        json.dumps(given, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise InputError("explanation has a verdict that is no JSON; write it as null") from None
    return {n: float(v) if n in _MEASURED else v for n, v in given.items()}


def _is_whole(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool)


def _is_number(given: Any) -> bool:
    # A whole number beyond all floats cannot be shown.
    return (_is_whole(given) and abs(given) < 10**300) or (
        isinstance(given, float) and math.isfinite(given)
    )


def _wrong(name: str, given: Any, wanted: str) -> NoReturn:
    raise InputError(f"explanation has {quoted(str(given))} as {name}; give {wanted}")
