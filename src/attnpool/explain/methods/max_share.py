"""`max_share` and `max_sum`: the maxima at each token, for models that pool the maximum."""

from __future__ import annotations

import numpy as np
import torch

from attnpool.errors import InputError
from attnpool.explain.attribution import AttributionRequest, MethodResult
from attnpool.explain.methods.token_vectors import token_vectors
from attnpool.pooling import GlobalMaxPooling1D


def max_share(request: AttributionRequest) -> MethodResult:
    """The share of the dimensions whose maximum is at the token; unsigned, and sums to 1.

    A tie is split equally.

    Raises:
        InputError: The model does not pool the maximum.
    """
    check_pooling(request, "max_share", "max")
    return MethodResult(request.weights.mean(axis=1))


def max_sum(request: AttributionRequest) -> MethodResult:
    """The sum of the maxima at the token; signed, and sums to the sum of the pooled vector.

    It shows what is large in the pooled vector, not evidence for a class. A tie is split equally.

    Raises:
        InputError: The model does not pool the maximum.
    """
    check_pooling(request, "max_sum", "max")
    values = np.zeros(len(request.tokens.ids), dtype=np.float64)
    pooling = GlobalMaxPooling1D()
    for places, x, mask in token_vectors(request):
        peaks = pooling(x, mask).vector.unsqueeze(1)
        at_maximum = ((x == peaks) & mask.unsqueeze(2)).to(x.dtype)
        counts = at_maximum.sum(1, keepdim=True).clamp(min=1)
        shares = at_maximum / counts * torch.nan_to_num(peaks)
        values[places] = shares.sum(2)[mask].cpu().numpy()
    return MethodResult(values)


def check_pooling(request: AttributionRequest, method: str, pooling: str) -> None:
    """Refuse a model that has another pooling than the method needs.

    Args:
        request: The request with the model.
        method: The name of the method.
        pooling: The pooling that it needs.

    Raises:
        InputError: The model has another pooling.
    """
    actual = request.model.config.pooling
    if actual != pooling:
        raise InputError(
            f"method {method!r} is for pooling {pooling!r}; this model has {actual!r}: "
            "use contribution"
        )
