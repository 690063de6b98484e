"""A classifier's answers with where it looked: model → `Explanation`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from attnpool.errors import InputError
from attnpool.explain.attention import attention
from attnpool.explanation import Explanation, Side
from attnpool.models.classifier import Classifier
from attnpool.models.inference import infer
from attnpool.text.tokens import Tokens

METHODS = {"attention": attention}


def explain_classification(
    model: Classifier,
    texts: Sequence[str],
    tokens: Tokens,
    labels: Sequence[str],
    *,
    method: str = "attention",
    target: str | None = None,
    truth: Sequence[str] | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> list[Explanation]:
    """Explain what `model` makes of each text.

    Args:
        model: The model, in evaluation mode.
        texts: The raw texts.
        tokens: Their tokens.
        labels: The names of the classes.
        method: How to make the values, one of `METHODS`.
        target: The class to explain; the predicted one unless given.
        truth: The true classes, where they are known.
        advance: Is told how many texts are done, batch after batch.

    Raises:
        InputError: The method or the target is unknown.
    """
    if method not in METHODS:
        raise InputError(f"unknown method {method!r}; choose from {', '.join(METHODS)}")
    if target is not None and target not in labels:
        raise InputError(f"unknown target {target!r}; the labels are {', '.join(labels)}")
    inferred = infer(model, tokens, weights=True, advance=advance)
    assert inferred.weights is not None  # noqa: S101 - asked for above
    values = METHODS[method](inferred.weights)
    logits = inferred.logits.astype(np.float64)
    probabilities = softmax(logits)
    predicted = logits.argmax(axis=1)
    targets = predicted if target is None else np.full(len(texts), labels.index(target))
    margin = logits[np.arange(len(texts)), targets] - logits.mean(axis=1)
    names = tuple(labels)
    by_head = inferred.weights.T
    bounds = tokens.bounds.tolist()
    return [
        Explanation(
            task="classify",
            sides=(
                Side(
                    text=text,
                    spans=tokens.spans[start:end],
                    weights=by_head[:, start:end],
                    values=values[start:end],
                    read_until=read_until,
                ),
            ),
            labels=names,
            distribution=distribution,
            prediction=names[prediction],
            target=names[aim],
            method=method,
            label=None if truth is None else truth[i],
            logit=logit,
        )
        for i, (text, start, end, read_until, distribution, prediction, aim, logit) in enumerate(
            zip(
                texts,
                bounds,
                bounds[1:],
                tokens.read_until.tolist(),
                probabilities,
                predicted.tolist(),
                targets.tolist(),
                margin.tolist(),
                strict=False,
            )
        )
    ]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities over the last axis, in at least double precision."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: np.ndarray = shifted / shifted.sum(axis=-1, keepdims=True)
    return probabilities
