"""Texts to padded batches as one would write it in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from attnpool.text.look_alikes import singles

UNKNOWN = 1
LONGEST = 10_000
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SAME = {**_HALF_WIDTH, **singles()}


def normal(text: str) -> str:
    """What is read of a text: no white space, no capitals, one of those that look alike."""
    return "".join(text.translate(_SAME).lower().split())


class TwinText:
    """Characters and n-grams with their numbers.

    Args:
        vocabulary: The id of each character, from 2 on.
        ngrams: The row of each n-gram, from 1 on.
        lengths: The lengths of the n-grams.
        limit: The most characters of a text that are read.
    """

    def __init__(
        self, vocabulary: dict[str, int], ngrams: dict[str, int], lengths: Sequence[int], limit: int
    ) -> None:
        self.vocabulary, self.ngrams = vocabulary, ngrams
        self.lengths, self.limit = tuple(lengths), limit

    @classmethod
    def learn(
        cls, texts: Sequence[str], lengths: Sequence[int], least: int, least_ngram: int, most: int
    ) -> TwinText:
        """The most frequent first, of what occurs often enough; the longest text is the limit."""
        longest = 0
        characters: Counter[str] = Counter()
        ngrams: Counter[str] = Counter()
        for text in map(normal, texts):
            longest = max(longest, len(text))
            characters.update(text)
            for n in lengths:
                ngrams.update(text[i : i + n] for i in range(len(text) - n + 1))
        known = [c for c, count in characters.most_common() if count >= least]
        grams = [g for g, count in ngrams.most_common(most) if count >= least_ngram]
        return cls(
            {c: i for i, c in enumerate(known, start=2)},
            {g: i for i, g in enumerate(grams, start=1)},
            lengths,
            min(longest, LONGEST),
        )

    def encode(self, text: str) -> tuple[Tensor, Tensor]:
        """Ids `(steps,)` and n-gram rows `(steps, lengths)` of one text."""
        text = normal(text)[: self.limit]
        ids = [self.vocabulary.get(character, UNKNOWN) for character in text]
        rows = []
        for n in self.lengths:
            found = [self.ngrams.get(text[i : i + n], 0) for i in range(len(text) - n + 1)]
            rows.append(found + [0] * (len(text) - len(found)))
        steps = torch.tensor(rows, dtype=torch.int64).reshape(len(rows), len(text)).T
        return torch.tensor(ids, dtype=torch.int64), steps


def collate(batch: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Some encoded texts side by side, padded to the longest, with one step at least."""
    ids = pad_sequence([ids for ids, _ in batch], batch_first=True)
    rows = pad_sequence([rows for _, rows in batch], batch_first=True)
    if not ids.shape[1]:
        ids = ids.new_zeros(len(batch), 1)
        rows = rows.new_zeros(len(batch), 1, rows.shape[2])
    return ids, rows
