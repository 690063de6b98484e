"""Embeddings of the character n-grams of words, which unseen words share with known ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Float, Int
from attnpool.text.char_ngrams import char_ngram_keys, known_char_ngrams


class Bags(NamedTuple):
    """The table rows of each word.

    Attributes:
        rows: The rows of all words, one word after the other.
        bounds: Word `i` has `rows[bounds[i]:bounds[i + 1]]`.
    """

    rows: Int[Tensor, "uses"]
    bounds: Int[Tensor, "words_plus_1"]

    def take(self, words: Int[Tensor, "taken"]) -> Bags:
        """The bags of some words, in their order."""
        starts = self.bounds[words]
        counts = self.bounds[words + 1] - starts
        bounds = F.pad(counts.cumsum(0), (1, 0))
        places = torch.arange(int(bounds[-1]), device=words.device)
        places = places + torch.repeat_interleave(starts - bounds[:-1], counts)
        return Bags(self.rows[places], bounds)


class CharNgrams(NamedTuple):
    """The character n-grams that have embeddings, and those of each word of a vocabulary.

    Attributes:
        keys: The keys of the n-grams, ascending (see `attnpool.text.char_ngrams`).
        vocabulary: The bags of the vocabulary's words, by id.
    """

    keys: Int[Tensor, "char_ngrams"]
    vocabulary: Bags

    @classmethod
    def learn(
        cls, vocabulary: Sequence[str], others: Sequence[str], lengths: Sequence[int]
    ) -> CharNgrams:
        """Take the n-grams from the words of the training texts.

        Args:
            vocabulary: The words of the vocabulary by id, empty for padding and unknown.
            others: The other words of the training texts, too rare for the vocabulary.
            lengths: The lengths of the n-grams in characters.
        """
        keys = known_char_ngrams([*vocabulary, *dict.fromkeys(others)], lengths)
        return cls(torch.from_numpy(keys), _bags(keys, vocabulary, lengths))

    @classmethod
    def blank(cls, words: int, rows: int, uses: int) -> CharNgrams:
        """Zeros of these sizes, to be filled by `load_state_dict`.

        Args:
            words: The size of the vocabulary.
            rows: The number of n-grams that have embeddings.
            uses: The number of n-grams of all words of the vocabulary together.
        """
        bags = Bags(*(torch.zeros(size, dtype=torch.int64) for size in (uses, words + 1)))
        return cls(torch.zeros(rows, dtype=torch.int64), bags)


class CharNgramEmbedding(nn.Module):
    """The mean of the embeddings of each word's character n-grams.

    The n-grams of the words of the vocabulary are stored here. Other words have the ids after
    the vocabulary's last one, and their bags are passed in the call.

    Args:
        char_ngrams: The n-grams that have embeddings.
        lengths: The lengths of the n-grams in characters.
        dim: The width of an embedding.

    Call arguments:
        ids: Ids of words.
        unknown: The bags of the words beyond the vocabulary (see `bags`): the first has the id
            after the vocabulary's last one.

    Input shape:
        `(batch, steps)`

    Output shape:
        `(batch, steps, dim)`, zero for a word none of whose n-grams is known

    Source:
        Bojanowski et al. 2017, "Enriching Word Vectors with Subword Information", arXiv
        1607.04606, with an exact vocabulary of n-grams in place of shared buckets.
    """

    keys: Tensor
    rows: Tensor
    bounds: Tensor

    def __init__(self, char_ngrams: CharNgrams, lengths: Sequence[int], dim: int) -> None:
        super().__init__()
        self.lengths = tuple(lengths)
        self.register_buffer("keys", char_ngrams.keys)
        self.register_buffer("rows", char_ngrams.vocabulary.rows)
        self.register_buffer("bounds", char_ngrams.vocabulary.bounds)
        self.table = nn.Embedding(len(char_ngrams.keys), dim, sparse=True)
        nn.init.normal_(self.table.weight, std=0.1)

    def bags(self, words: Sequence[str]) -> Bags:
        """The table rows of words that the vocabulary lacks."""
        bags = _bags(self.keys.cpu().numpy(), words, self.lengths)
        return Bags(*(part.to(self.keys.device) for part in bags))

    def forward(
        self, ids: Int[Tensor, "batch steps"], unknown: Bags | None = None
    ) -> Float[Tensor, "batch steps dim"]:
        """Look up and average, once per distinct word."""
        words, places = torch.unique(ids, return_inverse=True)
        size = len(self.bounds) - 1
        bags = Bags(self.rows, self.bounds).take(words[words < size])
        rows, bounds = bags
        if unknown is not None:
            others = unknown.take(words[words >= size] - size)
            rows = torch.cat([rows, others.rows])
            bounds = torch.cat([bounds, others.bounds[1:] + bounds[-1]])
        vectors = F.embedding_bag(
            rows,
            self.table.weight,
            bounds,
            mode="mean",
            sparse=self.table.sparse,
            include_last_offset=True,
        )
        return F.embedding(places, vectors)


def _bags(
    keys: Int[np.ndarray, "char_ngrams"], words: Sequence[str], lengths: Sequence[int]
) -> Bags:
    wanted, bounds = char_ngram_keys(words, lengths)
    rows = np.searchsorted(keys, wanted)
    known = keys.take(rows, mode="clip") == wanted if len(keys) else np.zeros(len(rows), bool)
    known_before = np.concatenate([[0], np.cumsum(known)])
    return Bags(torch.from_numpy(rows[known]), torch.from_numpy(known_before[bounds]))
