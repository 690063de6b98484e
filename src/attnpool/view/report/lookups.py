"""Values of a whole corpus by token: what the model looks at, and what speaks for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explanation import Explanation
from attnpool.sanitize import printable, visible

SHOWN = 24
"""The most tokens in a list."""


@dataclass(frozen=True, slots=True)
class TokenFigure:
    """A token over the whole corpus.

    Attributes:
        text: The token in lower case.
        count: How often it occurs.
        mean: The mean of its values where it occurs.
        total: Their sum.
    """

    text: str
    count: int
    mean: float
    total: float


@dataclass(frozen=True, slots=True)
class ClassTokens:
    """The tokens that stand out for a class.

    Attributes:
        name: The class.
        rows: The rows that count for it.
        high: Tokens with the highest values, falling.
        low: Tokens with the lowest negative values, rising; only where values are signed.
    """

    name: str
    rows: int
    high: list[TokenFigure]
    low: list[TokenFigure]


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """Every occurrence of every token, one behind the other.

    Attributes:
        names: The tokens.
        token: The token of each occurrence.
        row: The row it occurs in.
        weight: The pooling weight, the mean over heads: the share of its text's attention.
        relative: The weight times the number of tokens of the text: 1 if attention were
            uniform, however long the text is.
        value: The explanation's value.
    """

    names: list[str]
    token: Int[np.ndarray, "n"]
    row: Int[np.ndarray, "n"]
    weight: Float[np.ndarray, "n"]
    relative: Float[np.ndarray, "n"]
    value: Float[np.ndarray, "n"]


def occurrences(explanations: Sequence[Explanation]) -> Occurrences:
    """Collect the tokens of all texts; their letters are compared in lower case."""
    numbers: dict[str, int] = {}
    tokens, rows, weights, relatives, values = [], [], [], [], []
    for row, explanation in enumerate(explanations):
        for side in explanation.sides:
            text = printable(side.text)
            names = [text[start:end].lower() for start, end in side.spans.tolist()]
            count = len(names)
            tokens.append(
                np.fromiter((numbers.setdefault(n, len(numbers)) for n in names), np.int64, count)
            )
            weight = np.nan_to_num(side.weights.mean(axis=0, dtype=np.float64))
            weights.append(weight)
            relatives.append(weight * count)
            values.append(np.nan_to_num(side.values.astype(np.float64)))
            rows.append(np.full(count, row))
    return Occurrences(
        list(numbers),
        _joined(tokens, np.int64),
        _joined(rows, np.int64),
        _joined(weights, np.float64),
        _joined(relatives, np.float64),
        _joined(values, np.float64),
    )


def token_name(text: str) -> str:
    """A token by itself, with white space made visible."""
    return visible(text).translate({0x20: "␣", 0x3000: "␣", 9: "⇥", 10: "⏎"})


def minimum_count(rows: int) -> int:
    """How often a token must occur to be listed: 5 times, and more in larger corpora."""
    return max(5, -(-rows // 500))


def most_looked_at(
    tokens: Occurrences, minimum: int, shown: int = SHOWN
) -> tuple[list[TokenFigure], list[TokenFigure]]:
    """The tokens looked at most where they occur, and those that take most attention in all.

    The values of the first are `relative`; of the second `weight` as a share of all there is.
    """
    relative, count = _table(tokens, tokens.relative)
    over_all, _ = _table(tokens, tokens.weight)
    over_all /= max(over_all.sum(), 1e-12)
    often = np.flatnonzero(count >= minimum)
    means = relative[often] / count[often]
    return (
        _figures(tokens, often[np.argsort(-means, kind="stable")][:shown], relative, count),
        _figures(
            tokens, often[np.argsort(-over_all[often], kind="stable")][:shown], over_all, count
        ),
    )


def by_class(
    tokens: Occurrences,
    of_row: Int[np.ndarray, "rows"],
    classes: Sequence[str],
    minimum: int,
    *,
    signed: bool,
    shown: int = SHOWN,
) -> list[ClassTokens]:
    """The tokens that stand out for each class.

    Args:
        tokens: The occurrences.
        of_row: The class explained of each row, or answered; -1 for none.
        classes: The names of the classes.
        minimum: How often a token must occur in a class's rows.
        signed: Whether values say what pushed the class: then the mean values count. Else what
            counts is where attention goes: a token's share of the attention in the class's
            rows less its share in all other rows.
        shown: The most tokens in a list.
    """
    lists = []
    for number, name in enumerate(classes):
        rows = int((of_row == number).sum())
        inside = of_row[tokens.row] == number
        sums, count = _table(tokens, tokens.value if signed else tokens.weight, inside)
        often = np.flatnonzero(count >= minimum)
        if signed:
            score = sums[often] / count[often]
            totals = sums
        else:
            outside, _ = _table(tokens, tokens.weight, ~inside)
            totals = sums / max(sums.sum(), 1e-12) - outside / max(outside.sum(), 1e-12)
            score = totals[often]
        high = often[np.argsort(-score, kind="stable")]
        low = high[::-1]
        lists.append(
            ClassTokens(
                name,
                rows,
                [f for f in _figures(tokens, high[:shown], totals, count) if f.total > 0],
                [f for f in _figures(tokens, low[:shown], totals, count) if f.total < 0]
                if signed
                else [],
            )
        )
    return [entry for entry in lists if entry.rows]


def _table(
    tokens: Occurrences, values: Float[np.ndarray, "n"], where: np.ndarray | None = None
) -> tuple[Float[np.ndarray, "tokens"], Int[np.ndarray, "tokens"]]:
    token = tokens.token if where is None else tokens.token[where]
    values = values if where is None else values[where]
    size = len(tokens.names)
    sums = np.bincount(token, weights=values, minlength=size).astype(np.float64)
    return sums, np.bincount(token, minlength=size)


def _figures(
    tokens: Occurrences,
    chosen: Int[np.ndarray, "chosen"],
    sums: Float[np.ndarray, "tokens"],
    counts: Int[np.ndarray, "tokens"],
) -> list[TokenFigure]:
    return [
        TokenFigure(tokens.names[i], int(counts[i]), float(sums[i] / counts[i]), float(sums[i]))
        for i in chosen.tolist()
    ]


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)
