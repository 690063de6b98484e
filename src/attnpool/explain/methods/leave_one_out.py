"""`leave_one_out`: what the answer loses with each token. Signed; a prediction a token."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attnpool.explain.attribution import Attribution, AttributionRequest
from attnpool.explain.removal import Variants, item_tokens, read_variants

_TOGETHER = 1_000_000  # of a long text: cells of the table of what is kept


def leave_one_out(request: AttributionRequest) -> Attribution:
    """The target's logit less the mean of all, less the same without the token.

    The tokens on either side of the one left out close up.

    Source:
        Zeiler & Fergus 2014 (occlusion); Li, Monroe & Jurafsky 2016, arXiv 1612.08220.
    """
    tokens, model = request.tokens, request.model
    sides: int = model.sides  # type: ignore[assignment]
    items = len(request.targets)
    places = [item_tokens(tokens, sides, item) for item in range(items)]

    def each() -> Iterator[Variants]:
        for item, of_item in enumerate(places):
            n = len(of_item)
            for start in range(0, n, step := max(1, _TOGETHER // max(1, n))):
                left_out = np.arange(start, min(start + step, n))
                yield Variants(item, left_out[:, None] != np.arange(n))

    without = read_variants(model, tokens, each())
    owners = np.repeat(np.arange(items), [len(of_item) for of_item in places])
    values = np.zeros(len(tokens.ids), dtype=np.float64)
    if len(owners):
        whole = margins(request.predictions.logits, request.targets)
        values[np.concatenate(places)] = whole[owners] - margins(without, request.targets[owners])
    return Attribution(values)


def margins(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The targets' logits less the mean of all."""
    wide = logits.astype(np.float64)
    found: np.ndarray = wide[np.arange(len(wide)), targets] - wide.mean(axis=1)
    return found
