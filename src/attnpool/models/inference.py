"""A trained model over many texts: batches by length, results in the texts' own order."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from attnpool._shapes import Float
from attnpool.models.classifier import Classifier
from attnpool.models.inputs import Inputs
from attnpool.text.batches import length_batches
from attnpool.text.tokens import Tokens


class Inferred(NamedTuple):
    """What a model makes of many texts.

    Attributes:
        logits: One score a class.
        weights: Where each head looked, for the tokens of all texts one behind the other, as
            `Tokens.bounds` divides them; None if not asked for.
    """

    logits: Float[np.ndarray, "texts classes"]
    weights: Float[np.ndarray, "tokens heads"] | None


def infer(
    model: Classifier,
    tokens: Tokens,
    *,
    weights: bool = False,
    advance: Callable[[int], object] = lambda _: None,
    batch_tokens: int = 16_384,
) -> Inferred:
    """Run `model`, which must be in evaluation mode, over `tokens`.

    Args:
        model: The model.
        tokens: The texts.
        weights: Whether to return the pooling weights.
        advance: Is told how many texts are done, batch after batch.
        batch_tokens: Tokens a batch at most, padding included, unless a text is longer.
    """
    inputs = Inputs(model.encoder, tokens)
    heads = model.config.heads
    logits = np.zeros((len(tokens), model.config.classes), dtype=np.float32)
    looked = np.zeros((len(tokens.ids), heads), dtype=np.float32) if weights else None
    with torch.inference_mode():
        for rows in length_batches(tokens.lengths, max_tokens=batch_tokens):
            ids, mask, unknown = inputs(rows)
            batch = model(ids, mask, unknown)
            logits[rows] = batch.logits.float().cpu().numpy()
            if looked is not None:
                real = mask.cpu().numpy()
                places = (tokens.bounds[rows, None] + np.arange(ids.shape[1]))[real]
                by_token = batch.weights.float().cpu().numpy().transpose(0, 2, 1)
                looked[places] = by_token[real]
            advance(len(rows))
    return Inferred(logits, looked)
