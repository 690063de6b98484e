"""`integrated_gradients`: gradients along the path from zero embeddings to these. Signed."""

from __future__ import annotations

import numpy as np
import torch

from attnpool.explain.attribution import AttributionRequest, MethodResult
from attnpool.explain.contribution.traced import Traced, token_shares

STEPS = 32
"""Points on the path; each costs a forward and a backward pass."""


def integrated_gradients(request: AttributionRequest) -> MethodResult:
    """Embedding times the mean gradient between zero and the embedding, per token.

    The gradient is that of the target's margin (see `margins`); positions do not change along
    the path. Integrated by Gauss-Legendre quadrature, as in Captum; as far as that is exact, the
    values add up to the margin less that of zero embeddings. The values of n-grams are split
    equally over their tokens.

    Source:
        Sundararajan, Taly & Yan 2017, arXiv 1703.01365.
    """
    traced = Traced(request.model, request.tokens, request.targets)
    values = np.zeros(len(request.tokens.ids), dtype=np.float64)
    nodes, weights = np.polynomial.legendre.leggauss(STEPS)
    for batch in traced.batches():
        if not batch.mask.any():  # an encoder reads nothing then
            continue
        total: torch.Tensor | None = None
        for node, weight in zip(((nodes + 1) / 2).tolist(), (weights / 2).tolist(), strict=True):
            margins, leaves, _ = traced(batch, scale=node)
            gradients = torch.autograd.grad(margins.sum(), [leaf.vectors for leaf in leaves])
            # The leaves are scaled by the node, so divide by it.
            part = token_shares(leaves, list(gradients)) * (weight / node)
            total = part if total is None else total + part
        assert total is not None  # noqa: S101 - there are steps
        values[batch.places.tokens] = total[batch.mask].cpu().numpy()
    return MethodResult(values)
