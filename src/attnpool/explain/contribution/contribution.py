"""`contribution`: the part of each token in a logit. Signed; the parts add up to the logit."""

from __future__ import annotations

import numpy as np
import torch

from attnpool.explain.attribution import AttributionRequest, CannotSplitError, MethodResult
from attnpool.explain.contribution.affine import Affine
from attnpool.explain.contribution.encoded import split_encoded
from attnpool.explain.contribution.shared_tokens import balance_shared
from attnpool.explain.contribution.traced import Traced, gathered, token_shares
from attnpool.models.context import ContextEncoder
from attnpool.models.folded import FoldedClassifier
from attnpool.models.predict import BATCH_TOKENS, OutputCollector
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import length_batches, places


def split_margins(request: AttributionRequest) -> MethodResult:
    """Each token's part of the target's margin, from one run of the model.

    The model is taken as affine at the point computed (see `Affine`), and one backward pass
    splits the margin (see `margins`): `Σ values + base + bias = logit`. The embedding of a token
    and of its character n-grams belongs to the token; that of an n-gram is split equally over its
    tokens; positions are `base`, biases and thresholds `bias`. Equal tokens on both sides of a
    pair have similar values (see `balance_shared`).

    Raises:
        CannotSplitError: The parts do not add up, because `Affine` lacks a rule for an operation of
            the model.
    """
    model, tokens = request.model, request.tokens
    collector = OutputCollector(tokens, model.sides)
    values = np.zeros(len(tokens.ids), dtype=np.float64)
    base, bias = np.zeros(collector.items), np.zeros(collector.items)
    linear = np.zeros(collector.items) if getattr(model.config, "linear", False) else None
    if not collector.items:  # without a run there are no outputs
        return MethodResult(values, base, bias, linear)
    if isinstance(model, FoldedClassifier):
        return _from_tables(model, request, collector)
    if isinstance(model.encoder, ContextEncoder):
        return split_encoded(request, collector)
    traced = Traced(model, tokens, request.known_targets)
    for batch in traced.batches():
        items = len(batch.items)
        with Affine(items, traced.device, traced.dtype) as affine:
            logits, leaves, output = traced(batch)
        collector.add(batch.items, batch.places, output)
        gradients = torch.autograd.grad(
            logits.sum(),
            [leaf.vectors for leaf in leaves],
            allow_unused=True,
            materialize_grads=True,
        )
        shares = token_shares(leaves, list(gradients))
        values[batch.places.tokens] = shares[batch.mask].cpu().numpy()
        bias[batch.items] = affine.constants.bias.cpu().numpy()
        for leaf, gradient in zip(leaves, gradients, strict=True):
            if leaf.length == 0:
                of_text = (leaf.vectors.detach() * gradient).sum((1, 2))
                base[batch.items] += of_text.reshape(-1, items).sum(0).cpu().numpy()
            elif leaf.linear and linear is not None:
                of_text = (leaf.vectors.detach() * gradient).sum((1, 2))
                linear[batch.items] += of_text.cpu().numpy()
        parts = shares.sum(1).reshape(-1, items).sum(0).cpu().numpy()
        _check(parts + base[batch.items] + bias[batch.items], logits.detach().cpu().numpy())
        request.advance(items)
    request.keep(collector.predictions())
    return MethodResult(balance_shared(values, tokens, model.sides), base, bias, linear)


def _from_tables(
    model: FoldedClassifier, request: AttributionRequest, collector: OutputCollector
) -> MethodResult:
    """The same without a backward pass: a folded table has each row's part of every logit."""
    tokens, known = request.tokens, request.known_targets
    inputs = TensorBatches(model.encoder, tokens)
    values = np.zeros(len(tokens.ids), dtype=np.float64)
    linear = np.zeros(collector.items) if model.linear else None
    with torch.inference_mode():
        for rows in length_batches(tokens.lengths, max_tokens=BATCH_TOKENS):
            ids, mask, unknown = inputs(rows)
            targets = None if known is None else torch.from_numpy(known[rows]).to(ids.device)
            output, parts, everywhere = model.shares(ids, mask, unknown, targets)
            placed = places(tokens, rows)
            collector.add(rows, placed, output)
            shares = gathered(parts).flatten().cpu().numpy()
            values[placed.tokens] = shares[placed.cells]
            if linear is not None and everywhere is not None:
                linear[rows] = everywhere.cpu().numpy()
            request.advance(len(rows))
    request.keep(collector.predictions())
    biases = model.bias.double().cpu().numpy()
    bias = biases[request.targets] - biases.mean()
    return MethodResult(values, np.zeros(len(bias)), bias, linear)


def _check(sums: np.ndarray, logits: np.ndarray) -> None:
    # Far above rounding, far below the effect of a missing rule.
    if not np.allclose(sums, logits, rtol=1e-2, atol=1e-2):
        raise CannotSplitError(
            "contribution cannot split what this model computes; use gradient_x_input"
        )
