"""`contribution`: the part of each token in a logit. Signed; the parts add up to the logit."""

from __future__ import annotations

import numpy as np

from attnpool.explain.attribution import AttributionRequest, MethodResult


def contribution(request: AttributionRequest) -> MethodResult:
    """Each token's part of the target's margin; `Σ values + base + bias = logit`.

    A network that splits its own logits, as that of a compact model does, is asked for the
    parts. For all others see `attnpool.explain.contribution`.

    Raises:
        CannotSplitError: The logits of the model are not a sum of parts of its tokens.
    """
    split = getattr(request.model, "split", None)
    if split is None:
        from attnpool.explain.contribution.contribution import split_margins

        return split_margins(request)
    predictions, values, bias, linear = split(
        request.tokens, request.known_targets, advance=request.advance
    )
    request.keep(predictions)
    return MethodResult(values, np.zeros(len(bias)), bias, linear)
