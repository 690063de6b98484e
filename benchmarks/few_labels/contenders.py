"""Who is compared, at which sizes and on how many splits."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.few_labels import baselines, ours
from benchmarks.few_labels.baselines import Ran
from benchmarks.few_labels.protocol import ALL

FREE: dict[str, Callable[..., Ran]] = {
    "majority": baselines.majority,
    "TF-IDF + LR": baselines.tfidf,
    "fastText": baselines.fasttext,
    "before": ours.before,
    "attnpool": ours.default,
    "unlabelled": ours.unlabelled,
}
TAUGHT: dict[str, Callable[..., Ran]] = {
    "teacher": ours.taught,
    "teacher alone": ours.teacher_alone,
}
CONTENDERS = (*FREE, *TAUGHT)


def compared(contender: str, size: str) -> bool:
    """Whether there is anything to measure: with all labels no text is left without one."""
    return not (contender == "unlabelled" and size == ALL)


def splits_of(size: str) -> int:
    return 3 if size == ALL else 5
