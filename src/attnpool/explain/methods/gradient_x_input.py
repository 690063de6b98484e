"""`gradient_x_input`: the slope of the answer along each token. Signed; it does not add up."""

from __future__ import annotations

import numpy as np
import torch

from attnpool.explain.attribution import Attribution, AttributionRequest
from attnpool.explain.contribution.traced import Traced, token_shares


def gradient_x_input(request: AttributionRequest) -> Attribution:
    """Embedding times gradient of the target's logit less the mean of all, a token.

    N-grams are shared evenly by their tokens.

    Source:
        Shrikumar et al. 2016, arXiv 1605.01713; Simonyan et al. 2013, arXiv 1312.6034.
    """
    traced = Traced(request.model, request.tokens, request.targets)
    values = np.zeros(len(request.tokens.ids), dtype=np.float64)
    for batch in traced.batches():
        margins, leaves, _ = traced(batch)
        gradients = torch.autograd.grad(margins.sum(), [leaf.vectors for leaf in leaves])
        values[batch.places.tokens] = (
            token_shares(leaves, list(gradients))[batch.mask].cpu().numpy()
        )
    return Attribution(values)
