"""JSON as it should be: finite numbers, each name once, whole characters, not nested deep."""

from __future__ import annotations

import json
import math
import re
from typing import Any

_MOST_VALUES = 8_000_000  # by then a file of any content takes a gigabyte of memory
_MOST_DIGITS = 300  # of a whole number; a floating-point number holds no more
_DEEPEST = 100
_LONG = re.compile(rf"\d{{{_MOST_DIGITS + 1}}}")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def strict_json(content: bytes | str) -> Any:
    """The value that a JSON text holds.

    Args:
        content: The text, as UTF-8 if it is bytes.

    Raises:
        ValueError: It is no JSON, or one that no file of this package has.
    """
    text = content if isinstance(content, str) else content.decode("utf-8")
    if sum(map(text.count, ",[{")) > _MOST_VALUES:
        raise ValueError("far too many values")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_each_once,
            parse_float=_finite,
            parse_int=_whole if _LONG.search(text) else None,  # a call a number takes time
            parse_constant=_finite,
        )
    except RecursionError:
        raise ValueError("nested too deep") from None
    if sum(map(text.count, "[{")) > _DEEPEST and isinstance(value, dict | list):
        _check_depth(value)
    if _SURROGATE.search(text):
        json.dumps(value, ensure_ascii=False).encode()  # half a character is a ValueError
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    form = dict(pairs)
    if len(form) < len(pairs):
        raise ValueError("a name twice")
    return form


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number that is not finite")
    return number


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("a number of too many digits")
    return int(digits)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ValueError("nested too deep")
