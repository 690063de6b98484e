"""A model's answers with where it looked: model → `Explanation`, of texts and of pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from torch import nn

from attnpool.errors import InputError
from attnpool.explain.attribution import Attribution, AttributionRequest
from attnpool.explain.contribution.contribution import contributions
from attnpool.explain.faithfulness.measures import trust
from attnpool.explain.methods.registry import find_method
from attnpool.explanation import Explanation, Side
from attnpool.models.predict import Predictions, predict_batches
from attnpool.text.tokens import Tokens

Judge = Callable[[np.ndarray], tuple[float | None, Mapping[str, Any] | None]]
"""A pair's logits to its score and verdict."""


def explain(
    model: nn.Module,
    texts: Sequence[Sequence[str]],
    tokens: Tokens,
    labels: Sequence[str],
    *,
    task: str = "classify",
    method: str = "attention",
    target: str | None = None,
    truth: Sequence[str] | None = None,
    judge: Judge = lambda _: (None, None),
    faithfulness: bool = False,
    advance: Callable[[int], object] = lambda _: None,
) -> list[Explanation]:
    """Explain what `model` makes of each item.

    Args:
        model: The model, in evaluation mode; `model.sides` texts make an item.
        texts: The raw texts, side by side: `texts[side][item]`.
        tokens: Their tokens, all first sides before all second ones.
        labels: The names of the classes.
        task: `"classify"` or `"match"`.
        method: How to make the values, one of `attnpool.explain.methods.registry.METHODS`.
        target: The class to explain; the predicted one unless given.
        truth: The true classes, where they are known.
        judge: The score and verdict of a pair's logits.
        faithfulness: Whether to measure how far the values can be trusted, which costs some
            two hundred readings of parts of each item.
        advance: Is told how many items are done, batch after batch.

    Raises:
        InputError: The method or the target is unknown.
    """
    find_method(method)
    if target is not None and target not in labels:
        raise InputError(f"unknown target {target!r}; the labels are {', '.join(labels)}")
    items = len(texts[0])
    asked = None if target is None else np.full(items, labels.index(target))
    predictions, (values, base, bias) = _attributed(model, texts, tokens, method, asked, advance)
    logits = predictions.logits.astype(np.float64)
    predicted = logits.argmax(axis=1)
    targets = predicted if asked is None else asked
    trusted = trust(model, tokens, targets, values) if faithfulness else [None] * items
    margins = (logits[np.arange(items), targets] - logits.mean(axis=1)).tolist()
    probabilities = softmax(logits)
    sides = zip(
        *(
            _sides(of_side, tokens, predictions, values, s * items)
            for s, of_side in enumerate(texts)
        ),
        strict=True,
    )
    names, nothing = tuple(labels), [None] * items
    judged = [judge(row) for row in logits]
    bases, biases = (nothing if of is None else of.tolist() for of in (base, bias))
    return [
        Explanation(
            task=task,
            sides=of_sides,
            labels=names,
            distribution=probabilities[i],
            prediction=names[prediction],
            target=names[aim],
            method=method,
            label=None if truth is None else truth[i],
            logit=margins[i],
            base=bases[i],
            bias=biases[i],
            score=judged[i][0],
            verdict=judged[i][1],
            alignment=None if predictions.alignments is None else predictions.alignments[i],
            faithfulness=trusted[i],
        )
        for i, (of_sides, prediction, aim) in enumerate(
            zip(sides, predicted.tolist(), targets.tolist(), strict=True)
        )
    ]


def _attributed(
    model: nn.Module,
    texts: Sequence[Sequence[str]],
    tokens: Tokens,
    method: str,
    targets: np.ndarray | None,
    advance: Callable[[int], object],
) -> tuple[Predictions, Attribution]:
    """The answers, and what the method makes of them."""
    if method == "contribution":  # one run of the model instead of two
        return contributions(model, tokens, targets, advance)
    predictions = predict_batches(model, tokens, weights=True, advance=advance)
    aims = predictions.logits.argmax(axis=1) if targets is None else targets
    return predictions, find_method(method)(
        AttributionRequest(model, texts, tokens, aims, predictions)
    )


def _sides(
    texts: Sequence[str], tokens: Tokens, predictions: Predictions, values: np.ndarray, first: int
) -> list[Side]:
    """The texts of one side, slices of the arrays of all."""
    assert predictions.weights is not None  # noqa: S101 - asked for above
    by_head = predictions.weights.T
    bounds = tokens.bounds[first : first + len(texts) + 1].tolist()
    return [
        Side(text, tokens.spans[start:end], by_head[:, start:end], values[start:end], read_until)
        for text, start, end, read_until in zip(
            texts,
            bounds,
            bounds[1:],
            tokens.read_until[first : first + len(texts)].tolist(),
            strict=False,
        )
    ]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities over the last axis, in at least double precision."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: np.ndarray = shifted / shifted.sum(axis=-1, keepdims=True)
    return probabilities
