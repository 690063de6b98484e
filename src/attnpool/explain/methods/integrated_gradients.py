"""`integrated_gradients`: slopes along the way from no embeddings to these. Signed."""

from __future__ import annotations

import numpy as np
import torch

from attnpool.explain.attribution import Attribution, AttributionRequest
from attnpool.explain.contribution.traced import Traced, token_shares

STEPS = 32
"""Points on the way; each costs a pass forward and one back."""


def integrated_gradients(request: AttributionRequest) -> Attribution:
    """Embedding times the mean gradient between zero and the embedding, a token.

    The answer is the target's logit less the mean of all; positions stay as they are on the
    way. By Gauss-Legendre quadrature, as Captum does; the values add up to the answer less that
    of zero embeddings as far as the quadrature is exact. N-grams are shared evenly by their
    tokens.

    Source:
        Sundararajan, Taly & Yan 2017, arXiv 1703.01365.
    """
    traced = Traced(request.model, request.tokens, request.targets)
    values = np.zeros(len(request.tokens.ids), dtype=np.float64)
    nodes, weights = np.polynomial.legendre.leggauss(STEPS)
    for batch in traced.batches():
        total: torch.Tensor | None = None
        for node, weight in zip(((nodes + 1) / 2).tolist(), (weights / 2).tolist(), strict=True):
            margins, leaves, _ = traced(batch, scale=node)
            gradients = torch.autograd.grad(margins.sum(), [leaf.vectors for leaf in leaves])
            # The leaves are scaled by the node: undone.
            part = token_shares(leaves, list(gradients)) * (weight / node)
            total = part if total is None else total + part
        assert total is not None  # noqa: S101 - there are steps
        values[batch.places.tokens] = total[batch.mask].cpu().numpy()
    return Attribution(values)
