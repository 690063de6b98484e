"""Several methods on the same texts, held against each other and against chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from torch import nn

from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.faithfulness.measures import DRAWS, Faithfulness, faithfulness
from attnpool.explain.methods.registry import find_method
from attnpool.models.predict import predict_batches
from attnpool.text.tokens import Tokens

COMPARED = ("attention", "contribution", "gradient_x_input", "leave_one_out")
"""The methods that fit every model and are worth their price."""


def compare_methods(
    model: nn.Module,
    texts: Sequence[Sequence[str]],
    tokens: Tokens,
    methods: Sequence[str] = COMPARED,
    *,
    masking: bool = False,
    curves: bool = True,
    draws: int = DRAWS,
    advance: Callable[[int], object] = lambda _: None,
) -> dict[str, Faithfulness]:
    """The faithfulness of methods for the predicted classes, and of `"random"` orders.

    Args:
        model: The model, in evaluation mode.
        texts: The raw texts, side by side: `texts[side][item]`.
        tokens: Their tokens, all first sides before all second ones.
        methods: Names of methods.
        masking: Whether tokens become unknown rather than go.
        curves: Whether to draw deletion and insertion curves, at twice the cost.
        draws: How many random orders to average.
        advance: Is told of items done, `len(methods) + draws` times all of them.

    Raises:
        InputError: A method is unknown or does not fit the model.
    """
    found = [find_method(name) for name in methods]
    predictions = predict_batches(model, tokens, weights=True)
    targets = predictions.logits.argmax(axis=1).astype(np.int64)
    request = AttributionRequest(model, texts, tokens, targets, predictions)
    values = {name: ask(request).values for name, ask in zip(methods, found, strict=True)}
    return faithfulness(
        model, tokens, targets, values, masking=masking, curves=curves, draws=draws, advance=advance
    )
