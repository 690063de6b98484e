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
from attnpool.sanitize import one_line
from attnpool.view.report.corpus import Corpus
from attnpool.view.report.samples import STEPS, UNIT, Sample

_SENTINEL = 0xFFFF  # no class, or a run that was not read


class Colouring(NamedTuple):
    """What the colours of a page mean.

    Attributes:
        method: The method that made the values.
        signed: Whether they are signed.
    """

    method: str
    signed: bool


def pack(
    colourings: Sequence[tuple[Colouring, Sequence[Sample]]],
    corpus: Corpus,
    order: Int[np.ndarray, "rows"],
) -> str:
    """Pack rows as base64 text, in their order.

    Its bytes, unzipped: the length of a JSON header (4 bytes, little endian), the header, which
    names each column with its type and its number of entries, and the columns; each begins at a
    multiple of 4. Lengths of text count UTF-16 units, as the script does.

    A page may have its rows in the colours of several methods. What differs by them stands in
    columns of their own, whose names end in the method's number; the text only where it differs
    too, since what is far too long is shortened by colour.

    Args:
        colourings: The rows in the colours of each method; there must be one at least.
        corpus: The columns of the whole corpus.
        order: The number in the corpus of each row.
    """
    rows = colourings[0][1]
    sides = [side for row in rows for side in row.sides]
    answers, answer = _numbered(row.answer for row in rows)
    languages, language = _numbered(side.language for side in sides)
    names, name = _numbered(side.name for side in sides)
    columns = {
        "row": np.array([row.row for row in rows], "<u4"),
        "answer": np.array(answer, "<u4"),
        "predicted": corpus.predicted[order].astype("<u2"),  # -1 becomes the sentinel
        "truth": corpus.truth[order].astype("<u2"),
        "correct": corpus.correct[order].astype("i1"),
        "confidence": corpus.confidence[order].astype("<f4"),
        "loss": corpus.loss[order].astype("<f4"),
        "length": corpus.lengths[order].astype("<u4"),
        "sides": np.array([len(row.sides) for row in rows], "u1"),
        "language": np.array(language, "u1"),
        "name": np.array(name, "u1"),
        "factChars": np.array([_units(row.facts) for row in rows], "<u4"),
        "noteChars": np.array([_units(side.note) for side in sides], "<u4"),
        "facts": _bytes(row.facts for row in rows),
        "notes": _bytes(side.note for side in sides),
    }
    for number, (_, coloured) in enumerate(colourings):
        columns |= {f"{key}{number}": array for key, array in _coloured(coloured).items()}
        if number and np.array_equal(columns[f"text{number}"], columns["text0"]):
            columns[f"text{number}"] = _bytes([])
    header = {
        "rows": len(rows),
        "classes": [one_line(label) for label in corpus.classes],
        "answers": answers,
        "languages": languages,
        "names": names,
        "colourings": [of._asdict() for of, _ in colourings],
        "unit": UNIT,
        "steps": STEPS,
        "none": _SENTINEL,
        "columns": [
            [key, array.dtype.str.lstrip("<|"), len(array)] for key, array in columns.items()
        ],
    }
    head = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    blocks = [_padded(len(head).to_bytes(4, "little")), _padded(head)]
    data = b"".join(chain(blocks, (_padded(array.tobytes()) for array in columns.values())))
    return base64.b64encode(gzip.compress(data, compresslevel=6, mtime=0)).decode()


def _coloured(rows: Sequence[Sample]) -> dict[str, np.ndarray]:
    """The columns of the runs that the texts are cut into by their colours."""
    sides = [side for row in rows for side in row.sides]
    pieces = [piece for side in sides for piece in side.pieces]
    return {
        "full": np.array([side.full for side in sides], "<f4"),
        "pieces": np.array([len(side.pieces) for side in sides], "<u4"),
        "tokens": np.array([piece.tokens for piece in pieces]).astype("<u2"),
        "step": np.array([piece.step for piece in pieces], "i1"),
        "chars": np.array([_units(piece.text) for piece in pieces], "<u4"),
        "text": _bytes(piece.text for piece in pieces),
    }


def _numbered(names: Iterable[str]) -> tuple[list[str], list[int]]:
    numbers: dict[str, int] = {}
    of_each = [numbers.setdefault(name, len(numbers)) for name in names]
    return list(numbers), of_each


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _bytes(texts: Iterable[str]) -> np.ndarray:
    return np.frombuffer("".join(texts).encode(), dtype="u1")


def _padded(data: bytes) -> bytes:
    return data + b" " * (-len(data) % 4)
