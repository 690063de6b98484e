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
    if len(ids) and int(ids.max()) >> _BITS:
        raise InputError(
            f"n-grams need a vocabulary of less than {1 << _BITS:,} tokens; give ngrams=()"
        )
    separated = _separated(ids, bounds)
    keys, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for n in lengths:
        of_length, count = np.unique(pack(separated, n).numpy(), return_counts=True)
        enough = (count >= min_frequency) & (of_length > 0)
        keys.append(of_length[enough])
        counts.append(count[enough])
    kept = np.argsort(-np.concatenate(counts), kind="stable")[:most]
    return np.sort(np.concatenate(keys)[kept])


def _separated(ids: np.ndarray, bounds: np.ndarray) -> Tensor:
    """The ids with a zero between texts, which keeps n-grams from running across."""
    return torch.from_numpy(np.insert(ids.astype(np.int64), bounds[1:-1], 0))
