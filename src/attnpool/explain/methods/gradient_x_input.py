"""`gradient_x_input`: the gradient of a logit times each embedding. Signed, not additive."""

from __future__ import annotations

import numpy as np
import torch

from attnpool.explain.attribution import AttributionRequest, MethodResult
from attnpool.explain.contribution.traced import Traced, token_shares


def gradient_x_input(request: AttributionRequest) -> MethodResult:
    """Embedding times gradient of the target's margin (see `margins`), per token.

    The values of n-grams are split equally over their tokens.

    Source:
        Shrikumar et al. 2016, arXiv 1605.01713; Simonyan et al. 2013, arXiv 1312.6034.
    """
    traced = Traced(request.model, request.tokens, request.targets)
    values = np.zeros(len(request.tokens.ids), dtype=np.float64)
    for batch in traced.batches():
        if not batch.mask.any():  # an encoder reads nothing then
            continue
        margins, leaves, _ = traced(batch)
        gradients = torch.autograd.grad(margins.sum(), [leaf.vectors for leaf in leaves])
        values[batch.places.tokens] = (
            token_shares(leaves, list(gradients))[batch.mask].cpu().numpy()
        )
    return MethodResult(values)
