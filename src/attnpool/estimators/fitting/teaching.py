"""Rows that a teacher labels: what it says of unlabelled texts, as targets of a small model."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from attnpool.errors import InputError
from attnpool.estimators.fitting.planning import chosen_fit
from attnpool.estimators.settings import ClassifierSettings
from attnpool.estimators.tasks.classes import class_weight
from attnpool.estimators.validation import LabelledRows
from attnpool.explain.lists import listed
from attnpool.files.paths import checked_path
from attnpool.progress import Progress
from attnpool.sanitize import counted
from attnpool.teachers import (
    LeftOut,
    Taught,
    Teacher,
    clean_pool,
    open_teacher,
    other_language,
    teach,
)
from attnpool.text import Cleanup
from attnpool.text.reader import TextReader

_AT_HAND = "lsa"
_TRIED = 1000  # labelled texts, to see whether the settings can be used
_HELD = 0.1  # of the unlabelled rows, which choose the best weights as labelled ones do


@dataclass(slots=True)
class Teaching:
    """A teacher and unlabelled texts, ready to be asked.

    Attributes:
        teacher: The teacher.
        pool: The texts without labels.
        left_out: How many texts were left out of them, by the reason.
        warnings: Sentences on what to mind.
        settings: The settings of the student; its tokenizer is that of the labelled texts.
        folder: Where vectors are kept; None: in memory.
        progress: Where to show how far it is.
        at_hand: Whether no teacher was given, so that it must prove useful.
        accuracy: The share of the labelled rows set aside that the teacher answers right, or of
            all labelled rows, out of fold; None before it was asked.
        measured_on: The number of these rows.
        name: What the teacher is called.
        helps: Whether the pool is used; one that was not asked for may know less than the labels.
    """

    teacher: Teacher
    pool: list[str]
    left_out: LeftOut
    warnings: list[str]
    settings: ClassifierSettings
    folder: Path | None
    progress: Progress | None
    at_hand: bool
    accuracy: float | None = None
    measured_on: int = 0
    name: str = ""
    helps: bool = True

    @classmethod
    def of(
        cls,
        teacher: Any,
        unlabelled: Iterable[Any] | None,
        rows: LabelledRows,
        held: LabelledRows,
        classes: np.ndarray,
        settings: ClassifierSettings,
        *,
        cache: str | Path | None,
        progress: Progress | None,
    ) -> Teaching | None:
        """Check what was given; None if that is neither a teacher nor unlabelled texts.

        Args:
            teacher: What `fit` was given.
            unlabelled: What `fit` was given.
            rows: The labelled rows to train on.
            held: The labelled rows set aside.
            classes: The labels.
            settings: The settings of the student.
            cache: A folder for the teacher's vectors; None: they are kept in memory.
            progress: Where to show how far it is.

        Raises:
            InputError: The teacher is none, or a text is no string.
        """
        if teacher is None and unlabelled is None:
            return None
        given = [] if unlabelled is None else unlabelled
        if isinstance(given, str | bytes):
            raise InputError("unlabelled is one string; give a list of strings")
        if cache is not None and (not isinstance(cache, str | os.PathLike) or not str(cache)):
            raise InputError("cache is no path; give a folder, or None")
        if cache is not None:
            checked_path(cache, "cache")
        pool, left_out = clean_pool(
            listed(given, "unlabelled"), rows.items, held.items, Cleanup(settings.cleanup)
        )
        opened = open_teacher(
            _AT_HAND if teacher is None else teacher,
            classes,
            _load,
            device=settings.device,
            seed=settings.seed,
        )
        # What the settings cannot do is refused before a teacher reads for hours.
        class_weight(settings.class_weight, rows.y, classes)
        reader, _ = TextReader.learn(rows.items[:_TRIED], settings)
        if settings.tokenizer == "auto":  # what the pool is written in does not decide
            settings = replace(settings, tokenizer=reader.tokenizer.kind)
        warnings = []
        if teacher is None and not pool:
            warnings.append("no unlabelled text is left, so none is learned from")
        if left_out.held_out:
            texts = counted(left_out.held_out, "unlabelled text")
            warnings.append(f"{texts} left out: validation rows have the same text")
        if pool and (sentence := other_language(rows.items, pool)):
            warnings.append(sentence)
        return cls(
            teacher=_remembering(opened) if cache is None else opened,
            pool=pool,
            left_out=left_out,
            warnings=warnings,
            settings=settings,
            folder=None if cache is None else Path(cache),
            progress=progress,
            at_hand=teacher is None,
            helps=teacher is not None or bool(pool),
        )

    def rows(
        self, labelled: LabelledRows, held: LabelledRows, classes: np.ndarray
    ) -> tuple[LabelledRows, LabelledRows]:
        """The rows to train the student on, and those that choose its best weights.

        Labelled rows keep their labels; the texts of the pool have the teacher's probabilities.
        Without a pool the teacher's answers, out of fold, are half of the labels' weight.

        Args:
            labelled: The labelled rows to train on.
            held: The labelled rows set aside; without any, no rows of the pool are set aside.
            classes: The labels.
        """
        if not self.helps:
            return labelled, held
        clean = Cleanup(self.settings.cleanup)
        taught: Taught = teach(
            self.teacher,
            clean(labelled.items),
            labelled.y,
            classes,
            clean([*self.pool, *held.items]),
            cache=self.folder,
            progress=self.progress,
            seed=self.settings.seed,
        )
        self.name = taught.name
        if self.accuracy is None:
            self.helps = self._weighed(labelled, classes, taught.accuracy)
        if not self.pool:
            # Labels alone are left to teach with: half of each target is what the teacher,
            # which has not seen this label, makes of the text.
            both = (labelled.probabilities(len(classes)) + taught.labelled) / 2
            labelled = replace(labelled, targets=both.astype(np.float32))
        pool, answers = np.split(taught.unlabelled, [len(self.pool)])
        if len(held):
            self._measured(float((answers.argmax(axis=1) == held.y).mean()), held)
        elif self.accuracy is None:
            self._measured(taught.accuracy, labelled)
        order = np.random.default_rng(self.settings.seed).permutation(len(self.pool))
        aside = round(_HELD * len(self.pool)) if len(held) else 0
        if not self.helps:  # as has just been found
            return labelled, held
        of_pool = LabelledRows(self.pool, pool.argmax(axis=1), pool)
        return (
            _joined(labelled, of_pool.take(order[aside:]), len(classes)),
            _joined(held, of_pool.take(order[:aside]), len(classes)),
        )

    def _measured(self, accuracy: float, rows: LabelledRows) -> None:
        """Note the teacher's accuracy, and whether it has seen these rows in its training."""
        self.accuracy, self.measured_on = accuracy, len(rows)
        seen = self.teacher.trained_on and self.teacher.trained_on(rows.items)
        if seen:
            self.warnings.append(
                f"{self.name} was trained on {seen:,} of the {counted(len(rows), 'row')} that its "
                "accuracy is measured on, so this accuracy is too high"
            )

    def _weighed(self, labelled: LabelledRows, classes: np.ndarray, accuracy: float) -> bool:
        """Whether the teacher is used: the one at hand, only if it knows more than the labels.

        Of one that was asked for it is said that it does not.
        """
        _, alone = chosen_fit(self.settings, classes, labelled, self.progress)
        if self.at_hand and alone is None:
            self.warnings.append(
                "the unlabelled texts are not used: there are too few labelled rows to tell "
                "whether they help; give a teacher to use them in any case"
            )
            return False
        if alone is not None and (accuracy < alone or (self.at_hand and accuracy == alone)):
            unused = "so the unlabelled texts are not used"
            then = unused if self.at_hand else "so it may do harm"
            self.warnings.append(
                f"in cross-validation on the labelled rows {self.name} has an accuracy of "
                f"{accuracy:.3f}, and n-grams alone have {alone:.3f}, {then}"
            )
            return not self.at_hand
        return True

    def figures(self, student: float | None) -> dict[str, Any]:
        """What `metrics_` says of it.

        Args:
            student: The accuracy of the student on the rows that the teacher's was measured on.
        """
        return {
            "teacher": self.name,
            "unlabelled": len(self.pool),
            "left_out": self.left_out._asdict(),
            "teacher_accuracy": None if self.accuracy is None else round(self.accuracy, 4),
            "teacher_measured_on": self.measured_on,
            "student_accuracy": student,
        }


def _remembering(teacher: Teacher) -> Teacher:
    """The same teacher, which reads no text twice: it is asked again for the refit."""
    read = teacher.vectors
    if read is None or teacher.of_all_texts:
        return teacher
    known: dict[str, np.ndarray] = {}

    def vectors(texts: list[str], advance: Callable[[int], object]) -> np.ndarray:
        new = [text for text in texts if text not in known]
        advance(len(texts) - len(new))
        known.update(zip(new, read(new, advance) if new else (), strict=True))
        return np.stack([known[text] for text in texts])

    return replace(teacher, vectors=vectors)


def _joined(labelled: LabelledRows, pool: LabelledRows, classes: int) -> LabelledRows:
    targets = np.concatenate([labelled.probabilities(classes), pool.probabilities(classes)])
    return LabelledRows(
        [*labelled.items, *pool.items],
        np.concatenate([labelled.y, pool.y]),
        targets.astype(np.float32),
    )


def _load(path: Path) -> Any:
    from attnpool.estimators.loading import load_estimator  # which imports the classifier
    from attnpool.runtime.loading import load_compact

    return load_compact(path) if path.is_file() else load_estimator(path)
