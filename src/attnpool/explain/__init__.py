"""Measures of explanations: faithfulness to the model, and agreement with people's marks.

`TextClassifier.explain` and `TextMatcher.explain` return explanations, and their `faithfulness`
compares methods. The functions here measure values from any source; `attnpool.phrases` lists what
drives each class. All modules are internal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attnpool.explain.attribution import AttributionRequest
    from attnpool.explain.compare import compare_methods
    from attnpool.explain.faithfulness.agreement import (
        MEASURES,
        agreement,
        auprc,
        hit_at,
        iou_f1,
        ranking,
        reciprocal_rank,
        token_f1,
    )
    from attnpool.explain.faithfulness.bootstrap import Mean, bootstrap
    from attnpool.explain.faithfulness.measures import (
        CURVE,
        RATIOS,
        Faithfulness,
        measure_faithfulness,
    )
    from attnpool.explain.phrases import ClassPhrases, Phrase

__all__ = [
    "CURVE",
    "MEASURES",
    "RATIOS",
    "AttributionRequest",
    "ClassPhrases",
    "Faithfulness",
    "Mean",
    "Phrase",
    "agreement",
    "auprc",
    "bootstrap",
    "compare_methods",
    "hit_at",
    "iou_f1",
    "measure_faithfulness",
    "ranking",
    "reciprocal_rank",
    "token_f1",
]

# Imported when first used: agreement, bootstrap and phrases need no torch.
_LAZY = {
    "AttributionRequest": "attribution",
    "compare_methods": "compare",
    **dict.fromkeys(("ClassPhrases", "Phrase"), "phrases"),
    **dict.fromkeys(("Mean", "bootstrap"), "faithfulness.bootstrap"),
    **dict.fromkeys(
        ("CURVE", "RATIOS", "Faithfulness", "measure_faithfulness"), "faithfulness.measures"
    ),
    **dict.fromkeys(
        (
            "MEASURES",
            "agreement",
            "auprc",
            "hit_at",
            "iou_f1",
            "ranking",
            "reciprocal_rank",
            "token_f1",
        ),
        "faithfulness.agreement",
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'attnpool.explain' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"attnpool.explain.{_LAZY[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
