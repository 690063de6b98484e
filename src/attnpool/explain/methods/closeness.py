"""`closeness`: how near each token is to the mean, for models that pool the mean. Unsigned."""

from __future__ import annotations

import numpy as np

from attnpool.explain.attribution import AttributionRequest, MethodResult
from attnpool.explain.methods.max_share import check_pooling
from attnpool.explain.methods.token_vectors import token_vectors
from attnpool.pooling import GlobalAveragePooling1D, masked_softmax

_FLOOR = 1e-12  # of distances: a token at the mean itself gets a finite, very large weight


def closeness(request: AttributionRequest) -> MethodResult:
    """The inverse of a token's mean squared distance to the pooled mean; sums to 1.

    It shows which tokens are like the whole text, not evidence for a class.

    Raises:
        InputError: The model does not pool the average.
    """
    check_pooling(request, "closeness", "average")
    values = np.zeros(len(request.tokens.ids), dtype=np.float64)
    pooling = GlobalAveragePooling1D()
    for places, x, mask in token_vectors(request):
        distances = (x - pooling(x, mask).vector.unsqueeze(1)).square().mean(2)
        # 1 / d, normalised, is softmax(-log d).
        shares = masked_softmax(-distances.clamp(min=_FLOOR).log(), mask)
        values[places] = shares[mask].cpu().numpy()
    return MethodResult(values)
