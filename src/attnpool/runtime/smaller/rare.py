"""A compact model without what its training texts have seldom, which may name somebody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from attnpool._shapes import Bool, Int
from attnpool.runtime.network import CompactNetwork
from attnpool.runtime.ngrams import BITS, MAX_NGRAM, Ngrams, find
from attnpool.runtime.smaller.pruning import kept_ngrams
from attnpool.runtime.words import UnknownWords, rows_of_unknown
from attnpool.text.char_ngrams import char_ngram_keys
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokenizers.characters import CharTokenizer
from attnpool.text.tokenizers.words import WordTokenizer
from attnpool.text.tokens import Tokenizer

_LAST = (1 << BITS) - 1  # the last token of a packed n-gram


def without_rare(
    network: CompactNetwork, tokenizer: Tokenizer, counts: Int[np.ndarray, "rows"], least: int
) -> tuple[CompactNetwork, Tokenizer, Int[np.ndarray, "kept_rows"]]:
    """The model without tokens and n-grams that the training texts have fewer than `least` times.

    A token that goes is unknown from then on, and all n-grams with it go too. The vocabulary of a
    tokeniser that was not learned from the training texts stays.

    Args:
        network: The network.
        tokenizer: The tokeniser.
        counts: How often the training texts have the token or n-gram of each row.
        least: The fewest times.

    Returns:
        The network, the tokeniser, and the counts of the rows that are left.
    """
    first = network.ngrams.first
    tokens = np.ones(first, dtype=np.bool_)
    if isinstance(tokenizer, CharTokenizer | WordTokenizer):
        tokens[UNKNOWN + 1 :] = counts[UNKNOWN + 1 : first] >= least
    keep = counts[first:] >= least
    for k in range(MAX_NGRAM):
        keep &= _kept(tokens, network.ngrams.keys >> BITS * k)
    if network.words is not None and isinstance(tokenizer, WordTokenizer):
        words = _of_words(network.words, tokenizer.words, counts[:first], least)
        network = replace(network, words=words)
    network = _without_tokens(kept_ngrams(network, keep), tokens)
    kept = counts[np.concatenate([tokens, keep])]
    if isinstance(tokenizer, CharTokenizer | WordTokenizer):
        tokenizer = tokenizer.kept(tokens)
    return network, tokenizer, kept


def _kept(tokens: Bool[np.ndarray, "tokens"], keys: Int[np.ndarray, "ngrams"]) -> np.ndarray:
    """Whether the last token of each key is kept; there is none in a key that is used up."""
    kept: np.ndarray = tokens.take(keys & _LAST, mode="clip") | (keys == 0)
    return kept


def _without_tokens(network: CompactNetwork, tokens: Bool[np.ndarray, "tokens"]) -> CompactNetwork:
    """The network with these tokens alone, in the same order; no n-gram may have another."""
    numbers = np.cumsum(tokens) - 1
    keys = np.zeros_like(network.ngrams.keys)
    for k in range(MAX_NGRAM):
        ids = (network.ngrams.keys >> BITS * k) & _LAST
        keys |= numbers.take(ids, mode="clip") << BITS * k
    ngrams = Ngrams(keys, network.ngrams.lengths, int(tokens.sum()))
    rows = np.concatenate([np.flatnonzero(tokens), np.arange(len(tokens), len(network.keys))])
    words = network.words
    if words is not None:
        words = replace(words, rows=rows_of_unknown(keys, ngrams.first))
    return replace(
        network,
        keys=network.keys.kept(rows),
        values=network.values.kept(rows),
        linear=None if network.linear is None else network.linear.kept(rows),
        ngrams=ngrams,
        words=words,
    )


def _of_words(
    words: UnknownWords, vocabulary: list[str], counts: Int[np.ndarray, "tokens"], least: int
) -> UnknownWords:
    """Character n-grams that the known words of the training texts have often enough."""
    keys, bounds = char_ngram_keys(vocabulary, words.lengths)
    found = find(words.char_ngrams, keys)
    occurrences = np.repeat(counts, np.diff(bounds))[found >= 0]
    seen = np.bincount(found[found >= 0], occurrences, minlength=len(words.char_ngrams))
    kept = np.flatnonzero(seen >= least)
    return replace(
        words,
        char_ngrams=words.char_ngrams[kept],
        char_keys=words.char_keys.kept(kept),
        char_values=words.char_values.kept(kept),
    )
