"""The bundled demo rows: small datasets, five Chinese and one English, written for this project.

Every row was composed from the project's own phrases (`scripts/write_demo_rows`), so the words
that determine its label are known, and a test can check whether an explanation highlights them.
The rows show what the package does; a score on them says nothing about real text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from attnpool.errors import InputError

DEMO_TASKS: tuple[str, ...] = ("sentiment", "reviews", "moods", "titles", "articles", "pairs")
"""Names for `load_demo`: two-way sentiment of Chinese reviews (正面, 负面) and of English reviews
(positive, negative), four moods (喜悦, 愤怒, 厌恶, 低落), news titles of ten classes, long articles
of six, and question pairs (匹配, 不匹配)."""

_SPLITS = ("train", "test", "all")


@dataclass(frozen=True)
class DemoRows:
    """The rows of one demo task; all lists have one entry per row.

    Attributes:
        name: The task.
        texts: One list of texts; two for `pairs`.
        labels: The label of each row.
        evidence: The words that determine the label of each row, in their order in the text;
            each occurs literally in one of the row's texts. For a pair that does not match: the
            words that differ. Words for another label (房间很干净，但是隔音太差) are not included.
    """

    name: str
    texts: tuple[list[str], ...]
    labels: list[str]
    evidence: list[tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.labels)


def load_demo(task: str, split: str = "train") -> DemoRows:
    """Read the bundled rows of one task.

    The test split has partly other topics and phrases that are rare in the train split, and
    shares no text with it.

    Args:
        task: One of `DEMO_TASKS`.
        split: "train", "test" or "all".

    Returns:
        The rows in a fixed order, with the labels mixed.

    Raises:
        InputError: If there is no such task or split.
    """
    _require(task, DEMO_TASKS, "demo task")
    _require(split, _SPLITS, "split")
    lines = (files("attnpool.data") / "demo" / f"{task}.jsonl").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines.splitlines()]
    if split != "all":
        rows = [row for row in rows if row["split"] == split]
    sides = ("text_a", "text_b") if task == "pairs" else ("text",)
    return DemoRows(
        name=task,
        texts=tuple([row[side] for row in rows] for side in sides),
        labels=[row["label"] for row in rows],
        evidence=[tuple(row["evidence"]) for row in rows],
    )


def _require(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        raise InputError(f"no {what} named {value!r}; choose one of: {', '.join(known)}")
