"""What each task learns from, makes small, and answers: classes, pairs, triplets, labels."""

from __future__ import annotations

from attnpool.estimators.settings import MatcherSettings
from attnpool.estimators.tasks.labels import LabelTask
from attnpool.estimators.tasks.pairs import PairTask
from attnpool.estimators.tasks.triplets import TripletTask

__all__ = ["LabelTask", "MatchingTask", "PairTask", "TripletTask", "matching_task"]

MatchingTask = PairTask | TripletTask | LabelTask


def matching_task(settings: MatcherSettings) -> MatchingTask:
    """The task of an architecture: the architectures of pairs share one."""
    special = {"triplet": TripletTask, "label": LabelTask}
    return special.get(settings.architecture.name, PairTask)(settings)
