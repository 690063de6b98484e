"""A trained model over many items: batches by length, results in the items' own order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from attnpool._shapes import Float, Int
from attnpool.models.outputs import ModelOutput
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import Places, length_batches, places
from attnpool.text.tokens import Tokens

BATCH_TOKENS = 16_384
"""Tokens a batch at most, padding included, where no gradient is kept.

The same wherever a model answers, so that it answers the same to the last bit.
"""


class Predictions(NamedTuple):
    """What a model makes of many items.

    Attributes:
        logits: One score a class.
        weights: Where each head looked, for the tokens of all texts one behind the other, as
            `Tokens.bounds` divides them; None if not asked for.
        alignments: For each pair how much each left token reads each right one; None if not
            asked for, or if the model does not align.
    """

    logits: Float[np.ndarray, "items classes"]
    weights: Float[np.ndarray, "tokens heads"] | None
    alignments: list[np.ndarray] | None = None


def side_rows(rows: Int[np.ndarray, "_"], items: int, sides: int) -> Int[np.ndarray, "_"]:
    """The numbers of the texts of some items: all first sides, then all second ones."""
    return np.concatenate([rows + side * items for side in range(sides)])


def item_lengths(tokens: Tokens, sides: int) -> Int[np.ndarray, "items"]:
    """The tokens of the longest text of each item."""
    longest: np.ndarray = tokens.lengths.reshape(sides, -1).max(axis=0)
    return longest


class OutputCollector:
    """Gathers the answers of batches.

    Args:
        tokens: The texts of all items, all first sides before all second ones.
        sides: How many texts an item has.

    Attributes:
        items: The number of items.
    """

    def __init__(self, tokens: Tokens, sides: int) -> None:
        self.items = len(tokens) // sides
        self._tokens = tokens
        self._logits: np.ndarray | None = None
        self._weights: np.ndarray | None = None
        self._alignments: dict[int, np.ndarray] = {}

    def add(
        self,
        rows: Int[np.ndarray, "_"],
        placed: Places | None,
        answer: ModelOutput,
    ) -> None:
        """What the model answered to the items `rows`.

        Args:
            rows: The items.
            placed: Where the tokens of their texts stand; None where neither weights nor
                alignments are wanted.
            answer: The answer.
        """
        logits = _array(answer.logits)
        if self._logits is None:
            self._logits = np.zeros((self.items, logits.shape[1]), dtype=np.float32)
        self._logits[rows] = logits
        if placed is None:
            return
        looked = _array(answer.weights.transpose(1, 2).flatten(0, 1))
        if self._weights is None:
            shape = len(self._tokens.ids), looked.shape[1]
            self._weights = np.zeros(shape, dtype=np.float32)
        self._weights[placed.tokens] = looked[placed.cells]
        if answer.alignment is not None:
            of_batch = _array(answer.alignment)
            for row, matrix in zip(rows.tolist(), of_batch, strict=True):
                left, right = self._tokens.lengths[[row, self.items + row]]
                self._alignments[row] = matrix[:left, :right].copy()

    def predictions(self) -> Predictions:
        """All that was gathered; there must have been a batch, if an empty one."""
        assert self._logits is not None  # noqa: S101 - see above
        aligned = (
            [self._alignments[item] for item in range(self.items)] if self._alignments else None
        )
        return Predictions(self._logits, self._weights, aligned)


def _array(of: Tensor) -> np.ndarray:
    found: np.ndarray = of.detach().float().cpu().numpy()
    return found


def predict_batches(
    model: nn.Module,
    tokens: Tokens,
    *,
    weights: bool = False,
    advance: Callable[[int], object] = lambda _: None,
    batch_tokens: int = BATCH_TOKENS,
) -> Predictions:
    """Run `model`, which must be in evaluation mode, over `tokens`.

    Args:
        model: The model, whose `sides` says how many texts an item has.
        tokens: The texts; of pairs all left ones before all right ones.
        weights: Whether to return the pooling weights, and the alignments of a model that aligns.
        advance: Is told how many items are done, batch after batch.
        batch_tokens: Tokens a batch at most, padding included, unless an item is longer.
    """
    sides: int = model.sides  # type: ignore[assignment]
    inputs = TensorBatches(model.encoder, tokens)  # type: ignore[arg-type]
    answers = OutputCollector(tokens, sides)
    lengths = item_lengths(tokens, sides)
    with torch.inference_mode():
        # One empty batch where there is nothing: it tells the shapes of no answers.
        batches = length_batches(lengths * sides, max_tokens=batch_tokens) or [np.zeros(0, int)]
        for rows in batches:
            texts = side_rows(rows, answers.items, sides)
            placed = places(tokens, texts) if weights else None
            answers.add(rows, placed, model(*inputs(texts)))
            advance(len(rows))
    return answers.predictions()


def embed_texts(net: Any, tokens: Tokens) -> Float[np.ndarray, "texts width"]:
    """The pooled vector of each text.

    Args:
        net: A network that pools a text without a second one, in evaluation mode.
        tokens: The texts.
    """
    batches = TensorBatches(net.encoder, tokens)
    pool = net.embed if hasattr(net, "embed") else net.pooled
    vectors = np.zeros((len(tokens), net.width), dtype=np.float32)
    with torch.inference_mode():
        for rows in length_batches(tokens.lengths, max_tokens=BATCH_TOKENS):
            vectors[rows] = pool(*batches(rows))[0].float().cpu().numpy()
    return vectors
