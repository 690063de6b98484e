"""The parts of tokens in the logits of a model over a pretrained encoder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnpool._shapes import Float, Int
from attnpool.explain.attribution import AttributionRequest, MethodResult
from attnpool.explain.contribution.attribute import attribute
from attnpool.explain.contribution.shared_tokens import balance_shared
from attnpool.explain.contribution.traced import detached, gathered
from attnpool.models.classifier import Classifier
from attnpool.models.context import ContextEncoder
from attnpool.models.linear import norms
from attnpool.models.net import TextNet
from attnpool.models.outputs import ModelOutput, margins
from attnpool.models.predict import OutputCollector, item_lengths, side_rows
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import length_batches, places

_BATCH_TOKENS = 4_096  # a graph of all layers is kept


def split_encoded(request: AttributionRequest, collector: OutputCollector) -> MethodResult:
    """As `split_margins`, for a model over a pretrained encoder.

    The parts are those of the embeddings that tokens have before the encoder mixes them, so they
    belong to the words of the text; see `attribute`. Positions, token types and special tokens are
    `base`. The linear part is split by its own tables.

    Args:
        request: The model and the texts; there is at least one item.
        collector: Where the outputs go.

    Raises:
        CannotSplitError: The encoder has an operation without a rule.
    """
    tokens, sides, items = request.tokens, request.model.sides, collector.items
    model = detached(request.model)
    encoder = model.encoder
    assert isinstance(encoder, ContextEncoder)  # noqa: S101 - the caller has looked
    inputs, known = TensorBatches(encoder, tokens), request.known_targets
    values = np.zeros(len(tokens.ids), dtype=np.float64)
    base, bias = np.zeros(items), np.zeros(items)
    linear = np.zeros(items) if getattr(model.config, "linear", False) else None
    lengths = item_lengths(tokens, sides)
    for rows in _batches(lengths, sides, encoder.content):
        texts = side_rows(rows, items, sides)
        ids, mask, _ = inputs(texts)
        if not lengths[rows].any():  # nothing to split: what the model answers is a constant
            with torch.no_grad():
                output = model(ids, mask)
            collector.add(rows, places(tokens, texts), output)
            chosen = output.logits.argmax(1) if known is None else torch.from_numpy(known[rows])
            bias[rows] = margins(output.logits, chosen.to(ids.device)).double().cpu().numpy()
            request.advance(len(rows))
            continue
        forward = _Forward(model, encoder, ids, mask)
        found = attribute(
            forward,
            forward.joined(),
            None if known is None else known[rows],
            special=forward.special(),
        )
        assert forward.output is not None  # noqa: S101 - it was called
        placed = places(tokens, texts)
        collector.add(rows, placed, forward.output)
        shares = forward.apart(found.values)
        bias[rows], base[rows] = found.bias, found.base
        if linear is not None and isinstance(model, Classifier):
            of_tokens = _of_linear(model, encoder, ids, mask, torch.from_numpy(found.targets))
            shares = shares + of_tokens
            linear[rows] = of_tokens.sum(1)
            bias[rows] -= linear[rows]
        values[placed.tokens] = shares[mask.cpu().numpy()]
        request.advance(len(rows))
    request.keep(collector.predictions())
    return MethodResult(balance_shared(values, tokens, sides), base, bias, linear)


class _Forward:
    """From embeddings to logits: the embeddings of a text's own tokens and of special ones.

    Those of all sides of an item stand one after the other.
    """

    def __init__(self, model: TextNet, encoder: ContextEncoder, ids: Tensor, mask: Tensor) -> None:
        self._model, self._encoder, self._ids, self._mask = model, encoder, ids, mask
        self._sides = model.sides
        self.output: ModelOutput | None = None

    def __call__(self, joined: Tensor) -> Tensor:
        """The logits `(items, classes)`."""
        embedded = torch.cat(joined.chunk(self._sides, dim=1)) if self._sides > 1 else joined
        self._encoder.given = self._ids, embedded
        try:
            output = self._model(self._ids, self._mask)
        finally:
            self._encoder.given = None
        if self.output is None:
            parts: Any = (None if part is None else part.detach() for part in output)
            self.output = ModelOutput(*parts)
        return output.logits

    def joined(self) -> Float[Tensor, "items steps width"]:
        """The embeddings of all tokens, special ones behind each text."""
        with torch.no_grad():
            embedded = self._encoder.embedded(self._ids)
        return torch.cat(embedded.chunk(self._sides), dim=1)

    def special(self) -> np.ndarray:
        """Which of them are special."""
        own, count = self._ids.shape[1], self._encoder.special.count
        row = np.tile(np.arange(own + count) >= own, self._sides)
        return np.tile(row, (len(self._ids) // self._sides, 1))

    def apart(self, values: np.ndarray) -> Float[np.ndarray, "texts steps"]:
        """The parts of the texts' own tokens, side after side."""
        own = self._ids.shape[1]
        sides = np.split(values, self._sides, axis=1)
        return np.concatenate([side[:, :own] for side in sides]).astype(float)


def _batches(
    lengths: Int[np.ndarray, "items"], sides: int, content: int
) -> Iterator[Int[np.ndarray, "rows"]]:
    """Items of similar length; those that are read in windows one by one, for their constants."""
    for rows in length_batches(lengths * sides, max_tokens=_BATCH_TOKENS):
        long = lengths[rows] > content
        if not long.all():
            yield rows[~long]
        for row in rows[long].tolist():
            yield np.array([row], dtype=np.int64)


def _of_linear(
    model: Classifier, encoder: ContextEncoder, ids: Tensor, mask: Tensor, targets: Tensor
) -> Float[np.ndarray, "texts steps"]:
    """The part of each token in the target's margin that the linear part gives."""
    assert model.linear is not None  # noqa: S101 - the caller has looked
    rows = encoder.table_rows(ids, mask) * mask.unsqueeze(2)
    lengths = (1, *(() if encoder.ngrams is None else encoder.ngrams.lengths))
    with torch.no_grad():
        norm = norms(model.linear.squares[rows].sum((1, 2)))
        parts = []
        for of_kind, length in zip(rows.unbind(2), lengths, strict=True):
            weights = model.linear.table(of_kind)
            chosen = targets.to(ids.device)[:, None, None].expand(*ids.shape, 1)
            centred = weights.gather(2, chosen).squeeze(2) - weights.mean(2)
            parts.append((centred * mask / norm, length))
        shares: np.ndarray = gathered(parts).double().cpu().numpy()
    return shares
