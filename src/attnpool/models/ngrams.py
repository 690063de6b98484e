"""Embeddings of n-grams of tokens, for the n-grams seen often enough in training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float, Int
from attnpool.errors import InputError
from attnpool.models.key_index import KeyIndex
from attnpool.models.sparse_rows import sum_rows

_BITS = 21  # per token id

MAX_NGRAM = 3
"""The longest n-grams, in tokens: three ids of 21 bits fit one 64-bit key."""


class NgramRows(nn.Module):
    """The n-grams that a model knows, and the number of each; 0 is for unknown ones.

    Args:
        keys: The packed n-grams, ascending (see `known_ngrams`).
        lengths: The lengths of the n-grams, 2 or 3 tokens.
    """

    keys: Tensor

    def __init__(self, keys: Int[np.ndarray, "ngrams"], lengths: Sequence[int]) -> None:
        super().__init__()
        self.lengths = tuple(lengths)
        self.register_buffer("keys", torch.from_numpy(keys))
        self._index: tuple[tuple[int, int], KeyIndex] | None = None

    def rows(
        self, ids: Int[Tensor, "batch steps"], mask: Bool[Tensor, "batch steps"]
    ) -> list[Int[Tensor, "batch steps"]]:
        """The table row of the n-gram that begins at each token, for each length."""
        real = torch.where(mask, ids, 0)
        # One look-up for all lengths: for a short text the calls cost more than the work.
        return list(self.find(torch.stack([pack(real, n) for n in self.lengths])).unbind())

    def beginnings(
        self,
    ) -> list[tuple[Int[Tensor, "rows"], Int[Tensor, "rows"], Int[Tensor, "rows"]]]:
        """What each n-gram begins with, of each length, the shortest first.

        Returns:
            The table rows of the n-grams of a length, the row of the longest known n-gram that
            each begins with, 0 for none, and the id of its first token.
        """
        found = []
        for n in sorted(self.lengths):
            first = self.keys >> (_BITS * (n - 1))
            rows = ((first > 0) & (first >> _BITS == 0)).nonzero().squeeze(1)
            keys, longest = self.keys[rows], torch.zeros_like(rows)
            for shorter in (m for m in sorted(self.lengths) if m < n):
                known = self.find(keys >> (_BITS * (n - shorter)))
                longest = torch.where(known > 0, known, longest)
            found.append((rows + 1, longest, first[rows]))
        return found

    def find(self, keys: Int[Tensor, "*batch"]) -> Int[Tensor, "*batch"]:
        """The table row of each packed n-gram; 0 for unknown ones."""
        changes = 0 if self.keys.is_inference() else self.keys._version
        state = self.keys.data_ptr(), changes
        if self._index is None or self._index[0] != state:  # new keys were loaded
            self._index = state, KeyIndex(self.keys)
        return self._index[1](keys)


class NgramEmbedding(NgramRows):
    """The sum of the embeddings of the n-grams that begin at each token.

    Args:
        keys: The packed n-grams that have an embedding, ascending (see `known_ngrams`).
        lengths: The lengths of the n-grams, 2 or 3 tokens.
        dim: The width of an embedding.

    Call arguments:
        ids: Token ids.
        mask: True for a real token. An n-gram with padding in it is not looked up.

    Input shape:
        `(batch, steps)`

    Output shape:
        `(batch, steps, dim)`

    Source:
        Bojanowski et al. 2017, arXiv 1607.04606, with an exact vocabulary in place of hashing.
    """

    def __init__(self, keys: Int[np.ndarray, "ngrams"], lengths: Sequence[int], dim: int) -> None:
        super().__init__(keys, lengths)
        # Row 0 is for unknown n-grams and stays zero. The others begin at zero too: an n-gram has
        # no effect before training gives it one.
        self.table = nn.Embedding(len(keys) + 1, dim, padding_idx=0, sparse=True)
        nn.init.zeros_(self.table.weight)

    def forward(
        self, ids: Int[Tensor, "batch steps"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch steps dim"]:
        """Look up and add."""
        if self.training:
            return sum_rows(self.table.weight, torch.stack(self.rows(ids, mask), dim=-1))
        vectors = [self.table(rows) for rows in self.rows(ids, mask)]
        return torch.stack(vectors).sum(0) if len(vectors) > 1 else vectors[0]


def pack(ids: Int[Tensor, "*batch steps"], n: int) -> Int[Tensor, "*batch steps"]:
    """The n-gram that begins at each token as one integer; 0 where one of its tokens is 0."""
    key, whole = ids, ids > 0
    for k in range(1, n):
        later = torch.nn.functional.pad(ids[..., k:], (0, min(k, ids.shape[-1])))
        key = (key << _BITS) | later
        whole = whole & (later > 0)
    return torch.where(whole, key, 0)


def count_rows(
    ids: Int[np.ndarray, "tokens"],
    bounds: Int[np.ndarray, "texts_plus_1"],
    vocabulary: int,
    ngrams: NgramRows | None,
) -> Int[np.ndarray, "rows"]:
    """How often texts have each token and each known n-gram, by table row.

    Args:
        ids: The token ids of all texts, one after the other.
        bounds: Text `i` is `ids[bounds[i]:bounds[i + 1]]`.
        vocabulary: The number of token ids, whose rows come first.
        ngrams: The known n-grams; the first of their rows is for unknown ones.
    """
    counts = [np.bincount(ids, minlength=vocabulary)]
    if ngrams is not None:
        of_ngrams = np.zeros(len(ngrams.keys) + 1, dtype=np.int64)
        separated = _separated(ids, bounds)
        for n in ngrams.lengths:
            rows = ngrams.find(pack(separated, n)).numpy()
            of_ngrams += np.bincount(rows, minlength=len(of_ngrams))
        counts.append(of_ngrams)
    return np.concatenate(counts)


def known_ngrams(
    ids: Int[np.ndarray, "tokens"],
    bounds: Int[np.ndarray, "texts_plus_1"],
    lengths: Sequence[int],
    *,
    min_frequency: int = 2,
    most: int = 400_000,
) -> Int[np.ndarray, "ngrams"]:
    """The packed n-grams of the texts that get an embedding.

    Args:
        ids: The token ids of all texts, one after the other.
        bounds: Text `i` is `ids[bounds[i]:bounds[i + 1]]`.
        lengths: The lengths to count, 2 or 3 tokens.
        min_frequency: How often an n-gram must occur.
        most: How many to keep, the most frequent first.

    Returns:
        Their keys, ascending.

    Raises:
        InputError: An id is too large to be packed.
    """
    counts = NgramCounts(lengths)
    counts.add(ids, bounds)
    return counts.known(min_frequency=min_frequency, most=most)[0]


class NgramCounts:
    """How often n-grams occur in texts that come some at a time; so many are remembered at most.

    Where there are more, the rarest are forgotten and half of them stay. One that comes again is
    counted anew, so that a count may lack what the n-gram had when it was forgotten.

    Args:
        lengths: The lengths to count, 2 or 3 tokens.
        most: How many n-grams are remembered; None: all.

    Attributes:
        missed: How many occurrences a count may lack; 0: all counts are exact.

    Source:
        Manku & Motwani 2002, "Approximate Frequency Counts over Data Streams" (lossy counting).
    """

    def __init__(self, lengths: Sequence[int], most: int | None = None) -> None:
        self._most = most
        # Of each length: the n-grams, ascending, and their counts; a part for each call of `add`.
        self._parts: dict[int, list[_Counted]] = {n: [] for n in lengths}
        self._places = self._texts = 0
        self.missed = 0

    def add(self, ids: Int[np.ndarray, "tokens"], bounds: Int[np.ndarray, "texts_plus_1"]) -> None:
        """Count the n-grams of some texts.

        Args:
            ids: The token ids of all texts, one after the other.
            bounds: Text `i` is `ids[bounds[i]:bounds[i + 1]]`.

        Raises:
            InputError: An id is too large to be packed.
        """
        if len(ids) and int(ids.max()) >> _BITS:
            raise InputError(
                f"n-grams need a vocabulary of less than {1 << _BITS:,} tokens; give ngrams=()"
            )
        separated = _separated(ids, bounds)
        for n, parts in self._parts.items():
            packed = pack(separated, n).numpy()
            keys, counts = np.unique(packed[packed > 0], return_counts=True)
            parts.append((keys, counts))
        self._places += len(ids)
        self._texts += len(bounds) - 1
        if self._most is not None and self._held() > self._most:
            self._merge()
            if self._held() > self._most:
                self._forget(self._most // 2)

    def known(
        self, *, min_frequency: int = 2, most: int = 400_000
    ) -> tuple[Int[np.ndarray, "ngrams"], Int[np.ndarray, "ngrams_plus_1"]]:
        """The packed n-grams that get an embedding, and how often there is each.

        Args:
            min_frequency: How often an n-gram must occur.
            most: How many to keep, the most frequent first.

        Returns:
            Their keys, ascending; and their counts, behind that of all other places in the texts.
        """
        self._merge()
        merged = [part for parts in self._parts.values() for part in parts]
        keys = np.concatenate([np.zeros(0, np.int64), *(keys for keys, _ in merged)])
        counts = np.concatenate([np.zeros(0, np.int64), *(counts for _, counts in merged)])
        enough = counts >= min_frequency
        keys, counts = keys[enough], counts[enough]
        kept = np.argsort(-counts, kind="stable")[:most]
        kept = kept[np.argsort(keys[kept])]
        # There is a place between each two texts.
        places = len(self._parts) * (self._places + max(self._texts - 1, 0))
        others = max(places - int(counts[kept].sum()), 0)
        return keys[kept], np.concatenate([[others], counts[kept]])

    def _held(self) -> int:
        return sum(len(keys) for parts in self._parts.values() for keys, _ in parts)

    def _merge(self) -> None:
        for n, parts in self._parts.items():
            if len(parts) > 1:
                self._parts[n] = [_merged(parts)]

    def _forget(self, most: int) -> None:
        counts = np.concatenate([counts for parts in self._parts.values() for _, counts in parts])
        if len(counts) <= most:
            return
        rarest = int(np.partition(counts, len(counts) - most - 1)[len(counts) - most - 1])
        for n, parts in self._parts.items():
            self._parts[n] = [(k[c > rarest], c[c > rarest]) for k, c in parts]
        self.missed += rarest


_Counted = tuple[np.ndarray, np.ndarray]


def _merged(parts: Sequence[_Counted]) -> _Counted:
    """The keys of all parts, each once and ascending, and the sums of their counts."""
    keys = np.concatenate([keys for keys, _ in parts])
    counts = np.concatenate([counts for _, counts in parts])
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[first], np.add.reduceat(counts, first) if len(first) else counts


def _separated(ids: np.ndarray, bounds: np.ndarray) -> Tensor:
    """The ids with a zero between texts, which keeps n-grams from running across."""
    return torch.from_numpy(np.insert(ids.astype(np.int64), bounds[1:-1], 0))
