"""What a notebook shows of a fitted model: what it is, its figures, its classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attnpool.sanitize import one_line
from attnpool.view.drawing.captions import percent, short
from attnpool.view.page.notebook import to_plain_fragment
from attnpool.view.words import Words

_CLASSES = 12
"""The most classes that are named."""


def model_html(
    kind: str, what: str, metrics: Mapping[str, Any], classes: Sequence[str], parameters: int
) -> str:
    """A fragment of HTML in the style of explanations.

    Args:
        kind: The name of the estimator's class.
        what: What it is in a sentence: pooling, heads, tokeniser.
        metrics: What training measured.
        classes: The names of the classes.
        parameters: The number of weights.
    """
    words = Words("en")  # as the summary of training, whose warnings it repeats
    return to_plain_fragment(
        "model.html.j2",
        words,
        kind=one_line(kind),
        what=one_line(what),
        figures={
            **_measured(metrics, words),
            **_sizes(metrics, words),
            words("model.parameters"): f"{parameters:,}",
        },
        warnings=[one_line(str(warning)) for warning in metrics.get("warnings") or ()],
        classes=[short(name) for name in classes[:_CLASSES]],
        more=max(0, len(classes) - _CLASSES),
    )


def _measured(metrics: Mapping[str, Any], words: Words) -> dict[str, str]:
    """The accuracy beside that of the majority class, where they were measured."""
    if metrics.get("accuracy") is None:
        return {words("model.accuracy"): words("model.unmeasured")}
    rows = metrics.get("n_validation")
    accuracy = words("model.accuracy-on", count=rows) if rows else words("model.accuracy")
    figures = {accuracy: percent(metrics["accuracy"])}
    if metrics.get("majority_accuracy") is not None:
        name = metrics.get("majority_class")
        majority = words("model.majority")
        if name is not None:
            majority = words("model.majority-of", name=short(str(name), 20))
        figures[majority] = percent(metrics["majority_accuracy"])
    if metrics.get("macro_f1") is not None:
        figures[words("model.macro-f1")] = f"{metrics['macro_f1']:.3f}"
    return figures


def _sizes(metrics: Mapping[str, Any], words: Words) -> dict[str, str]:
    if metrics.get("n_train") is None:
        return {}
    rows = metrics["n_train"] + metrics.get("refitted", False) * metrics.get("n_validation", 0)
    return {words("model.rows"): f"{rows:,}"}
