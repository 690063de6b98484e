"""Tokenisers that are learned from texts which come some at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from attnpool.text.tokenizers.characters import CharTokenizer, count_characters
from attnpool.text.tokenizers.words import WordTokenizer
from attnpool.text.tokens import Tokenizer


@runtime_checkable
class Learner(Protocol):
    """Counts the tokens of texts, and makes the tokeniser of those that are frequent enough."""

    @property
    def missed(self) -> int:
        """How many occurrences of a token may not have been counted; 0: counts are exact."""

    def add(self, texts: Sequence[str]) -> None:
        """Count the tokens of some texts."""

    def tokenizer(self, min_frequency: int, max_size: int | None) -> Tokenizer:
        """The tokeniser of the tokens that occurred so often, the most frequent ones first."""


class LearnedCharacters:
    """A tokeniser of characters; there are only so many, and all are counted."""

    missed = 0

    def __init__(self) -> None:
        self._counts = count_characters([])

    def add(self, texts: Sequence[str]) -> None:
        """Count the characters of some texts."""
        self._counts += count_characters(texts)

    def tokenizer(self, min_frequency: int, max_size: int | None) -> CharTokenizer:
        """The tokeniser."""
        return CharTokenizer.of_counts(self._counts, min_frequency, max_size)


class LearnedWords:
    """A tokeniser of words, of which so many are remembered at most.

    Where there are more, the rarest are forgotten and half of them stay. One that comes again is
    counted anew, so that a count may lack what the word had when it was forgotten.

    Args:
        blank: The tokeniser without a vocabulary.
        most: How many words are remembered; None: all.

    Source:
        Manku & Motwani 2002, "Approximate Frequency Counts over Data Streams" (lossy counting).
    """

    def __init__(self, blank: WordTokenizer, most: int | None = None) -> None:
        self._blank = blank
        self._most = most
        self._counts = Counter[str]()
        self.missed = 0

    def add(self, texts: Sequence[str]) -> None:
        """Count the words of some texts."""
        self._counts.update(self._blank.count(texts))
        if self._most is not None and len(self._counts) > self._most:
            counts = np.fromiter(self._counts.values(), dtype=np.int64, count=len(self._counts))
            rarest = forgotten(counts, self._most // 2)
            self._counts = Counter({w: n for w, n in self._counts.items() if n > rarest})
            self.missed += rarest

    def tokenizer(self, min_frequency: int, max_size: int | None) -> WordTokenizer:
        """The tokeniser."""
        return self._blank.with_counts(self._counts, min_frequency, max_size)


class Given:
    """A tokeniser that is used as it is.

    Args:
        tokenizer: The tokeniser.
    """

    missed = 0

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def add(self, texts: Sequence[str]) -> None:
        """Learn nothing."""

    def tokenizer(self, min_frequency: int, max_size: int | None) -> Tokenizer:
        """The tokeniser as it is."""
        del min_frequency, max_size
        return self._tokenizer


def forgotten(counts: np.ndarray, most: int) -> int:
    """The least count that has to be forgotten, with all below it, so that `most` stay at most."""
    return int(np.partition(counts, len(counts) - most - 1)[len(counts) - most - 1])
