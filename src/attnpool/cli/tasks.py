"""What is trained: a classifier, or a matcher of which architecture; and what each refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attnpool.cli import items
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attnpool.data import Rows

Task = Literal["classify", "match"]
Architecture = Literal["siamese", "interaction", "alignment", "triplet", "label"]
"""`attnpool.estimators.architectures.ARCHITECTURES`, by name: importing it would import torch."""

_USUAL: dict[int, Architecture] = {2: "siamese", items.TRIPLET: "triplet"}
_TAKES = {"triplet": (2, items.TRIPLET), "label": (1,)}
_MOST = 3


def check_task(
    task: Task | None,
    architecture: Architecture | None,
    text: Sequence[str],
    label: str | None,
    *,
    balance: bool,
) -> None:
    """Refuse options that contradict each other, before any file is opened.

    Raises:
        InputError: They do.
    """
    if task == "classify" and architecture is not None:
        raise InputError(f"--architecture {architecture} is for --task match; leave one out")
    if len(text) > _MOST:
        raise InputError(f"{len(text)} text columns; name one, two for pairs, three for triplets")
    if len(set(text)) < len(text):
        twice = next(name for name in text if list(text).count(name) > 1)
        raise InputError(f"--text {twice} is given twice; name different columns")
    if len(text) == items.TRIPLET and label is not None:
        raise InputError("three text columns are triplets, which have no label; leave --label out")
    if task == "classify" and len(text) > 1:
        raise InputError(f"--task classify reads one text column, not {len(text)}; name one")
    if architecture is not None and text and len(text) not in _takes(architecture):
        raise InputError(
            f"--architecture {architecture} reads {_columns(architecture)}, not {len(text)}; "
            "change --text or --architecture"
        )
    if balance and (task == "match" or architecture is not None or len(text) > 1):
        raise InputError(_BALANCE)


def settle(
    data: str,
    rows: Rows,
    task: Task | None,
    architecture: Architecture | None,
    *,
    balance: bool,
) -> Architecture | None:
    """The architecture of a matcher, by what the rows hold; None for a classifier.

    Raises:
        InputError: The rows are not what the task or the architecture reads.
    """
    many = len(rows.texts)
    if task == "classify":
        items.check_one_text(data, rows)
    if architecture is None and many == 1:
        if task == "match":
            raise InputError(
                f"{data} has one text a row; name two columns, --text COL --text COL, "
                "or match texts with their labels: --architecture label"
            )
        return None
    chosen = architecture or _USUAL[many]
    if many not in _takes(chosen):
        have = {1: "one text a row", 2: "pairs", items.TRIPLET: "three texts a row"}[many]
        raise InputError(
            f"{data} has {have}; --architecture {chosen} reads {_columns(chosen)}: name with --text"
        )
    if balance:
        raise InputError(_BALANCE)
    if chosen == "triplet" and rows.labels is not None:
        _check_triplets(data, rows.labels)
    return chosen


def check_match(architecture: Architecture | None, rows: Rows, match: str | None) -> None:
    """Refuse a label of the match where there is none to name.

    Raises:
        InputError: The rows are no pairs with two labels, or it is none of these.
    """
    if match is None:
        return
    labels = sorted(set(rows.labels or []))
    if architecture in (None, "label") or len(labels) != 2:
        raise InputError("--match is for pairs that have two labels; leave it out")
    if match not in labels:
        raise InputError(f"--match {match}: no pair has this label; they have {', '.join(labels)}")


_BALANCE = "--balance is for classifiers; leave it out to train a matcher"


def _check_triplets(data: str, labels: Sequence[str]) -> None:
    """Pairs become triplets where some match and some do not: by two labels."""
    found = sorted(set(labels))
    if len(found) == 2:
        return
    if len(found) == 1:
        raise InputError(
            f"{data}: all {len(labels):,} pairs have the label {found[0]!r}; triplets need pairs "
            "that match, for positives, and pairs that do not"
        )
    raise InputError(
        f"{data}: the pairs have {len(found)} labels ({', '.join(found[:4])}"
        f"{' …' if len(found) > 4 else ''}); triplets need two, match and no match"
    )


def _takes(architecture: str) -> tuple[int, ...]:
    return _TAKES.get(architecture, (2,))


def _columns(architecture: str) -> str:
    names = {1: "one", 2: "two", items.TRIPLET: "three"}
    many = _takes(architecture)
    return f"{' or '.join(names[n] for n in many)} text column{'s' * (many != (1,))}"
