"""A folded classifier as a graph: logits, weights and contributions from rows of tables."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int
from attnpool.models.linear import norms
from attnpool.pooling.normalizers import find_normalizer
from attnpool.runtime.network import CompactNetwork
from attnpool.runtime.words import UnknownWords
from attnpool.text.special_tokens import UNKNOWN


class FoldedGraph(nn.Module):
    """What `CompactNetwork` computes, and the contribution of each token to every class.

    Args:
        network: The folded classifier, its tables in float32.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        ngrams: The rows of the longest n-grams up to each length (see `OnnxReader.inputs`).
        char_ngrams: The character n-grams of unknown words, if the network reads them.

    Input shape:
        ids and mask `(batch, steps)`, ngrams `(batch, lengths, steps)`, char_ngrams
        `(words, uses)`

    Output shape:
        logits `(batch, classes)`, weights `(batch, heads, steps)`, contributions
        `(batch, classes, steps)`: the part of each token in the margin of each class, its logit
        less the mean of all.
    """

    keys: Tensor
    score: Tensor
    values: Tensor
    linear: Tensor
    bias: Tensor

    def __init__(self, network: CompactNetwork) -> None:
        super().__init__()
        self.shape, self.lengths = network.shape, network.ngrams.lengths
        self.vocabulary = network.ngrams.first
        self.normalize = find_normalizer(network.shape.normalizer)
        self.register_buffer("keys", _tensor(network.keys.all()))
        self.register_buffer("score", _tensor(network.score))
        self.register_buffer("values", _tensor(network.values.all()))
        self.register_buffer("bias", _tensor(network.bias))
        self.has_linear = network.linear is not None
        if network.linear is not None:
            self.register_buffer("linear", _tensor(network.linear.all()))
        rows = len(network.values)
        self.words = None if network.words is None else WordTables(network.words, rows)

    def forward(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        ngrams: Int[Tensor, "batch lengths steps"] | None = None,
        char_ngrams: Int[Tensor, "words uses"] | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Classify the batch and split its logits."""
        rows = torch.where(ids < self.vocabulary, ids, UNKNOWN).unsqueeze(1)
        if ngrams is not None:
            rows = torch.cat([rows, ngrams], dim=1)
        longest = rows[:, -1]
        keys, word_values = F.embedding(longest, self.keys), None
        if self.words is not None and char_ngrams is not None:
            words = (ids - self.vocabulary + 1).clamp(min=0)
            read, word_values = self.words(longest, words, char_ngrams)
            if self.shape.pooling != "mean_query":
                read = F.linear(read, self.score)
            keys = torch.where((words > 0).unsqueeze(2), read, keys)
        weights = self.normalize(self._scores(keys, mask), mask.unsqueeze(1))

        real = mask.unsqueeze(2)
        norm = None
        if self.has_linear:
            squares = F.embedding(longest, self.linear[:, -1:]) * real
            norm = norms(squares.sum((1, 2))).unsqueeze(2)
        # For the tokens and each length: what stands at each token, n-grams up to it included.
        up_to = []
        for of_kind in rows.unbind(1):
            values = F.embedding(of_kind, self.values)
            if word_values is not None:
                values = values + word_values
            by_head = values.view(*ids.shape, self.shape.heads, self.shape.classes)
            shares = (weights.transpose(1, 2).unsqueeze(3) * by_head).sum(2)
            if norm is not None:
                shares = shares + F.embedding(of_kind, self.linear[:, :-1]) * real / norm
            up_to.append(shares)
        logits = up_to[-1].sum(1) + self.bias
        parts = up_to[0]
        for n, (shorter, longer) in zip(self.lengths, pairwise(up_to), strict=True):
            equal = (longer - shorter) / n
            for k in range(n):
                parts = parts + F.pad(equal, (0, 0, k, 0))[:, : equal.shape[1]]
        contributions = parts - parts.mean(2, keepdim=True)
        return logits, weights, contributions.transpose(1, 2)

    def _scores(
        self, keys: Float[Tensor, "batch steps columns"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch heads steps"]:
        if self.shape.pooling != "mean_query":
            return keys.transpose(1, 2)
        real = mask.unsqueeze(2).to(keys.dtype)
        query = (keys * real).sum(1, keepdim=True) / real.sum(1, keepdim=True).clamp(min=1)
        return (keys * (query * self.score)).sum(2).unsqueeze(1)


class WordTables(nn.Module):
    """What words beyond the vocabulary add, by their character n-grams; see `UnknownWords`.

    Args:
        words: The tables.
        rows: The number of rows of the network's own tables.

    Call arguments:
        longest: The table row at each token.
        words: The number of the word at each token, counted from 1; 0 for a known one.
        char_ngrams: 1 plus the rows of the character n-grams of each word, 0 behind them.

    Output shape:
        keys `(batch, steps, attention_dim)`, right where there is a word, and values
        `(batch, steps, heads * classes)`, 0 where there is none.
    """

    key_table: Tensor
    value_table: Tensor
    of_rows: Tensor
    places: Tensor

    def __init__(self, words: UnknownWords, rows: int) -> None:
        super().__init__()
        # A row of zeros first: no character n-gram.
        self.register_buffer("key_table", F.pad(_tensor(words.char_keys.all()), (0, 0, 1, 0)))
        self.register_buffer("value_table", F.pad(_tensor(words.char_values.all()), (0, 0, 1, 0)))
        self.register_buffer("of_rows", _tensor(words.keys.all()))
        places = np.zeros(rows, np.int32)
        places[words.rows] = np.arange(len(words.rows))
        self.register_buffer("places", torch.from_numpy(places))

    def forward(
        self,
        longest: Int[Tensor, "batch steps"],
        words: Int[Tensor, "batch steps"],
        char_ngrams: Int[Tensor, "words uses"],
    ) -> tuple[Tensor, Tensor]:
        """Average each word once, and look it up where it stands."""
        keys = F.embedding(words, word_means(self.key_table, char_ngrams))
        values = F.embedding(words, word_means(self.value_table, char_ngrams))
        of_rows = F.embedding(self.places[longest].long(), self.of_rows)
        return torch.tanh(of_rows + keys), values


def word_means(
    table: Float[Tensor, "rows columns"], char_ngrams: Int[Tensor, "words uses"]
) -> Float[Tensor, "words_and_one columns"]:
    """The mean of the rows of each word, after a row of zeros for no word.

    Args:
        table: A row of zeros, then that of each character n-gram.
        char_ngrams: 1 plus the rows of each word's, 0 behind them.
    """
    count = (char_ngrams > 0).sum(1, keepdim=True).clamp(min=1)
    means = F.embedding(char_ngrams, table).sum(1) / count.to(table.dtype)
    return F.pad(means, (0, 0, 1, 0))


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))
