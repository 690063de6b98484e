"""`Tokens`: the token ids of many texts in one array, with their places in the raw texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from attnpool._shapes import Int

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of many texts, one behind the other (a ragged batch).

    Attributes:
        ids: Vocabulary ids of all tokens. 0 is padding and never stands here, 1 is unknown.
        bounds: Text `i` is `ids[bounds[i]:bounds[i + 1]]`.
        spans: Code-point offsets `[start, end)` of each token in its own raw text.
        read_until: For each text the offset at which reading stopped; its length, if it was read
            whole.
    """

    ids: Int[np.ndarray, "tokens"]
    bounds: Int[np.ndarray, "texts_plus_1"]
    spans: Int[np.ndarray, "tokens 2"]
    read_until: Int[np.ndarray, "texts"]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def lengths(self) -> Int[np.ndarray, "texts"]:
        """The number of tokens of each text."""
        return np.diff(self.bounds)


class Tokenizer(Protocol):
    """What every tokeniser does; `tokenizer.json` is its saved form."""

    @property
    def size(self) -> int:
        """The number of ids, padding and unknown included."""

    def encode(self, texts: Sequence[str], limit: int | None = None) -> Tokens:
        """The tokens of the texts; at most `limit` tokens a text."""

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`, which Hugging Face `tokenizers` loads and gives the same ids."""
