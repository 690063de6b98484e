"""Words that the vocabulary lacks, read by their character n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.runtime.ngrams import BITS, MAX_NGRAM, find, sums
from attnpool.runtime.tables import Table
from attnpool.text.char_ngrams import char_ngram_keys
from attnpool.text.special_tokens import UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class UnknownWords:
    """What words beyond the vocabulary add to the rows that stand where they do.

    Elsewhere the row of a token decides its attention score, which is computed beforehand. Here the
    key is a sum of that of the row and of the word, so the keys of such rows are kept: those of
    the unknown token, and of n-grams that begin with it.

    Attributes:
        char_ngrams: The hashes of the character n-grams, ascending (see `text.char_ngrams`).
        lengths: Their lengths in characters.
        char_keys: What each adds to the key of a word, `(char_ngrams, attention_dim)`: the mean of
            all those of a word counts.
        char_values: The same for the values of heads and classes, `(char_ngrams, heads * classes)`.
        rows: The table rows that can stand at an unknown word, ascending.
        keys: Their keys, before tanh, `(rows, attention_dim)`.
    """

    char_ngrams: Int[np.ndarray, "char_ngrams"]
    lengths: tuple[int, ...]
    char_keys: Table
    char_values: Table
    rows: Int[np.ndarray, "rows"]
    keys: Table

    @property
    def row_bytes(self) -> int:
        """The bytes that a character n-gram takes."""
        return self.char_ngrams.itemsize + self.char_keys.row_bytes + self.char_values.row_bytes

    def read(self, words: Sequence[str], rows: Int[np.ndarray, "words"]) -> Unknown:
        """Read the words of a chunk of texts.

        Args:
            words: The words, in lower case.
            rows: The table row at each of them.
        """
        tables = [self.char_keys, self.char_values]
        (keys, values), of_word = char_ngram_means(words, self.lengths, self.char_ngrams, tables)
        of_rows = self.keys.take(np.searchsorted(self.rows, rows))
        return Unknown(np.tanh(of_rows + keys[of_word]), values[of_word])


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """The unknown words of a chunk of texts.

    Attributes:
        keys: tanh of the key at each, `(words, attention_dim)`.
        values: What each adds to the values, `(words, heads * classes)`.
    """

    keys: Float[np.ndarray, "words attention_dim"]
    values: Float[np.ndarray, "words columns"]


def char_ngram_means(
    words: Sequence[str],
    lengths: Sequence[int],
    hashes: Int[np.ndarray, "char_ngrams"],
    tables: Sequence[Table],
) -> tuple[list[np.ndarray], Int[np.ndarray, "words"]]:
    """The means of the rows of each word's known character n-grams; zero where none is known.

    Args:
        words: The words, in lower case; each different one is read once.
        lengths: The lengths of the n-grams, in characters.
        hashes: The hashes of the known ones, ascending.
        tables: Tables with a row for each of these.

    Returns:
        The means in each table for each different word, `(different, columns)`, and the number
        among these of every word.
    """
    numbers = {word: i for i, word in enumerate(dict.fromkeys(words))}
    of_word = np.fromiter((numbers[word] for word in words), np.int64, len(words))
    wanted, bounds = char_ngram_keys(list(numbers), lengths)
    found = find(hashes, wanted)
    known = found >= 0
    bounds = np.concatenate([[0], np.cumsum(known)])[bounds]
    counts = np.maximum(np.diff(bounds), 1)[:, None].astype(np.float32)
    return [sums(table.take(found[known]), bounds) / counts for table in tables], of_word


def rows_of_unknown(keys: Int[np.ndarray, "ngrams"], first: int) -> Int[np.ndarray, "rows"]:
    """The table rows of the unknown token, and of the n-grams that begin with it, ascending.

    Args:
        keys: The packed n-grams, ascending.
        first: The table row of the first n-gram.
    """
    rows = [np.array([UNKNOWN], dtype=np.int64)]
    for n in range(2, MAX_NGRAM + 1):
        shift = BITS * (n - 1)
        rows.append(first + np.arange(*keys.searchsorted([UNKNOWN << shift, UNKNOWN + 1 << shift])))
    return np.concatenate(rows)
