"""A trained model over many items: batches by length, results in the items' own order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnpool._shapes import Float, Int
from attnpool.models.net import TextNet
from attnpool.models.outputs import ModelOutput
from attnpool.models.predictions import Predictions
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import Places, length_batches, places
from attnpool.text.tokens import Tokens

BATCH_TOKENS = 16_384
"""The most tokens of a batch, padding included, where no gradient is kept.

It is the same for all predictions, so that on one machine they are the same to the last bit.
"""


def side_rows(rows: Int[np.ndarray, "_"], items: int, sides: int) -> Int[np.ndarray, "_"]:
    """The numbers of the texts of some items: all first sides, then all second sides.

    Args:
        rows: The numbers of the items.
        items: The number of all items.
        sides: The number of texts per item.
    """
    return np.concatenate([rows + side * items for side in range(sides)])


def item_lengths(tokens: Tokens, sides: int) -> Int[np.ndarray, "items"]:
    """The number of tokens of the longest text of each item."""
    longest: np.ndarray = tokens.lengths.reshape(sides, -1).max(axis=0)
    return longest


class OutputCollector:
    """Gathers the outputs of batches.

    Args:
        tokens: The texts of all items, all first sides before all second sides.
        sides: The number of texts per item.

    Attributes:
        items: The number of items.
    """

    def __init__(self, tokens: Tokens, sides: int) -> None:
        self.items = len(tokens) // sides
        self._tokens = tokens
        self._logits: np.ndarray | None = None
        self._weights: np.ndarray | None = None
        self._alignments: dict[int, np.ndarray] = {}

    def add(self, rows: Int[np.ndarray, "_"], placed: Places | None, output: ModelOutput) -> None:
        """Add the output for the items `rows`.

        Args:
            rows: The numbers of the items.
            placed: Where the tokens of their texts stand; None where neither weights nor
                alignments are wanted.
            output: The output.
        """
        logits = _array(output.logits)
        if self._logits is None:
            self._logits = np.zeros((self.items, logits.shape[1]), dtype=np.float32)
        self._logits[rows] = logits
        if placed is None:
            return
        weights = _array(output.weights.transpose(1, 2).flatten(0, 1))
        if self._weights is None:
            shape = len(self._tokens.ids), weights.shape[1]
            self._weights = np.zeros(shape, dtype=np.float32)
        self._weights[placed.tokens] = weights[placed.cells]
        if output.alignment is not None:
            matrices = _array(output.alignment)
            for row, matrix in zip(rows.tolist(), matrices, strict=True):
                left, right = self._tokens.lengths[[row, self.items + row]]
                self._alignments[row] = matrix[:left, :right].copy()

    def predictions(self) -> Predictions:
        """All outputs; at least one batch, which may be empty, must have been added."""
        assert self._logits is not None  # noqa: S101 - see above
        alignments = (
            [self._alignments[item] for item in range(self.items)] if self._alignments else None
        )
        return Predictions(self._logits, self._weights, alignments)


def _array(tensor: Tensor) -> np.ndarray:
    array: np.ndarray = tensor.detach().float().cpu().numpy()
    return array


def predict_batches(
    model: TextNet,
    tokens: Tokens,
    *,
    weights: bool = False,
    advance: Callable[[int], object] = lambda _: None,
    batch_tokens: int = BATCH_TOKENS,
) -> Predictions:
    """Run a model over texts.

    Args:
        model: The model, in evaluation mode; an item has `model.sides` texts.
        tokens: The texts, all first sides before all second sides.
        weights: Whether to return the pooling weights, and the alignments of a model that aligns.
        advance: Called with the number of items of each batch that is done.
        batch_tokens: The most tokens of a batch, padding included, unless an item is longer.
    """
    sides = model.sides
    inputs = TensorBatches(model.encoder, tokens)
    collector = OutputCollector(tokens, sides)
    lengths = item_lengths(tokens, sides)
    with torch.inference_mode():
        # Without items one empty batch: its output has the shapes.
        batches = length_batches(lengths * sides, max_tokens=batch_tokens) or [np.zeros(0, int)]
        for rows in batches:
            texts = side_rows(rows, collector.items, sides)
            placed = places(tokens, texts) if weights else None
            collector.add(rows, placed, model(*inputs(texts)))
            advance(len(rows))
    return collector.predictions()


def embed_texts(net: Any, tokens: Tokens) -> Float[np.ndarray, "texts width"]:
    """The pooled vector of each text.

    Args:
        net: A network that pools a text without a second one, in evaluation mode.
        tokens: The texts.
    """
    batches = TensorBatches(net.encoder, tokens)
    vectors = np.zeros((len(tokens), net.width), dtype=np.float32)
    with torch.inference_mode():
        for rows in length_batches(tokens.lengths, max_tokens=BATCH_TOKENS):
            vectors[rows] = net.embed(*batches(rows))[0].float().cpu().numpy()
    return vectors
