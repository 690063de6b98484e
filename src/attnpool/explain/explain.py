"""The outputs of a model and the values of a method as `Explanation`s, of texts and of pairs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from attnpool.attribution_methods import find_method
from attnpool.errors import InputError
from attnpool.explain.attribution import AttributionRequest, CannotSplitError, MethodResult
from attnpool.explain.faithfulness.measures import DRAWS, explanation_faithfulness
from attnpool.explain.logits import finite, margins, softmax
from attnpool.explain.methods.registry import implementation
from attnpool.explain.verdicts import Judge, undecided
from attnpool.explanation import Explanation, Side
from attnpool.metrics import display_order
from attnpool.sanitize import quoted, quoted_list

_log = logging.getLogger(__name__)


def explain(
    request: AttributionRequest,
    labels: Sequence[str],
    *,
    task: str = "classify",
    method: str | None = None,
    target: str | None = None,
    truth: Sequence[str | None] | None = None,
    judge: Judge = undecided,
    faithfulness: bool = False,
) -> list[Explanation]:
    """Explain the prediction for each item.

    Args:
        request: The model and the texts.
        labels: The names of the classes.
        task: `"classify"` or `"match"`.
        method: The method that computes the values, a key of
            `attnpool.attribution_methods.METHODS`; default: contribution, or attention where the
            logits of the model cannot be split.
        target: The class to explain; default: the predicted one.
        truth: The true class of each item, None where it is unknown.
        judge: The score and verdict of a pair's logits.
        faithfulness: Whether to measure the faithfulness of the values, which takes some two
            hundred predictions for parts of each item; `request.advance` is then called for
            `rounds(faithfulness=True)` times all items.

    Raises:
        InputError: The method or the target is unknown, or the method does not fit the model.
    """
    name = None if method is None else find_method(method).name
    items = len(request.texts[0])
    if target is not None:
        if target not in labels:
            raise InputError(
                f"unknown target {quoted(str(target))}; the labels are "
                f"{quoted_list(display_order(labels), near=target)}"
            )
        request = replace(request, chosen=np.full(items, labels.index(target)))
    name, (values, *shares) = _attributed(request, name)
    logits = finite(request.predictions.logits, request.model).astype(np.float64)
    values, targets = finite(values, request.model), request.targets
    probabilities, explained = softmax(logits), margins(logits, targets).tolist()
    alignments = request.predictions.alignments
    measured: list[dict[str, Any] | None] = [None] * items
    if faithfulness:
        measured = explanation_faithfulness(request, values, advance=request.advance)
    bases, biases, linears = ([None] * items if part is None else part.tolist() for part in shares)
    _log.debug("explained %d items by %s", items, name)
    sides = zip(*(_sides(request, values, side) for side in range(len(request.texts))), strict=True)
    judged = [judge(row) for row in logits]
    names = tuple(labels)
    return [
        Explanation(
            task=task,
            sides=of_item,
            labels=names,
            distribution=probabilities[i],
            prediction=names[predicted],
            target=names[explained_class],
            method=name,
            label=None if truth is None else truth[i],
            logit=explained[i],
            base=bases[i],
            bias=biases[i],
            linear=linears[i],
            score=judged[i][0],
            verdict=judged[i][1],
            alignment=None if alignments is None else alignments[i],
            faithfulness=measured[i],
        )
        for i, (of_item, predicted, explained_class) in enumerate(
            zip(sides, logits.argmax(axis=1).tolist(), targets.tolist(), strict=True)
        )
    ]


def rounds(*, faithfulness: bool) -> int:
    """How often `explain` goes over all items: once, and once for each order it measures."""
    return 2 + DRAWS if faithfulness else 1


def _attributed(request: AttributionRequest, name: str | None) -> tuple[str, MethodResult]:
    """The values by a method, or by the default: contribution where the model has it."""
    if name is not None:
        return name, implementation(name)(request)
    try:
        return "contribution", implementation("contribution")(request)
    except CannotSplitError:
        return "attention", implementation("attention")(request)


def _sides(request: AttributionRequest, values: np.ndarray, side: int) -> list[Side]:
    """The texts of one side, with slices of the arrays of all texts."""
    texts, tokens, by_head = request.texts[side], request.tokens, request.weights.T
    rows = slice(side * len(texts), (side + 1) * len(texts))
    starts, ends = tokens.bounds[:-1][rows].tolist(), tokens.bounds[1:][rows].tolist()
    return [
        Side(text, tokens.spans[start:end], by_head[:, start:end], values[start:end], read_until)
        for text, start, end, read_until in zip(
            texts, starts, ends, tokens.read_until[rows].tolist(), strict=True
        )
    ]
