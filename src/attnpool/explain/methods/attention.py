"""`attention`: where the model attends. Unsigned; not why it decides."""

from __future__ import annotations

from attnpool.explain.attribution import AttributionRequest, MethodResult


def attention(request: AttributionRequest) -> MethodResult:
    """The mean over heads of the pooling weights.

    Source:
        Jain & Wallace 2019 (arXiv 1902.10186) and Wiegreffe & Pinter 2019 (arXiv 1908.04626)
        on what such weights do and do not explain.
    """
    return MethodResult(request.weights.mean(axis=1))
