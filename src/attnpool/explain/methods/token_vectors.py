"""What a model pools: the token vectors of a request, batch by batch."""

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
    """The places of real tokens among all, the vectors `(texts, steps, dim)`, and the mask."""
    tokens = request.tokens
    encoder = request.model.encoder
    inputs = TensorBatches(encoder, tokens)  # type: ignore[arg-type]
    for texts in length_batches(tokens.lengths, max_tokens=BATCH_TOKENS):
        ids, mask, unknown = inputs(texts)
        with torch.inference_mode():
            x = encoder(ids, mask, unknown)  # type: ignore[operator]
        yield places(tokens, texts).tokens, x, mask
