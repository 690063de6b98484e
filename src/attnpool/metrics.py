"""How well predictions fit: accuracy and F1, the majority class beside them, and warnings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from attnpool.sanitize import counted, one_line, quoted

L = TypeVar("L")

FEWEST_ROWS = 50
"""Figures measured on fewer rows, or of a model trained on fewer, get a warning."""

FEWEST_OF_A_CLASS = 5
"""A class of fewer rows gets a warning."""

TRIPLET_CHANCE = 0.5
"""The share of triplets that is ordered right by chance."""

_NAMED = 8  # so many classes are named in a warning


def classification_metrics(
    truth: Sequence[Any], predictions: Sequence[Any], labels: Sequence[Any]
) -> dict[str, Any]:
    """Accuracy, the majority class's accuracy, macro F1, and the figures of each class.

    Macro F1 is the mean over the classes that occur in `truth` or `predictions`. Of each class,
    in the order in which labels are shown: precision, recall, F1 and the number of rows. A true
    class that is not among `labels` is one more class; its rows are wrong.
    """
    from sklearn.metrics import accuracy_score, precision_recall_fscore_support

    counts = Counter(truth)
    majority = max(labels, key=counts.__getitem__)
    labels = display_order(dict.fromkeys([*labels, *counts]))
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
        "majority_class": str(majority),
        "majority_accuracy": counts[majority] / len(truth),
        "macro_f1": sum(per_class[label]["f1"] for label in seen) / len(seen),
        "n": len(truth),
        "per_class": per_class,
    }


def majority_class(truth: Sequence[L], labels: Iterable[L] = ()) -> tuple[L, float]:
    """The most frequent true class, and the accuracy of always predicting it.

    Args:
        truth: The true class of each row; at least one.
        labels: All classes: of several that are equally frequent, the first here is given.
    """
    counts = Counter(truth)
    name = max(dict.fromkeys([*labels, *counts]), key=counts.__getitem__)
    return name, counts[name] / len(truth)


def majority_note(figures: Mapping[str, Any], digits: str = ".3f") -> str:
    """`majority class (好评): 0.685` for figures that have one; "" for those of older models."""
    if figures.get("majority_accuracy") is None:
        return ""
    name = one_line(str(figures["majority_class"]))
    return f"majority class ({name}): {figures['majority_accuracy']:{digits}}"


def accuracy_note(figures: Mapping[str, Any]) -> str:
    """`accuracy 0.896, majority class (好评): 0.685, macro F1 0.880`."""
    baseline = majority_note(figures)
    parts = [f"accuracy {figures['accuracy']:.3f}", *[baseline] * bool(baseline)]
    return ", ".join([*parts, f"macro F1 {figures['macro_f1']:.3f}"])


def display_order(labels: Iterable[L]) -> list[L]:
    """Labels in the order in which they are shown: numbers by size, others as they are."""
    given = list(labels)
    numbers = [_number(label) for label in given]
    if not all(map(math.isfinite, numbers)):
        return given
    return [given[i] for i in sorted(range(len(given)), key=numbers.__getitem__)]


def _number(label: object) -> float:
    """NaN for a label that is no number."""
    try:
        return float(str(label))
    except ValueError:
        return math.nan


def few_rows(rows: Mapping[str, int]) -> list[str]:
    """One line for all kinds of rows that are too few.

    Args:
        rows: How many there are of each kind, by its name in the singular: "training row".
    """
    few = [counted(number, what) for what, number in rows.items() if number < FEWEST_ROWS]
    said = f"; results from fewer than {FEWEST_ROWS} are not reliable"
    return [f"only {' and '.join(few)}{said}"] if few else []


def row_warnings(counts: Mapping[Any, int], what: str = "rows", validation: int = 0) -> list[str]:
    """What makes figures of these rows, or a model trained on them, unreliable: too few rows.

    Args:
        counts: The number of rows of each class.
        what: What they are, such as "training rows".
        validation: How many rows the model was validated on; 0: on none.
    """
    unit = what.removesuffix("s")
    rows = {unit: sum(counts.values())}
    if validation:
        rows[unit.replace("training", "validation")] = validation
    found = few_rows(rows)
    few = [label for label in display_order(counts) if counts[label] < FEWEST_OF_A_CLASS]
    if few:
        named = ", ".join(f"{quoted(str(label))} ({counts[label]})" for label in few[:_NAMED])
        more = f" and {len(few) - _NAMED} more" if len(few) > _NAMED else ""
        classes = "class" if len(few) == 1 else "classes"
        found.append(f"{classes} with fewer than {FEWEST_OF_A_CLASS} {what}: {named}{more}")
    return found


def accuracy_warnings(figures: Mapping[str, Any]) -> list[str]:
    """Whether a model does no better than the majority class does."""
    accuracy, majority = figures.get("accuracy"), figures.get("majority_accuracy")
    if accuracy is None or majority is None or accuracy > majority:
        return []
    name = quoted(str(figures["majority_class"]))
    return [
        f"no better than always predicting the majority class {name}: "
        f"accuracy {accuracy:.3f}, majority class {majority:.3f}"
    ]


def unknown_labels(counts: Mapping[str, int], what: str = "the model does not know") -> list[str]:
    """One line for all rows with labels that no answer can be, so that their answers are wrong.

    Args:
        counts: The number of rows of each such label.
        what: What is wrong with the labels.
    """
    if not counts:
        return []
    rows = sum(counts.values())
    have = f"{counted(rows, 'row')} {'has a label' if rows == 1 else 'have labels'}"
    more = f" and {len(counts) - _NAMED} more" if len(counts) > _NAMED else ""
    named = ", ".join(quoted(label) for label in display_order(counts)[:_NAMED])
    what = what if rows > 1 else what.replace("that are", "that is")
    return [f"{have} {what} ({named}{more}): counted as wrong"]


def triplet_warnings(share: float, triplets: int) -> list[str]:
    """What speaks against the share of triplets that are ordered right.

    Args:
        share: The share.
        triplets: How many triplets it is of.
    """
    found = few_rows({"triplet": triplets})
    if share <= TRIPLET_CHANCE:
        found.append(
            f"no better than chance: {share:.3f} ordered right, chance {TRIPLET_CHANCE:.3f}"
        )
    return found


def evaluation_warnings(figures: Mapping[str, Any]) -> list[str]:
    """The warnings about what `classification_metrics` found."""
    counts = {name: of["n"] for name, of in figures["per_class"].items()}
    return [*row_warnings(counts), *accuracy_warnings(figures)]
