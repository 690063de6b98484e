"""How well predictions fit: accuracy and F1, the majority class beside them, and warnings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from attnpool.errors import InputError
from attnpool.label_values import class_names
from attnpool.sanitize import counted, one_line, quoted, quoted_list

if TYPE_CHECKING:
    import numpy as np

L = TypeVar("L")

FEWEST_ROWS = 50
"""Figures measured on fewer rows, or of a model trained on fewer, get a warning."""

FEWEST_OF_A_CLASS = 5
"""A class of fewer rows gets a warning."""

TRIPLET_CHANCE = 0.5
"""The share of triplets that is ordered right by chance."""

CLASSES_SHOWN = 30
"""Tables and pages show so many classes at most; of more, those with the most rows."""

_NAMED = 8  # so many classes are named in a warning
_NAME = 60  # characters of a class beside a figure
_CURVE = 20_000  # rows of which the whole curve is made
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


def classification_metrics(
    truth: Sequence[Any], predictions: Sequence[Any], labels: Sequence[Any]
) -> dict[str, Any]:
    """Accuracy, the majority class's accuracy, macro F1, and the figures of each class.

    Macro F1 is the mean over the classes that occur in `truth` or `predictions`. Of each class,
    in the order in which labels are shown: precision, recall, F1 and the number of rows. A true
    class that is not among `labels` is one more class; its rows are wrong.
    """
    sums = ClassificationSums()
    sums.add(truth, predictions)
    return sums.figures(labels)


class ClassificationSums:
    """The same figures of rows that come some at a time: counts, and no row is kept.

    Attributes:
        true: How many rows have each class.
        predicted: How many rows get each class.
        right: How many rows of each class get it.
    """

    def __init__(self) -> None:
        self.true: Counter[Any] = Counter()
        self.predicted: Counter[Any] = Counter()
        self.right: Counter[Any] = Counter()

    def __len__(self) -> int:
        """The number of rows."""
        return self.true.total()

    def add(self, truth: Sequence[Any], predictions: Sequence[Any]) -> None:
        """Count some rows.

        Args:
            truth: The true class of each.
            predictions: The predicted class of each.
        """
        self.right.update(a for a, b in zip(truth, predictions, strict=True) if a == b)
        self.true.update(truth)
        self.predicted.update(predictions)

    def add_equal(self, true: Any, predicted: Any, rows: int) -> None:
        """Count rows of one true and one predicted class.

        Args:
            true: The true class.
            predicted: The predicted class.
            rows: How many rows.
        """
        self.true[true] += rows
        self.predicted[predicted] += rows
        if true == predicted:
            self.right[true] += rows

    def figures(self, labels: Sequence[Any]) -> dict[str, Any]:
        """What `classification_metrics` gives of all rows so far; there must be one at least.

        Args:
            labels: The classes that can be predicted.
        """
        true, predicted, right = self.true, self.predicted, self.right
        majority, share = _majority(true, labels)
        labels = display_order(dict.fromkeys([*labels, *true]))
        per_class = {
            str(label): {
                "precision": _share(right[label], predicted[label]),
                "recall": _share(right[label], true[label]),
                "f1": _share(2 * right[label], true[label] + predicted[label]),
                "n": true[label],
            }
            for label in labels
        }
        seen = {str(label) for label in {*true, *predicted}}
        return {
            "accuracy": right.total() / len(self),
            "majority_class": str(majority),
            "majority_accuracy": share,
            # In the order of the table: that of a set would change the last digit now and then.
            "macro_f1": sum(of["f1"] for name, of in per_class.items() if name in seen) / len(seen),
            "n": len(self),
            "per_class": per_class,
        }


class AreaSums:
    """ROC AUC of rows that come some at a time: 8 bytes a row are kept, its score."""

    def __init__(self) -> None:
        self._scores: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])

    def add(self, scores: np.ndarray, positive: np.ndarray) -> None:
        """Keep the scores of some rows.

        Args:
            scores: A number for each row, higher where it is rather positive.
            positive: Whether it is.
        """
        for side, kept in enumerate(self._scores):
            kept.append(scores[positive == bool(side)])

    def figure(self) -> float | None:
        """The area of all rows so far; None where all are of one class, and there is no curve.

        Source:
            Of many rows as the statistic of Mann and Whitney 1947 (Annals of Mathematical
            Statistics 18), which is the same number and needs no curve.
        """
        import numpy as np

        if not all(sum(map(len, kept)) for kept in self._scores):
            return None
        negative, positive = (np.concatenate(kept) for kept in self._scores)
        if len(negative) + len(positive) <= _CURVE:
            from sklearn.metrics import roc_auc_score

            truth = np.repeat([False, True], [len(negative), len(positive)])
            return float(roc_auc_score(truth, np.concatenate([negative, positive])))
        negative.sort()
        above = 0
        for start in range(0, len(positive), _CURVE):
            some = positive[start : start + _CURVE]
            above += sum(int(np.searchsorted(negative, some, side).sum()) for side in _SIDES)
        return above / (2 * len(negative) * len(positive))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def majority_class(truth: Sequence[L], labels: Iterable[L] = ()) -> tuple[L, float]:
    """The most frequent class of a model, and the accuracy of always predicting it.

    Args:
        truth: The true class of each row; at least one.
        labels: The classes that can be predicted; default: those of `truth`. Of several that are
            equally frequent, the first is given.
    """
    return _majority(Counter(truth), labels)


def _majority(counts: Counter[L], labels: Iterable[L]) -> tuple[L, float]:
    name = max(tuple(labels) or counts, key=counts.__getitem__)
    return name, counts[name] / counts.total()


def majority_note(figures: Mapping[str, Any], digits: str = ".3f") -> str:
    """`majority class (好评): 0.685` for figures that have one; "" for those of older models."""
    if figures.get("majority_accuracy") is None:
        return ""
    name = one_line(str(figures["majority_class"]))
    name = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    return f"majority class ({name}): {figures['majority_accuracy']:{digits}}"


def accuracy_note(figures: Mapping[str, Any]) -> str:
    """`accuracy 0.896, majority class (好评): 0.685, macro F1 0.880`."""
    baseline = majority_note(figures)
    parts = [f"accuracy {figures['accuracy']:.3f}", *[baseline] * bool(baseline)]
    return ", ".join([*parts, f"macro F1 {figures['macro_f1']:.3f}"])


def teacher_note(taught: Mapping[str, Any]) -> str:
    """`accuracy of the teacher on the 12 validation rows: 0.875`; empty if it was not measured.

    Args:
        taught: `metrics_["teaching"]` of a classifier.
    """
    if taught["teacher_accuracy"] is None:
        return ""
    which = "labelled" if taught["student_accuracy"] is None else "validation"
    rows = counted(taught.get("teacher_measured_on", 0), f"{which} row")
    return f"accuracy of the teacher on the {rows}: {taught['teacher_accuracy']:.3f}"


def most_frequent(per_class: Mapping[str, Mapping[str, Any]], shown: int) -> list[str]:
    """The classes that a table has room for: the first in rows, in the order of `per_class`.

    Args:
        per_class: The figures of each class.
        shown: The most classes.
    """
    order = sorted(per_class, key=lambda name: -per_class[name]["n"])
    kept = set(order[:shown])
    return [name for name in per_class if name in kept]


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
        return float(label) if isinstance(label, bool) else float(str(label))
    except ValueError:
        return math.nan


def true_classes(labels: Sequence[Any], rows: int, classes: Iterable[Any]) -> list[str | None]:
    """The name of the true class of each row; None for a row without a label.

    Args:
        labels: The labels, as in `class_names`; None, NaN or "" for a row without one.
        rows: The number of rows.
        classes: The classes.

    Raises:
        InputError: There is not one label per row, one is a list, or none of them is a class.
    """
    if len(labels) != rows:
        raise InputError(
            f"{counted(rows, 'text')} but {counted(len(labels), 'label')}; give one label per text"
        )
    for i, label in enumerate(labels):
        if isinstance(label, Iterable) and not isinstance(label, str | bytes):
            raise InputError(f"labels[{i}] is {type(label).__name__}; give the label itself")
    classes = list(classes)
    truth = true_names(labels, classes)
    known = {str(one) for one in classes}
    given = [label for label in labels if not _is_missing(label)]
    # A single label may be unseen; of many it is the wrong column.
    if len(given) > 1 and classes and known.isdisjoint(truth):
        raise InputError(
            f"none of the labels ({quoted_list(dict.fromkeys(given), 3)}) is a class of the model "
            f"({quoted_list(display_order(known), 5)}); give the true classes"
        )
    return truth


def true_names(labels: Sequence[Any], classes: Iterable[Any]) -> list[str | None]:
    """The name of the true class of each row, known or not; None for a row without a label.

    Args:
        labels: The labels, as of `true_classes`.
        classes: The classes.
    """
    names = iter(class_names([label for label in labels if not _is_missing(label)], classes))
    return [None if _is_missing(label) else next(names) for label in labels]


def _is_missing(label: Any) -> bool:
    try:
        return label is None or bool(label == "") or bool(label != label)
    except (TypeError, ValueError):  # pandas' NA is neither equal nor different
        return True


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
        more = f" and {len(few) - _NAMED:,} more" if len(few) > _NAMED else ""
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
