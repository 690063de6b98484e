"""What the engine of a live page needs beside the model: names, and what Python knows of Unicode.

Browsers differ in which version of Unicode they know, so the engine asks them for none of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np

from attnpool._shapes import Bool
from attnpool.errors import NoCompactFormError
from attnpool.text.folding import WHITE_SPACE
from attnpool.text.look_alikes import (
    INVISIBLE,
    SPACELESS,
    UNJOINED,
    canonical,
    expanding,
    look_alikes,
    read_as,
    singles,
)
from attnpool.text.tokenizers.characters import CharTokenizer
from attnpool.text.tokenizers.word_spans import RUNS
from attnpool.text.tokenizers.words import LOWER, WordTokenizer

_CODE_POINTS = 0x110000


def tables_of(model: Any) -> dict[str, Any]:
    """What `openModel` takes beside the file of a model; JSON can hold it.

    Args:
        model: A `CompactModel`.

    Raises:
        NoCompactFormError: A browser cannot run its tokeniser.
    """
    reader = model.reader_
    tables: dict[str, Any] = {"classes": [str(name) for name in model.classes_.tolist()]}
    if reader.tokenizer.kind not in ("characters", "words"):
        raise NoCompactFormError(
            f"a page cannot run the {reader.tokenizer.kind} tokenizer; train a model with "
            "--tokenizer characters or words"
        )
    if isinstance(reader.tokenizer, CharTokenizer):
        tables["whiteSpace"] = list(WHITE_SPACE)
    if isinstance(reader.tokenizer, WordTokenizer):
        tables |= {"clusters": reader.tokenizer.clusters, "kinds": RUNS.replace("\n", "")}
        tables |= _lower_case()
    return tables | _normal_form() if reader.normalizes else tables


@cache
def _normal_form() -> dict[str, Any]:
    """The tables of `normal_form.js`: its flags of each code point, and what becomes of some."""
    marks, changed, viramas = canonical()
    flags = look_alikes().effect.copy()
    for flag, codes in ((4, marks), (8, changed), (16, INVISIBLE), (64, viramas)):
        flags[list(codes)] |= flag
    flags[_matched(UNJOINED)] |= 32
    flags[_matched(SPACELESS)] |= 128
    combining = [unicodedata.combining(chr(code)) for code in range(_CODE_POINTS)]
    return {
        "flags": _runs(flags),
        "combining": _runs(np.array(combining, dtype=np.uint8)),
        "canonical": _differences(_canonical_parts()),
        "singles": _differences(sorted(singles().items())),
        "several": [[code, [*map(ord, read_as(chr(code)))]] for code in expanding()],
    }


def _canonical_parts() -> Iterable[tuple[int, int, int]]:
    """The code points with a canonical decomposition, and the one or two that it has."""
    for code in range(_CODE_POINTS):
        parts = unicodedata.decomposition(chr(code)).split()
        if parts and not parts[0].startswith("<"):
            first, second = (*(int(part, 16) for part in parts), 0)[:2]
            yield code, first, second


@cache
def _lower_case() -> dict[str, Any]:
    """The lower case of each code point that has another; of one it is two code points."""
    other: dict[int, list[int]] = {}
    for code in range(_CODE_POINTS):
        character = chr(code)
        lower = character.translate(LOWER).lower()
        if lower != character:
            other[code] = [*map(ord, lower)]
    return {
        "lower": _differences((code, *to) for code, to in other.items() if len(to) == 1),
        "lowerSeveral": [[code, to] for code, to in other.items() if len(to) > 1],
    }


def _matched(characters: str) -> Bool[np.ndarray, "codes"]:
    """Which code points are in the inside of a character class."""
    found = np.zeros(_CODE_POINTS, dtype=np.bool_)
    for run in re.finditer(f"[{characters}]+", "".join(map(chr, range(_CODE_POINTS)))):
        found[run.start() : run.end()] = True
    return found


def _runs(values: np.ndarray) -> list[int]:
    """The values as runs, `[length, value, length, value …]`."""
    starts = np.append(0, np.flatnonzero(np.diff(values)) + 1)
    lengths = np.diff(starts, append=len(values))
    return np.stack([lengths, values[starts].astype(np.int64)], axis=1).ravel().tolist()


def _differences(rows: Iterable[Sequence[int]]) -> list[int]:
    """Rows of numbers, each less the number above it: small numbers, which pack well."""
    array = np.array([*rows])
    return np.diff(array, axis=0, prepend=np.zeros_like(array[:1])).ravel().tolist()
