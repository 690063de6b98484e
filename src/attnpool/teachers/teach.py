"""What a teacher knows of labelled and unlabelled texts, as soft targets for a smaller model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Integer
from attnpool.errors import InputError
from attnpool.progress import Progress
from attnpool.sanitize import quoted
from attnpool.teachers.cache import vectors_of
from attnpool.teachers.head import Answers, head_answers
from attnpool.teachers.teacher import Teacher


class Taught(NamedTuple):
    """What a teacher answered.

    Attributes:
        name: The teacher's name.
        labelled: Probabilities of the labelled rows, (rows, classes) float32; those of a head are
            out of fold.
        unlabelled: Probabilities of the unlabelled texts, (texts, classes) float32.
        accuracy: The share of labelled rows that `labelled` answers right.
        seconds: How long it took.
    """

    name: str
    labelled: np.ndarray
    unlabelled: np.ndarray
    accuracy: float
    seconds: float


def teach(
    teacher: Teacher,
    texts: Sequence[str],
    y: Integer[np.ndarray, "labelled"],
    classes: np.ndarray,
    unlabelled: Sequence[str],
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
    seed: int = 0,
) -> Taught:
    """Ask a teacher about labelled and unlabelled texts.

    A head is fitted on vectors: logistic regression, and half the log-probabilities of TF-IDF with
    logistic regression, which encoders gain from. A teacher with classes of its own is asked as
    it is; where it has seen the labelled rows, its accuracy on them is too high.

    Args:
        teacher: What `open_teacher` gave for these classes.
        texts: The labelled texts.
        y: The number of the class of each.
        classes: The classes, in order.
        unlabelled: Texts without labels; may be empty.
        cache: A folder that keeps vectors, so that a run that was cut short goes on; None: none.
        progress: Shows a bar.
        seed: Decides the folds.

    Raises:
        InputError: The teacher's answers are not what they must be, or its vectors have no room.
    """
    start = perf_counter()
    everything = [*texts, *unlabelled]
    with (progress or Progress()).bar("reading texts with the teacher", len(everything)) as advance:
        if teacher.probabilities is not None:
            given = teacher.probabilities(everything, advance)
            answers = Answers(given[: len(texts)], given[len(texts) :])
        else:
            vectors = vectors_of(teacher, everything, advance, cache)
            if len(set(everything)) > 1 and (vectors == vectors[0]).all():
                raise InputError(
                    f"teacher {quoted(teacher.name)} gives the same vector for every text; give "
                    "another"
                )
            answers = head_answers(vectors, everything, y, len(classes), seed)
    accuracy = float((answers.labelled.argmax(axis=1) == y).mean())
    return Taught(
        teacher.name,
        answers.labelled.astype(np.float32),
        answers.unlabelled.astype(np.float32),
        accuracy,
        perf_counter() - start,
    )
