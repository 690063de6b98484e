"""A model whose table rows are leaves of the gradient, and their shares as shares of tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float, Int
from attnpool.explain.contribution.rules.roles import Role, mark
from attnpool.models.char_ngrams import Bags
from attnpool.models.net import TextNet
from attnpool.models.ngrams import NgramEmbedding
from attnpool.models.outputs import ModelOutput, margins
from attnpool.models.predict import item_lengths, side_rows
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import Places, length_batches, places
from attnpool.text.tokens import Tokens

_BATCH_TOKENS = 8_192  # smaller than for prediction: a graph of all layers is kept


class Leaf(NamedTuple):
    """Table rows that the tokens of a batch were looked up as.

    Attributes:
        vectors: The variables that gradients are taken with respect to.
        length: The number of tokens that a vector stands for, from its own on; 0 for a position.
        linear: Whether they are of the linear part.
    """

    vectors: Float[Tensor, "texts steps dim"]
    length: int
    linear: bool = False


class Batch(NamedTuple):
    """Some items of a request.

    Attributes:
        items: Their numbers.
        places: Where the tokens of their texts stand.
        ids: The first argument of the model.
        mask: The second one: True for a real token.
        unknown: The third one.
    """

    items: Int[np.ndarray, "items"]
    places: Places
    ids: Int[Tensor, "texts steps"]
    mask: Bool[Tensor, "texts steps"]
    unknown: Bags | None


class Run(NamedTuple):
    """A run of a model over a batch.

    Attributes:
        margins: The targets' logits less the mean of all (see `margins`).
        leaves: The leaves that they were computed from.
        output: The whole output.
    """

    margins: Float[Tensor, "items"]
    leaves: list[Leaf]
    output: ModelOutput


class Traced:
    """A model that keeps the table rows it looks up.

    It is a copy that shares the tables and leaves the model itself unchanged; its parameters
    require no gradients.

    Args:
        model: The model, in evaluation mode; an item has `model.sides` texts.
        tokens: The texts, all first sides before all second sides.
        targets: The class to explain per item; default: the predicted one.
    """

    def __init__(
        self, model: TextNet, tokens: Tokens, targets: Int[np.ndarray, "items"] | None = None
    ) -> None:
        self._tokens, self._targets, self._sides = tokens, targets, model.sides
        self._model = detached(model.differentiable())
        self._scale = 1.0
        self._ids: Tensor | None = None
        self._leaves: list[Leaf] = []
        self._reading = False
        self._next_length: Iterator[int] = iter(())
        encoder = self._model.encoder
        self._lengths: tuple[int, ...] = ()
        encoder.register_forward_pre_hook(self._begin)
        encoder.register_forward_hook(self._end)
        encoder.embedding.register_forward_hook(self._keep(1))
        if encoder.char_ngrams is not None:
            encoder.char_ngrams.register_forward_hook(self._keep(1))
        if encoder.ngrams is not None:
            self._lengths = encoder.ngrams.lengths
        if isinstance(encoder.ngrams, NgramEmbedding):
            encoder.ngrams.table.register_forward_hook(self._keep(None))
        if encoder.positions is not None:
            encoder.positions.register_forward_hook(self._keep(0))
        linear = getattr(self._model, "linear", None)
        if linear is not None:
            linear.register_forward_pre_hook(self._begin_linear)
            linear.register_forward_hook(self._end)
            linear.table.register_forward_hook(self._keep(None, linear=True))
        weight = encoder.embedding.weight
        self.device, self.dtype = weight.device, weight.dtype
        self._inputs = TensorBatches(encoder, tokens)

    def batches(self) -> Iterator[Batch]:
        """All items, those of similar length together."""
        tokens, sides = self._tokens, self._sides
        items = len(tokens) // sides
        lengths = item_lengths(tokens, sides) * sides
        for rows in length_batches(lengths, max_tokens=_BATCH_TOKENS):
            texts = side_rows(rows, items, sides)
            yield Batch(rows, places(tokens, texts), *self._inputs(texts))

    def __call__(self, batch: Batch, scale: float = 1.0) -> Run:
        """Run the model.

        Args:
            batch: The items.
            scale: The factor by which the embeddings of tokens and n-grams are multiplied.
        """
        leaves: list[Leaf] = []
        self._ids, self._leaves, self._scale = batch.ids, leaves, scale
        output = self._model(batch.ids, batch.mask, batch.unknown)
        self._ids, logits = None, output.logits
        if self._targets is None:
            targets = logits.argmax(1)
        else:
            targets = torch.from_numpy(self._targets[batch.items]).to(logits.device)
        return Run(margins(logits, targets), leaves, output)

    def _begin(self, _: nn.Module, args: tuple[Any, ...]) -> None:
        # The same encoder reads the names of labels, which are no texts of the request.
        self._reading = args[0] is self._ids
        self._next_length = iter(self._lengths)

    def _begin_linear(self, _: nn.Module, __: tuple[Any, ...]) -> None:
        self._reading = True
        self._next_length = iter((1, *self._lengths))

    def _end(self, _: nn.Module, __: Any, ___: Tensor) -> None:
        self._reading = False

    def _keep(
        self, length: int | None, *, linear: bool = False
    ) -> Callable[[nn.Module, Any, Tensor], Tensor]:
        def keep(_: nn.Module, __: Any, rows: Tensor) -> Tensor:
            if not self._reading:
                return rows
            scaled = rows if length == 0 or self._scale == 1 else rows * self._scale
            leaf = mark(scaled.detach().requires_grad_(), Role.LEAF)
            extent = next(self._next_length) if length is None else length
            self._leaves.append(Leaf(leaf, extent, linear))
            return leaf

        return keep


def detached(model: TextNet) -> TextNet:
    """A copy of a model on the same parameters, which require no gradients."""
    shared: dict[int, Any] = {id(p): p.detach() for p in model.parameters()}
    shared |= {id(b): b for b in model.buffers()}
    return deepcopy(model, shared)


def gathered(
    parts: Sequence[tuple[Float[Tensor, "texts steps"], int]],
) -> Float[Tensor, "texts steps"]:
    """The sum of shares per token; a share of an n-gram is split equally over its tokens.

    Args:
        parts: Shares, each with the number of tokens that they extend over from their own on.
    """
    total = torch.zeros_like(parts[0][0])
    for shares, length in parts:
        equal = shares / length
        total += equal
        for k in range(1, length):
            total[:, k:] += equal[:, :-k]
    return total


def token_shares(leaves: list[Leaf], gradients: list[Tensor]) -> Float[Tensor, "texts steps"]:
    """`Σ leaf · gradient` per token: of its own leaves, and its part of its n-grams' leaves."""
    return gathered(
        [
            (torch.linalg.vecdot(leaf.vectors.detach(), gradient), leaf.length)
            for leaf, gradient in zip(leaves, gradients, strict=True)
            if leaf.length
        ]
    )
