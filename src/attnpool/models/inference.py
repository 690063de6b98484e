"""A trained model over many items: batches by length, results in the items' own order."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from attnpool._shapes import Float, Int
from attnpool.models.inputs import Inputs
from attnpool.text.batches import length_batches
from attnpool.text.tokens import Tokens


class Inferred(NamedTuple):
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


def infer(
    model: nn.Module,
    tokens: Tokens,
    *,
    weights: bool = False,
    advance: Callable[[int], object] = lambda _: None,
    batch_tokens: int = 16_384,
) -> Inferred:
    """Run `model`, which must be in evaluation mode, over `tokens`.

    Args:
        model: The model, whose `sides` says how many texts an item has.
        tokens: The texts; of pairs all left ones before all right ones.
        weights: Whether to return the pooling weights, and the alignments of a model that aligns.
        advance: Is told how many items are done, batch after batch.
        batch_tokens: Tokens a batch at most, padding included, unless an item is longer.
    """
    sides: int = model.sides  # type: ignore[assignment]
    inputs = Inputs(model.encoder, tokens)  # type: ignore[arg-type]
    items = len(tokens) // sides
    lengths = item_lengths(tokens, sides)
    logits: np.ndarray | None = None
    looked: np.ndarray | None = None
    alignments: dict[int, np.ndarray] = {}
    with torch.inference_mode():
        # One empty batch where there is nothing: it tells the shapes of no answers.
        batches = length_batches(lengths * sides, max_tokens=batch_tokens) or [np.zeros(0, int)]
        for rows in batches:
            texts = side_rows(rows, items, sides)
            ids, mask, unknown = inputs(texts)
            answer = model(ids, mask, unknown)
            if logits is None:
                logits = np.zeros((items, answer.logits.shape[1]), dtype=np.float32)
                if weights:
                    looked = np.zeros((len(tokens.ids), answer.weights.shape[1]), dtype=np.float32)
            logits[rows] = answer.logits.float().cpu().numpy()
            if looked is not None:
                real = mask.cpu().numpy()
                places = (tokens.bounds[texts, None] + np.arange(ids.shape[1]))[real]
                looked[places] = answer.weights.float().cpu().numpy().transpose(0, 2, 1)[real]
            if weights and answer.alignment is not None:
                of_batch = answer.alignment.float().cpu().numpy()
                for row, matrix in zip(rows.tolist(), of_batch, strict=True):
                    left, right = tokens.lengths[[row, items + row]]
                    alignments[row] = matrix[:left, :right].copy()
            advance(len(rows))
    assert logits is not None  # noqa: S101 - there was a batch
    return Inferred(
        logits, looked, [alignments[item] for item in range(items)] if alignments else None
    )
