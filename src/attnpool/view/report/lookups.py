"""The attention of a whole corpus by token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explanation import Explanation
from attnpool.sanitize import printable, visible
from attnpool.text.normal_form import normal_texts

SHOWN = 12
"""The most tokens in a list."""


@dataclass(frozen=True, slots=True)
class TokenFigure:
    """A token over the whole corpus.

    Attributes:
        text: The token in lower case.
        count: How often it occurs.
        mean: Its mean attention, in multiples of uniform attention.
        rows: In how many rows.
    """

    text: str
    count: int
    mean: float
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """Every occurrence of every token, one behind the other.

    Attributes:
        names: The tokens.
        token: The token of each occurrence.
        relative: Its pooling weight, the mean over heads, times the number of tokens of the text:
            1 if attention were uniform, however long the text is.
        row: The number of its explanation.
    """

    names: list[str]
    token: Int[np.ndarray, "n"]
    relative: Float[np.ndarray, "n"]
    row: Int[np.ndarray, "n"]


def occurrences(explanations: Sequence[Explanation]) -> Occurrences:
    """Collect the tokens of all texts; their letters are compared in lower case."""
    numbers: dict[str, int] = {}
    tokens, relatives, rows = [], [], []
    for number, explanation in enumerate(explanations):
        for side in explanation.sides:
            text = printable(side.text)
            names = [text[start:end].lower() for start, end in side.spans.tolist()]
            count = len(names)
            tokens.append(
                np.fromiter((numbers.setdefault(n, len(numbers)) for n in names), np.int64, count)
            )
            weight = np.nan_to_num(side.weights.mean(axis=0, dtype=np.float64))
            relatives.append(weight * count)
            rows.append(np.full(count, number))
    # Tokens that look the same are one.
    normal = normal_texts(list(numbers)).texts
    same = {name: index for index, name in enumerate(dict.fromkeys(normal))}
    of_name = np.array([same[name] for name in normal], dtype=np.int64)
    return Occurrences(
        list(same),
        of_name[_joined(tokens, np.int64)],
        _joined(relatives, np.float64),
        _joined(rows, np.int64),
    )


def token_name(text: str) -> str:
    """A token by itself, with white space made visible."""
    return visible(text).translate({0x20: "␣", 0x3000: "␣", 9: "⇥", 10: "⏎"})


def minimum_count(rows: int) -> int:
    """How often a token must occur to be listed: 5 times, and more in larger corpora."""
    return max(5, -(-rows // 500))


def most_looked_at(tokens: Occurrences, minimum: int, shown: int = SHOWN) -> list[TokenFigure]:
    """The tokens with the highest mean of `relative`, of those that occur often enough."""
    size = len(tokens.names)
    count = np.bincount(tokens.token, minlength=size)
    mean = np.bincount(tokens.token, tokens.relative, size) / np.maximum(count, 1)
    often = np.flatnonzero(count >= minimum)
    first = often[np.argsort(-mean[often], kind="stable")][:shown]
    return [
        TokenFigure(
            tokens.names[i],
            int(count[i]),
            float(mean[i]),
            len(np.unique(tokens.row[tokens.token == i])),
        )
        for i in first.tolist()
    ]


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)
