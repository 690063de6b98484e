"""What a notebook shows of a fitted model: what it is, its figures, its classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attnpool.sanitize import one_line
from attnpool.view.drawing.captions import percent, short
from attnpool.view.page.notebook import to_plain_fragment

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
    return to_plain_fragment(
        "model.html.j2",
        kind=one_line(kind),
        what=one_line(what),
        figures={**_measured(metrics), **_sizes(metrics), "parameters": f"{parameters:,}"},
        warnings=[one_line(str(warning)) for warning in metrics.get("warnings") or ()],
        classes=[short(name) for name in classes[:_CLASSES]],
        more=max(0, len(classes) - _CLASSES),
    )


def _measured(metrics: Mapping[str, Any]) -> dict[str, str]:
    """The accuracy beside that of the majority class, where they were measured."""
    if metrics.get("accuracy") is None:
        return {"accuracy": "not measured"}
    rows = metrics.get("n_validation")
    on = f" on {rows:,} validation rows" if rows else ""
    figures = {f"accuracy{on}": percent(metrics["accuracy"])}
    if metrics.get("majority_accuracy") is not None:
        name = metrics.get("majority_class")
        of = "" if name is None else f" ({short(str(name), 20)})"
        figures[f"majority class{of}"] = percent(metrics["majority_accuracy"])
    if metrics.get("macro_f1") is not None:
        figures["macro F1"] = f"{metrics['macro_f1']:.3f}"
    return figures


def _sizes(metrics: Mapping[str, Any]) -> dict[str, str]:
    if metrics.get("n_train") is None:
        return {}
    rows = metrics["n_train"] + metrics.get("refitted", False) * metrics.get("n_validation", 0)
    return {"rows trained on": f"{rows:,}"}
