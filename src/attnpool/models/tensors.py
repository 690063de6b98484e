"""Texts as the arguments of a model, batch by batch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from attnpool._shapes import Bool, Int
from attnpool.models.char_ngrams import Bags
from attnpool.models.context import AnyEncoder, ContextEncoder
from attnpool.text.batches import pad
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens


class TensorBatches:
    """The call arguments of an encoder, for any rows of some texts.

    Words that the vocabulary lacks get the ids after its last one, if the encoder has embeddings
    of their character n-grams; these are looked up once for all texts.

    Args:
        encoder: The encoder; the arguments are on its device.
        tokens: The texts.

    Call arguments:
        rows: The numbers of the texts, in this order.
    """

    def __init__(self, encoder: AnyEncoder, tokens: Tokens) -> None:
        self._tokens = tokens
        self._device = encoder.embedding.weight.device
        self._unknown: Bags | None = None
        if isinstance(encoder, ContextEncoder):
            return
        if encoder.char_ngrams is not None and tokens.unknown:
            numbers = {word: i for i, word in enumerate(dict.fromkeys(tokens.unknown))}
            self._unknown = encoder.char_ngrams.bags(list(numbers))
            ids = tokens.ids.astype(np.int64)
            of_words = [numbers[word] for word in tokens.unknown]
            ids[ids == UNKNOWN] = encoder.config.vocabulary + np.array(of_words, dtype=np.int64)
            self._tokens = replace(tokens, ids=ids)

    def __call__(
        self, rows: Int[np.ndarray, "rows"]
    ) -> tuple[Int[Tensor, "rows steps"], Bool[Tensor, "rows steps"], Bags | None]:
        """The ids, the mask and the character n-grams of unknown words."""
        ids, mask = pad(self._tokens, rows)
        return (
            torch.from_numpy(ids).to(self._device),
            torch.from_numpy(mask).to(self._device),
            self._unknown,
        )
