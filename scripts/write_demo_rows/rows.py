"""Rows as written to disk, and the loop that keeps them different from one another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .bank import evidence, plain
from .draw import Draw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = dict[str, Any]


def text_row(marked: str, label: str) -> Row:
    """A row of one text; the evidence is what stands in brackets."""
    return {"text": plain(marked), "label": label, "evidence": evidence(marked)}


def texts(row: Row) -> tuple[str, ...]:
    return tuple(row[key] for key in ("text", "text_a", "text_b") if key in row)


def collect(
    make: Callable[[Draw, str], Row | None],
    labels: Sequence[str],
    counts: dict[str, int],
    seed: str,
    rare: dict[str, float],
) -> list[Row]:
    """Rows of all splits, labels in turn; a text of one split never stands in another.

    Args:
        make: (draw, label) to a row, or None to try again.
        labels: The labels, given equally many rows.
        counts: Rows a split, in the order written; train first.
        seed: Seeds one draw a split.
        rare: A split's chance of a rare phrase.
    """
    rows: list[Row] = []
    earlier: set[str] = set()
    for split, count in counts.items():
        draw = Draw(f"{seed} {split}", rare[split], test=split == "test")
        here: set[tuple[str, ...]] = set()
        while len(here) < count:
            row = make(draw, labels[len(here) % len(labels)])
            if row is None or texts(row) in here or earlier & set(texts(row)):
                continue
            here.add(texts(row))
            rows.append(row | {"split": split})
        earlier.update(text for key in here for text in key)
    return rows


def to_jsonl(rows: list[Row]) -> bytes:
    """UTF-8, one compact JSON object a line, "\\n" line ends on every system."""
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()
