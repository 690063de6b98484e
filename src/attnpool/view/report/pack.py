"""Rows packed for the page's script: columns of numbers and one string each, gzip, base64."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Int
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing import captions
from attnpool.view.drawing.colour import LEVELS, UNIFORM
from attnpool.view.drawing.draw import Drawing, DrawnSide
from attnpool.view.report.corpus import Corpus
from attnpool.view.report.rows import DIGITS, HAIR, UNIT, steps

_SENTINEL = 0xFFFF  # no class, or a run behind the length limit


class Colouring(NamedTuple):
    """What the colours of a page mean.

    Attributes:
        method: The method that made the values.
        signed: Whether they are signed.
        marks: What a method says that marks characters, see `AttributionMethod.marks`.
    """

    method: str
    signed: bool
    marks: str


def pack(
    colourings: Sequence[tuple[Colouring, Sequence[Drawing]]],
    corpus: Corpus,
    order: Int[np.ndarray, "rows"],
) -> str:
    """Pack rows as base64 text, in their order.

    Its bytes, unzipped: the length of a JSON header (4 bytes, little endian), the header, which
    names each column with its type and its number of entries, and the columns; each begins at a
    multiple of 4. Lengths of text count UTF-16 units, as the script does.

    A page may have its rows in the colours of several methods. What differs between these stands
    in columns of their own, whose names end in the method's number; the text only where it differs
    too, since a run that is far too long is shortened.

    Args:
        colourings: The rows in the colours of each method; there must be one at least.
        corpus: The columns of the whole corpus.
        order: The number in the corpus of each row.
    """
    drawings = colourings[0][1]
    sides = [side for drawing in drawings for side in drawing.sides]
    facts = [
        " · ".join(captions.pair_facts(drawing.explanation, drawing.words)) for drawing in drawings
    ]
    answers, answer = _numbered(
        captions.answer(drawing.explanation, drawing.words) for drawing in drawings
    )
    languages, language = _numbered(side.language for side in sides)
    names, name = _numbered(side.name for side in sides)
    columns = {
        "row": (corpus.numbers[order] + 1).astype("<u4"),
        "answer": np.array(answer, "<u4"),
        "predicted": corpus.predicted[order].astype("<u2"),  # -1 becomes the sentinel
        "truth": corpus.truth[order].astype("<u2"),
        "correct": corpus.correct[order].astype("i1"),
        "confidence": corpus.confidence[order].astype("<f4"),
        "loss": corpus.loss[order].astype("<f4"),
        "length": corpus.lengths[order].astype("<u4"),
        "sides": np.array([len(drawing.sides) for drawing in drawings], "u1"),
        "language": np.array(language, "u1"),
        "name": np.array(name, "u1"),
        "factChars": np.array([_units(fact) for fact in facts], "<u4"),
        "noteChars": np.array([_units(side.note) for side in sides], "<u4"),
        "facts": _bytes(facts),
        "notes": _bytes(side.note for side in sides),
    }
    for number, (_, coloured) in enumerate(colourings):
        columns |= {f"{key}{number}": array for key, array in _coloured(coloured).items()}
        if number and np.array_equal(columns[f"text{number}"], columns["text0"]):
            columns[f"text{number}"] = _bytes([])
    header = {
        "rows": len(drawings),
        "classes": [one_line(label) for label in corpus.classes],
        "answers": answers,
        "languages": languages,
        "names": names,
        "colourings": [colouring._asdict() for colouring, _ in colourings],
        "unit": UNIT,
        "levels": LEVELS,
        "even": UNIFORM,
        "hair": HAIR,
        "digits": DIGITS,
        "none": _SENTINEL,
        "columns": [
            [key, array.dtype.str.lstrip("<|"), len(array)] for key, array in columns.items()
        ],
    }
    head = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    blocks = [_padded(len(head).to_bytes(4, "little")), _padded(head)]
    data = b"".join(chain(blocks, (_padded(array.tobytes()) for array in columns.values())))
    return base64.b64encode(gzip.compress(data, compresslevel=6, mtime=0)).decode()


def _coloured(drawings: Sequence[Drawing]) -> dict[str, np.ndarray]:
    """The columns of the runs that the texts are cut into by their colours."""
    sides = [side for drawing in drawings for side in drawing.sides]
    runs = [_runs(side) for side in sides]
    texts = [text for side_runs in runs for text, _ in side_runs]
    by_side = [np.append(steps(side.row), [0] * bool(side.tail)) for side in sides]
    return {
        "full": np.array([side.row.scale.full for side in sides], "<f4"),
        "uniform": np.array([side.row.scale.uniform for side in sides], "<f4"),
        "runs": np.array([len(side_runs) for side_runs in runs], "<u4"),
        "tokens": np.array([count for one in runs for _, count in one], "<i8").astype("<u2"),
        "step": np.concatenate([np.zeros(0, np.int64), *by_side]).astype("i1"),
        "chars": np.array([_units(text) for text in texts], "<u4"),
        "text": _bytes(texts),
    }


def _runs(side: DrawnSide) -> list[tuple[str, int]]:
    """The runs as they are shown with their numbers of tokens; -1 for the unread tail."""
    runs = [
        (visible(run.text), run.tokens[1] - run.tokens[0] if run.tokens else 0)
        for run in side.row.runs
    ]
    return [*runs, (visible(side.tail), -1)] if side.tail else runs


def _numbered(names: Iterable[str]) -> tuple[list[str], list[int]]:
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(name, len(numbers)) for name in names]
    return list(numbers), places


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _bytes(texts: Iterable[str]) -> np.ndarray:
    return np.frombuffer("".join(texts).encode(), dtype="u1")


def _padded(data: bytes) -> bytes:
    return data + b" " * (-len(data) % 4)
