"""A model whose table rows are leaves of the gradient, and their shares as shares of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float, Int
from attnpool.models.outputs import ModelOutput
from attnpool.models.predict import item_lengths, side_rows
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import Places, length_batches, places
from attnpool.text.tokens import Tokens

_BATCH_TOKENS = 8_192  # a graph of all layers is kept: less at a time than where nothing is


class Leaf(NamedTuple):
    """Table rows that a text was read as.

    Attributes:
        vectors: What is differentiated by.
        length: How many tokens from this one on a vector speaks of; 0 for a position's.
    """

    vectors: Float[Tensor, "texts steps dim"]
    length: int


class Batch(NamedTuple):
    """Some items of a request.

    Attributes:
        items: Their numbers.
        places: Where the tokens of their texts stand.
        mask: True for a real token.
        arguments: What the model is called with.
    """

    items: Int[np.ndarray, "items"]
    places: Places
    mask: Bool[Tensor, "texts steps"]
    arguments: tuple[Any, ...]


class Run(NamedTuple):
    """What a model did with a batch.

    Attributes:
        margins: The targets' logits less the mean of all.
        leaves: What they came of.
        answer: The whole answer.
    """

    margins: Float[Tensor, "items"]
    leaves: list[Leaf]
    answer: ModelOutput


class Traced:
    """A model that keeps what it looks up.

    It is a copy that shares the tables and leaves the model itself alone; its parameters
    require no gradients.

    Args:
        model: The model, in evaluation mode; `model.sides` texts make an item.
        tokens: The texts, all first sides before all second ones.
        targets: The class that is asked about, an item; the predicted one unless given.
    """

    def __init__(
        self, model: nn.Module, tokens: Tokens, targets: Int[np.ndarray, "items"] | None = None
    ) -> None:
        self._tokens, self._targets = tokens, targets
        self._sides: int = model.sides  # type: ignore[assignment]
        self._model: Any = detached(getattr(model, "unfolded", model))
        self._scale = 1.0
        self._ids: Tensor | None = None
        self._leaves: list[Leaf] = []
        self._reading = False
        self._next: Iterator[int] = iter(())
        encoder: Any = self._model.encoder
        self._lengths: tuple[int, ...] = ()
        encoder.register_forward_pre_hook(self._begin)
        encoder.register_forward_hook(self._end)
        encoder.embedding.register_forward_hook(self._keep(1))
        if encoder.char_ngrams is not None:
            encoder.char_ngrams.register_forward_hook(self._keep(1))
        if encoder.ngrams is not None:
            self._lengths = encoder.ngrams.lengths
            encoder.ngrams.table.register_forward_hook(self._keep(None))
        if encoder.positions is not None:
            encoder.positions.register_forward_hook(self._keep(0))
        self.device: torch.device = encoder.embedding.weight.device
        self._inputs = TensorBatches(encoder, tokens)

    def batches(self) -> Iterator[Batch]:
        """All items, those of like length together."""
        tokens, sides = self._tokens, self._sides
        items = len(tokens) // sides
        lengths = item_lengths(tokens, sides) * sides
        for rows in length_batches(lengths, max_tokens=_BATCH_TOKENS):
            texts = side_rows(rows, items, sides)
            ids, mask, unknown = self._inputs(texts)
            yield Batch(rows, places(tokens, texts), mask, (ids, mask, unknown))

    def __call__(self, batch: Batch, scale: float = 1.0) -> Run:
        """Run the model.

        Args:
            batch: The items.
            scale: What the embeddings of tokens and n-grams are multiplied by.
        """
        leaves: list[Leaf] = []
        self._ids, self._leaves, self._scale = batch.arguments[0], leaves, scale
        answer: ModelOutput = self._model(*batch.arguments)
        self._ids, logits = None, answer.logits
        if self._targets is None:
            targets = logits.argmax(1)
        else:
            targets = torch.from_numpy(self._targets[batch.items]).to(logits.device)
        chosen = logits.gather(1, targets.unsqueeze(1)).squeeze(1)
        return Run(chosen - logits.mean(1), leaves, answer)

    def _begin(self, _: nn.Module, args: tuple[Any, ...]) -> None:
        # The names of labels are read by the same encoder, but are no text of the request.
        self._reading = args[0] is self._ids
        self._next = iter(self._lengths)

    def _end(self, _: nn.Module, __: Any, ___: Tensor) -> None:
        self._reading = False

    def _keep(self, length: int | None) -> Any:
        def keep(_: nn.Module, __: Any, rows: Tensor) -> Tensor:
            if not self._reading:
                return rows
            scaled = rows if length == 0 or self._scale == 1 else rows * self._scale
            leaf = scaled.detach().requires_grad_()
            self._leaves.append(Leaf(leaf, next(self._next) if length is None else length))
            return leaf

        return keep


def detached(model: nn.Module) -> nn.Module:
    """A copy of a model on the same parameters, which require no gradients."""
    shared: dict[int, Any] = {id(p): p.detach() for p in model.parameters()}
    shared |= {id(b): b for b in model.buffers()}
    return deepcopy(model, shared)


def gathered(
    parts: Sequence[tuple[Float[Tensor, "texts steps"], int]],
) -> Float[Tensor, "texts steps"]:
    """The sum of shares, those of n-grams evenly over their tokens.

    Args:
        parts: Shares with the number of tokens that each extends over from where it stands on.
    """
    whole = torch.zeros_like(parts[0][0])
    for shares, length in parts:
        even = shares / length
        whole += even
        for k in range(1, length):
            whole[:, k:] += even[:, :-k]
    return whole


def token_shares(leaves: list[Leaf], gradients: list[Tensor]) -> Float[Tensor, "texts steps"]:
    """`Σ leaf · gradient` of each token: its own and its part of its n-grams'."""
    return gathered(
        [
            (torch.linalg.vecdot(leaf.vectors.detach(), gradient), leaf.length)
            for leaf, gradient in zip(leaves, gradients, strict=True)
            if leaf.length
        ]
    )
