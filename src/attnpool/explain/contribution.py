"""`contribution`: what moved the decision. Signed, and it adds up."""

from __future__ import annotations

import numpy as np
import torch

from attnpool.errors import InputError
from attnpool.explain.affine import Affine
from attnpool.explain.question import Attribution, Question
from attnpool.explain.traced import Traced, token_shares


def contribution(question: Question) -> Attribution:
    """Each token's part of the target's logit less the mean of all logits.

    The model is taken as affine at the point computed (see `Affine`), and one backward pass
    splits the answer: `Σ values + base + bias = logit`. The embedding of a token, with its
    subwords', is the token's; that of an n-gram is shared evenly by its tokens; positions are
    `base`, biases and thresholds `bias`.

    Raises:
        InputError: The parts do not add up, because the model does what `Affine` has no rule for.
    """
    traced = Traced(question)
    values = np.zeros(len(question.tokens.ids), dtype=np.float64)
    base = np.zeros(len(question.targets), dtype=np.float64)
    bias = np.zeros(len(question.targets), dtype=np.float64)
    for batch in traced.batches():
        items = len(batch.items)
        with Affine(items, traced.device) as affine:
            margins, leaves = traced(batch)
        wanted = [*(leaf.vectors for leaf in leaves), affine.ones]
        *gradients, constant = torch.autograd.grad(
            margins.sum(), wanted, allow_unused=True, materialize_grads=True
        )
        shares = token_shares(leaves, gradients)
        values[batch.places] = shares[batch.mask].cpu().numpy()
        bias[batch.items] = constant.cpu().numpy()
        for leaf, gradient in zip(leaves, gradients, strict=True):
            if leaf.reach == 0:
                of_text = (leaf.vectors.detach() * gradient).sum((1, 2))
                base[batch.items] += of_text.reshape(-1, items).sum(0).cpu().numpy()
        parts = shares.sum(1).reshape(-1, items).sum(0).cpu().numpy()
        _check(parts + base[batch.items] + bias[batch.items], margins.detach().cpu().numpy())
    return Attribution(values, base, bias)


def _check(split: np.ndarray, logits: np.ndarray) -> None:
    # Far above rounding, far below what a missing rule would leave.
    if not np.allclose(split, logits, rtol=1e-2, atol=1e-2):
        raise InputError("contribution cannot split what this model computes; use gradient_x_input")
