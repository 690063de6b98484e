"""How well predictions fit: accuracy and F1, overall and by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def classification_metrics(
    truth: Sequence[Any], predictions: Sequence[Any], labels: Sequence[Any]
) -> dict[str, Any]:
    """Accuracy, macro F1, the number of rows, and precision, recall and F1 of each class.

    Macro F1 is the mean over the classes that occur in `truth` or `predictions`.
    """
    from sklearn.metrics import accuracy_score, precision_recall_fscore_support

    scores = precision_recall_fscore_support(truth, predictions, labels=labels, zero_division=0)
    per_class = {
        str(label): {
            "precision": float(precision),
            "recall": float(recall),
            "f1": float(f1),
            "n": int(n),
        }
        for label, precision, recall, f1, n in zip(labels, *scores, strict=True)
    }
    seen = {str(label) for label in {*truth, *predictions}}
    return {
        "accuracy": float(accuracy_score(truth, predictions)),
        "macro_f1": sum(per_class[label]["f1"] for label in seen) / len(seen),
        "n": len(truth),
        "per_class": per_class,
    }
