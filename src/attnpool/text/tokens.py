"""`Tokens`: the token ids of many texts in one array, with their offsets in the raw texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from attnpool._shapes import Int
from attnpool.text.special_tokens import UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of many texts, one after the other (a ragged batch).

    Attributes:
        ids: Vocabulary ids of all tokens. 0, padding, does not occur here; 1 is unknown.
        bounds: Text `i` is `ids[bounds[i]:bounds[i + 1]]`.
        spans: Code-point offsets `[start, end)` of each token in its own raw text.
        read_until: For each text the offset at which reading stopped; its length, if it was read
            whole.
        unknown: The words of the tokens with id 1, one after the other, in lower case; empty if
            the tokeniser does not report them.
    """

    ids: Int[np.ndarray, "tokens"]
    bounds: Int[np.ndarray, "texts_plus_1"]
    spans: Int[np.ndarray, "tokens 2"]
    read_until: Int[np.ndarray, "texts"]
    unknown: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def lengths(self) -> Int[np.ndarray, "texts"]:
        """The number of tokens of each text."""
        lengths: np.ndarray = self.bounds[1:] - self.bounds[:-1]
        return lengths

    def first(self, texts: int) -> Tokens:
        """The first texts, as many as `texts`."""
        end = int(self.bounds[texts])
        unknown = int((self.ids[:end] == UNKNOWN).sum()) if self.unknown else 0
        return Tokens(
            self.ids[:end],
            self.bounds[: texts + 1],
            self.spans[:end],
            self.read_until[:texts],
            self.unknown[:unknown],
        )

    def truncated(self, limit: int) -> Tokens:
        """The same texts with at most `limit` tokens each, as `encode(texts, limit)` gives."""
        cut = self.lengths > limit
        if not cut.any():
            return self
        lengths = np.minimum(self.lengths, limit)
        starts = self.bounds[:-1]
        bounds = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        kept = np.arange(bounds[-1]) + np.repeat(starts - bounds[:-1], lengths)
        read_until = self.read_until.copy()
        read_until[cut] = self.spans[starts[cut] + limit - 1, 1]
        unknown = self.unknown
        if unknown:
            numbers = np.cumsum(self.ids == UNKNOWN) - 1
            unknown = tuple(unknown[i] for i in numbers[kept[self.ids[kept] == UNKNOWN]].tolist())
        return Tokens(self.ids[kept], bounds, self.spans[kept], read_until, unknown)

    @classmethod
    def concatenate(cls, parts: Sequence[Tokens]) -> Tokens:
        """The texts of all parts, one part after the other."""
        if len(parts) == 1:
            return parts[0]
        lengths = [part.lengths for part in parts]
        return cls(
            ids=np.concatenate([np.zeros(0, np.int32), *(part.ids for part in parts)]),
            bounds=np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths])),
            spans=np.concatenate([np.zeros((0, 2), np.int32), *(part.spans for part in parts)]),
            read_until=np.concatenate([np.zeros(0, np.int64), *(p.read_until for p in parts)]),
            unknown=tuple(chain.from_iterable(part.unknown for part in parts)),
        )


@runtime_checkable
class Tokenizer(Protocol):
    """The interface of every tokeniser; `tokenizer.json` is its saved form."""

    @property
    def kind(self) -> str:
        """The kind by which `load_tokenizer` reads the saved form."""

    @property
    def size(self) -> int:
        """The number of ids, padding and unknown included."""

    def encode(self, texts: Sequence[str], limit: int | None = None) -> Tokens:
        """The tokens of the texts; at most `limit` tokens per text."""

    def to_json(self) -> str:
        """The content of `tokenizer.json`, with which Hugging Face gives the same ids."""

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`."""
