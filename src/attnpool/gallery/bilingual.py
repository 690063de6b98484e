"""The live page of the demo: one model of the Chinese and the English reviews."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attnpool.data.demo_rows import DemoRows, load_demo
from attnpool.estimators import TextClassifier
from attnpool.metrics import majority_class
from attnpool.progress import Progress

PAGE = "live.html"
TITLE = "Reviews in two languages · 中英文评论"
EXAMPLES = (
    # One deletion, or two, turn the answers of these.
    "房间很干净，但是隔音太差",
    "The staff was friendly, but the shower was cold.",
    "The driver was friendly, 但是包装太差。",
    "剧情有点慢，但结局很感人。",
    # These show what it makes of a negation.
    "The film was not bad at all.",
    "The film was not good at all.",
)
TASKS = {"sentiment": "chinese", "reviews": "english"}
LABELS = {
    "正面": "正面 positive",
    "positive": "正面 positive",
    "负面": "负面 negative",
    "negative": "负面 negative",
}


class Bilingual(NamedTuple):
    """A model that reads both languages.

    Attributes:
        model: The model.
        accuracies: Its accuracy on the test rows of each language.
        accuracy: That on all of them.
        majority: That of always predicting their most frequent class.
    """

    model: TextClassifier
    accuracies: dict[str, float]
    accuracy: float
    majority: float


def train_bilingual(progress: Progress | None = None) -> Bilingual:
    """Train one model on the reviews of both languages.

    Args:
        progress: Where to show progress; default: nowhere.
    """
    train = [load_demo(task, "train") for task in TASKS]
    texts = [text for rows in train for text in rows.texts[0]]
    # Words: a Han character is a token beside them.
    model = TextClassifier(tokenizer="words").fit(
        texts, [label for rows in train for label in _labels(rows)], progress=progress
    )
    right, true = {}, []
    for task, language in TASKS.items():
        rows = load_demo(task, "test")
        labels = _labels(rows)
        right[language] = model.predict(rows.texts[0]) == np.array(labels)
        true += labels
    return Bilingual(
        model,
        accuracies={language: float(hits.mean()) for language, hits in right.items()},
        accuracy=float(np.concatenate(list(right.values())).mean()),
        majority=majority_class(true)[1],
    )


def _labels(rows: DemoRows) -> list[str]:
    return [LABELS[label] for label in rows.labels]
