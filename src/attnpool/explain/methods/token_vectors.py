"""The token vectors that a model pools, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from attnpool.explain.attribution import AttributionRequest
from attnpool.models.predict import BATCH_TOKENS
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import length_batches, places


def token_vectors(request: AttributionRequest) -> Iterator[tuple[np.ndarray, Tensor, Tensor]]:
    """For each batch of the texts of a request: the vectors of its tokens.

    Yields:
        The positions of the batch's real tokens among those of all texts; the vectors `(texts,
        steps, dim)`; the mask `(texts, steps)`.
    """
    tokens, encoder = request.tokens, request.model.encoder
    inputs = TensorBatches(encoder, tokens)
    for texts in length_batches(tokens.lengths, max_tokens=BATCH_TOKENS):
        ids, mask, unknown = inputs(texts)
        with torch.inference_mode():
            x = encoder(ids, mask, unknown)
        yield places(tokens, texts).tokens, x, mask
