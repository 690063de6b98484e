"""Character n-grams of words as 64-bit keys, for a whole list of words at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnpool._shapes import Int

MAX_CHAR_NGRAM = 10
"""The longest n-grams, in characters: longer ones are mostly whole words."""

MAX_WORD_LENGTH = 100
"""The most characters of a word that are read; the rest is ignored."""

_CHUNK = 8192  # words worked on at a time, which bounds the memory that long ones need


def char_ngram_keys(
    words: Sequence[str], lengths: Sequence[int]
) -> tuple[Int[np.ndarray, "char_ngrams"], Int[np.ndarray, "words_plus_1"]]:
    """The character n-grams of words, their beginning and end marked with `<` and `>`.

    The n-gram that is the whole word with both marks is left out: it adds nothing to the word.

    Args:
        words: The words; any string will do.
        lengths: The lengths of the n-grams in characters, marks included.

    Returns:
        A hash of each n-gram (int64), those of a word one after the other, and the bounds: word
        `i` has `keys[bounds[i]:bounds[i + 1]]`.

    Source:
        Bojanowski et al. 2017, "Enriching Word Vectors with Subword Information", arXiv
        1607.04606.
    """
    parts = [_keys(words[i : i + _CHUNK], lengths) for i in range(0, len(words), _CHUNK)]
    counts = [np.zeros(1, np.int64), *(count for _, count in parts)]
    keys = np.concatenate([np.zeros(0, np.int64), *(key for key, _ in parts)])
    return keys, np.cumsum(np.concatenate(counts))


def known_char_ngrams(
    words: Sequence[str], lengths: Sequence[int], *, min_words: int = 2, most: int = 200_000
) -> Int[np.ndarray, "char_ngrams"]:
    """The keys of the n-grams that get an embedding.

    Args:
        words: Distinct words.
        lengths: The lengths of the n-grams in characters, marks included.
        min_words: How many of the words must have an n-gram: one that a single word has is no
            help for other words.
        most: How many to keep, those of the most words first.

    Returns:
        Their keys, ascending.
    """
    keys, bounds = char_ngram_keys(words, lengths)
    owners = np.repeat(np.arange(len(words)), np.diff(bounds))
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    repeated = (np.diff(keys) == 0) & (np.diff(owners) == 0)  # twice in one word
    keys, counts = np.unique(np.delete(keys, np.flatnonzero(repeated)), return_counts=True)
    enough = counts >= min_words
    keys, counts = keys[enough], counts[enough]
    return np.sort(keys[np.argsort(-counts, kind="stable")[:most]])


def _keys(
    words: Sequence[str], lengths: Sequence[int]
) -> tuple[Int[np.ndarray, "char_ngrams"], Int[np.ndarray, "words"]]:
    """The keys of a chunk of words, and how many each word has."""
    marked = [f"<{word[:MAX_WORD_LENGTH]}>" for word in words]
    codes = np.frombuffer("".join(marked).encode("utf-32-le", "surrogatepass"), dtype="<i4")
    sizes = np.fromiter(map(len, marked), dtype=np.int64, count=len(marked))
    owners = np.repeat(np.arange(len(marked)), sizes)
    left = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(codes))  # characters to the end
    keys, words_of = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for n in lengths:
        starts = np.flatnonzero((left >= n) & (sizes[owners] != n))
        keys.append(_hash(codes, starts, n))
        words_of.append(owners[starts])
    owner = np.concatenate(words_of)
    order = np.argsort(owner, kind="stable")
    return np.concatenate(keys)[order], np.bincount(owner, minlength=len(marked))


def _hash(
    codes: Int[np.ndarray, "characters"], starts: Int[np.ndarray, "char_ngrams"], n: int
) -> Int[np.ndarray, "char_ngrams"]:
    """A hash of the `n` code points from each start on, the same on every machine."""
    key = np.full(len(starts), n, dtype=np.uint64)
    for k in range(n):
        key = (key ^ codes[starts + k].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(32)
    return key.view(np.int64)
