"""`contribution`: what moved the decision. Signed, and it adds up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from attnpool._shapes import Int
from attnpool.errors import InputError
from attnpool.explain.attribution import Attribution, AttributionRequest
from attnpool.explain.contribution.affine import Affine
from attnpool.explain.contribution.shared_tokens import balance_shared
from attnpool.explain.contribution.traced import Traced, gathered, token_shares
from attnpool.models.folded import FoldedClassifier
from attnpool.models.predict import BATCH_TOKENS, OutputCollector, Predictions, predict_batches
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import length_batches, places
from attnpool.text.tokens import Tokens


def contribution(request: AttributionRequest) -> Attribution:
    """Each token's part of the target's logit less the mean of all logits.

    The model is taken as affine at the point computed (see `Affine`), and one backward pass
    splits the answer: `Σ values + base + bias = logit`. The embedding of a token, with its
    char_ngrams', is the token's; that of an n-gram is shared evenly by its tokens; positions are
    `base`, biases and thresholds `bias`. Equal tokens on both sides of a pair share alike (see
    `balance_shared`).

    Raises:
        InputError: The parts do not add up, because the model does what `Affine` has no rule for.
    """
    return contributions(request.model, request.tokens, request.targets)[1]


def contributions(
    model: nn.Module,
    tokens: Tokens,
    targets: Int[np.ndarray, "items"] | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> tuple[Predictions, Attribution]:
    """The model's answers, with weights, and the contributions to them, in one run of the model.

    Args:
        model: The model, in evaluation mode; `model.sides` texts make an item.
        tokens: The texts, all first sides before all second ones.
        targets: The class that is explained, an item; the predicted one unless given.
        advance: Is told how many items are done, batch after batch.

    Raises:
        InputError: See `contribution`.
    """
    sides: int = model.sides  # type: ignore[assignment]
    answers = OutputCollector(tokens, sides)
    values = np.zeros(len(tokens.ids), dtype=np.float64)
    base, bias = np.zeros(answers.items), np.zeros(answers.items)
    if not answers.items:  # no run tells the shapes of no answers
        return predict_batches(model, tokens, weights=True), Attribution(values, base, bias)
    if isinstance(model, FoldedClassifier):
        return _looked_up(model, tokens, targets, advance, answers)
    traced = Traced(model, tokens, targets)
    for batch in traced.batches():
        items = len(batch.items)
        with Affine(items, traced.device) as affine:
            margins, leaves, answer = traced(batch)
        answers.add(batch.items, batch.places, answer)
        wanted = [*(leaf.vectors for leaf in leaves), affine.ones]
        *gradients, constant = torch.autograd.grad(
            margins.sum(), wanted, allow_unused=True, materialize_grads=True
        )
        shares = token_shares(leaves, gradients)
        values[batch.places.tokens] = shares[batch.mask].cpu().numpy()
        bias[batch.items] = constant.cpu().numpy()
        for leaf, gradient in zip(leaves, gradients, strict=True):
            if leaf.length == 0:
                of_text = (leaf.vectors.detach() * gradient).sum((1, 2))
                base[batch.items] += of_text.reshape(-1, items).sum(0).cpu().numpy()
        parts = shares.sum(1).reshape(-1, items).sum(0).cpu().numpy()
        _check(parts + base[batch.items] + bias[batch.items], margins.detach().cpu().numpy())
        advance(items)
    return answers.predictions(), Attribution(balance_shared(values, tokens, sides), base, bias)


def _looked_up(
    model: FoldedClassifier,
    tokens: Tokens,
    targets: Int[np.ndarray, "items"] | None,
    advance: Callable[[int], object],
    answers: OutputCollector,
) -> tuple[Predictions, Attribution]:
    """The same without a backward pass: a folded table has each row's part of every logit."""
    inputs = TensorBatches(model.encoder, tokens)
    values = np.zeros(len(tokens.ids), dtype=np.float64)
    with torch.inference_mode():
        for rows in length_batches(tokens.lengths, max_tokens=BATCH_TOKENS):
            ids, mask, unknown = inputs(rows)
            aims = None if targets is None else torch.from_numpy(targets[rows]).to(ids.device)
            answer, shares = model.shares(ids, mask, unknown, aims)
            placed = places(tokens, rows)
            answers.add(rows, placed, answer)
            whole = gathered(shares).flatten().cpu().numpy()
            values[placed.tokens] = whole[placed.cells]
            advance(len(rows))
    predictions, biases = answers.predictions(), model.bias.double().cpu().numpy()
    asked = predictions.logits.argmax(axis=1) if targets is None else targets
    return predictions, Attribution(values, np.zeros(len(asked)), biases[asked] - biases.mean())


def _check(split: np.ndarray, logits: np.ndarray) -> None:
    # Far above rounding, far below what a missing rule would leave.
    if not np.allclose(split, logits, rtol=1e-2, atol=1e-2):
        raise InputError("contribution cannot split what this model computes; use gradient_x_input")
