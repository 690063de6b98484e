"""The first pass over a stream: what has to be known of all rows before any is learned from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Integer
from attnpool.data import Limit, Rows, RowStream
from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError
from attnpool.estimators.streaming.samples import HeldRows, KeySample, LabelledSample
from attnpool.persistence.known_rows import MOST
from attnpool.sanitize import quoted

CHUNK = Limit(20_000, 4_000_000)
"""How much is read at a time, and no more rows than a window has."""

HELD = Limit(20_000, 20_000_000)
"""The most rows that validate, and no more than a window has: so many tell accuracy well."""

_CHARACTERS = 1_000
"""A sample has no more characters than so many for each row that it may have."""

MOST_LABELS = 100_000
"""More different labels are refused."""


class Chunk(NamedTuple):
    """Some rows of a stream.

    Attributes:
        texts: Their texts.
        labels: Their labels.
        skipped: How many bad rows were left out among them.
    """

    texts: list[str]
    labels: list[str]
    skipped: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over all rows found.

    Attributes:
        rows: How many rows there are.
        characters: How many characters their texts have.
        skipped: How many bad rows were left out.
        labels: How many rows there are of each label.
        sample: Some of the rows.
        held: Rows that may validate.
        known: The hashes of the texts.
        state: What the files were before.
    """

    rows: int
    characters: int
    skipped: int
    labels: dict[str, int]
    sample: LabelledSample
    held: HeldRows
    known: KeySample
    state: list[tuple[str, int, int]]

    @classmethod
    def of(cls, stream: RowStream, window: int, sample: int, seed: int) -> Survey:
        """Read all rows once.

        Args:
            stream: The rows.
            window: How many are read, and how many may validate, at most.
            sample: How many of them are kept at most.
            seed: Decides which.

        Raises:
            InputError: A row is bad, there are no labels, or far too many different ones.
        """
        kept = LabelledSample(Limit(sample, sample * _CHARACTERS), seed)
        held = HeldRows(_in_window(HELD, window), seed)
        known = KeySample(MOST)
        rows = characters = skipped = 0
        state = stream.state()
        labels = Counter[str]()
        for chunk in chunks(stream, window):
            rows += len(chunk.texts)
            characters += sum(map(len, chunk.texts))
            skipped += chunk.skipped
            labels.update(chunk.labels)
            _check_labels(labels, rows)
            keys = item_keys(chunk.texts)
            for one in (kept, held):
                one.add(chunk.texts, chunk.labels, keys)
            known.add(keys)
        known.settle()
        return cls(rows, characters, skipped, dict(labels), kept, held, known, state)


def chunks(stream: RowStream, window: int) -> Iterator[Chunk]:
    """The rows of a stream, some at a time.

    Args:
        stream: The rows.
        window: How many at most.

    Raises:
        InputError: A row is bad, or the rows are none of one text and a label.
    """
    # `map` holds no chunk while it is worked on, as the variable of a loop would.
    return map(_chunk, stream.chunks(_in_window(CHUNK, window)))


def _chunk(rows: Rows) -> Chunk:
    where = f"{rows.file}: " if rows.file else ""
    if len(rows.texts) != 1:
        raise InputError(
            f"{where}{len(rows.texts):,} texts per row; name one text column, or read the rows "
            "at once to train a matcher"
        )
    if rows.labels is None:
        raise InputError(f"{where}the rows have no labels; name the label column")
    return Chunk(rows.texts[0], rows.labels, rows.skipped)


def training_chunks(
    stream: RowStream, window: int, held: Integer[np.ndarray, "held"]
) -> Iterator[tuple[list[str], list[str]]]:
    """The texts and labels of all rows but those that validate, some at a time.

    Args:
        stream: The rows.
        window: How many at most.
        held: The hashes of the texts of those that validate, ascending.
    """
    return map(partial(_without, held), chunks(stream, window))


def _without(held: Integer[np.ndarray, "held"], chunk: Chunk) -> tuple[list[str], list[str]]:
    texts, labels, _ = chunk
    if not len(held):
        return texts, labels
    kept = np.flatnonzero(~np.isin(item_keys(texts), held)).tolist()
    return [texts[i] for i in kept], [labels[i] for i in kept]


def _check_labels(labels: Counter[str], rows: int) -> None:
    """Refuse a column of numbers or names of rows before its values fill the memory."""
    if len(labels) > MOST_LABELS:
        raise InputError(
            f"{len(labels):,} different labels in the first {rows:,} rows, such as "
            f"{quoted(next(iter(labels)))}; give the column that holds classes"
        )


def _in_window(limit: Limit, window: int) -> Limit:
    return limit._replace(rows=min(limit.rows, window))
