"""Labels that are read as they are, but may be something else: missing values, lists of labels."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attnpool.sanitize import counted, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

# As pandas, spreadsheets, R and databases write a missing value. `NA` and `None` can be labels, so
# rows with them stay.
_MISSING = frozenset(
    {"nan", "na", "n/a", "#n/a", "<na>", "none", "null", "nat", "nil", "undefined", "-nan"}
)


def suspect_labels(labels: Iterable[str], *, whole: bool = True) -> list[str]:
    """What to say of such labels, one line each.

    Args:
        labels: The label of each row.
        whole: Whether these are all rows; else nothing is said of how many have a label.
    """
    counts = Counter(labels)
    found = []
    for label in sorted(counts):
        if label.casefold() in _MISSING:
            rows = counted(counts[label], "row") if whole else "some rows"
            has = "has" if whole and counts[label] == 1 else "have"
            found.append(
                f"{rows} {has} the label {quoted(label)}, which may be a missing value; "
                "if it is, leave such rows out or empty their labels"
            )
    lists = [label for label in counts if _is_list(label, counts)]
    if lists:
        found.append(
            f"labels such as {quoted(min(lists))} look like several labels, but each is a class of "
            "its own; multilabel classification is not supported"
        )
    return found


def _is_list(label: str, known: Counter[str]) -> bool:
    """Whether a label is made of others, with commas, semicolons or bars between."""
    for mark in ",;|，、":
        parts = [part.strip() for part in label.split(mark)]
        if len(parts) > 1 and all(parts) and any(part in known for part in parts):
            return True
    return False
