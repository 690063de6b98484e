"""`leave_one_out`: by how much a logit falls without each token. Signed; one run per token."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attnpool.explain.attribution import AttributionRequest, MethodResult
from attnpool.explain.logits import margins
from attnpool.explain.removal import Variants, item_tokens, variant_logits

_CELLS = 1_000_000  # variants times tokens that are worked on at a time


def leave_one_out(request: AttributionRequest) -> MethodResult:
    """The target's margin (see `margins`) less the same without the token.

    The tokens before and after the one left out become neighbours.

    Source:
        Zeiler & Fergus 2014 (occlusion); Li, Monroe & Jurafsky 2016, arXiv 1612.08220.
    """
    tokens, model, targets = request.tokens, request.model, request.targets
    items = len(targets)
    places = [item_tokens(tokens, model.sides, item) for item in range(items)]

    def variants() -> Iterator[Variants]:
        for item, of_item in enumerate(places):
            n = len(of_item)
            for start in range(0, n, step := max(1, _CELLS // max(1, n))):
                left_out = np.arange(start, min(start + step, n))
                yield Variants(item, left_out[:, None] != np.arange(n))

    without = variant_logits(model, tokens, variants()).astype(np.float64)
    owners = np.repeat(np.arange(items), [len(of_item) for of_item in places])
    values = np.zeros(len(tokens.ids), dtype=np.float64)
    if len(owners):
        whole = margins(request.predictions.logits.astype(np.float64), targets)
        values[np.concatenate(places)] = whole[owners] - margins(without, targets[owners])
    return MethodResult(values)
