"""A stream of rows to all that a fitted classifier holds."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from attnpool._renamed import warn_caller
from attnpool._shapes import Integer
from attnpool.data import RowStream
from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError
from attnpool.estimators.fitting.classifying import fit_classifier
from attnpool.estimators.fitting.learning import learn_anew, recipe_for
from attnpool.estimators.fitting.planning import learn_planned, plan_classifier
from attnpool.estimators.networks import build_counted, with_counts
from attnpool.estimators.settings import ClassifierSettings, computing_device
from attnpool.estimators.streaming.reading import Source, read_tokens
from attnpool.estimators.streaming.store import Window, token_folder
from attnpool.estimators.streaming.survey import Survey
from attnpool.estimators.streaming.windows import Loss, WindowEpochs
from attnpool.estimators.tasks.classes import classification_loss
from attnpool.estimators.training_metrics import (
    Learned,
    linear_accuracy,
    log_likelihood,
    training_figures,
    training_warnings,
    validation_metrics,
)
from attnpool.estimators.validation import (
    LabelledRows,
    Validation,
    checked_share,
    class_numbers,
    distinct_classes,
    further_rows,
)
from attnpool.explain.lists import checked_labels, checked_texts
from attnpool.models.draws import Initialised
from attnpool.persistence.known_rows import KnownRows
from attnpool.progress import Progress
from attnpool.sanitize import escaped, quoted
from attnpool.training.history import History
from attnpool.training.loop import fit_epochs

_log = logging.getLogger(__name__)

_CHARACTERS = 1_000
"""A window has no more characters than so many for each row that it may have."""

_REFITTED = 0.05
"""A new model on all rows is only worth its time if more than this share of them validated."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of a stream is held in memory, and where the rest is.

    Attributes:
        window: The most rows at a time.
        sample: The most rows from which the linear part is made.
        cache: The folder for the tokens; None: the system's for temporary files.
    """

    window: int
    sample: int
    cache: str | Path | None

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: One is no number of rows, or there is no such folder.
        """
        for name in ("window", "sample"):
            rows = getattr(self, name)
            if not isinstance(rows, int | np.integer) or isinstance(rows, bool) or rows < 1:
                raise InputError(
                    f"{name} is {escaped(str(rows))}; give a number of rows, 1 or more"
                )
        if self.cache is not None and not Path(self.cache).is_dir():
            raise InputError(
                f"cache is {quoted(str(self.cache))}, which is no folder; give one that exists"
            )

    def windows(self, rows: int, characters: int) -> int:
        """How many windows so many rows are dealt to."""
        return max(1, -(-rows // self.window), -(-characters // (self.window * _CHARACTERS)))


def fit_streamed(
    settings: ClassifierSettings,
    stream: Any,
    sizes: Sizes,
    *,
    validation: Validation,
    progress: Progress | None,
) -> dict[str, Any]:
    """The attributes of a fitted classifier; see `TextClassifier.fit_stream`.

    Raises:
        InputError: The rows, or what is asked of them, make no sense.
    """
    began = time.perf_counter()
    _check(settings, stream)
    share = None if isinstance(validation, tuple) else checked_share(validation)
    survey = Survey.of(stream, sizes.window, sizes.sample, settings.seed)
    _log.info("looked through %d rows of %d labels", survey.rows, len(survey.labels))
    windows = sizes.windows(survey.rows, survey.characters)
    if windows == 1 and survey.sample.whole:
        rows = survey.sample.without(_NO_KEYS)
        fitted = fit_classifier(
            *(settings, *rows),
            unlabelled=None,
            teacher=None,
            validation=validation,
            cache=None,
            progress=progress,
        )
        fitted["metrics_"]["stream"] = _record(survey, 1, survey.rows, (0, 0))
        return fitted
    classes = _classes(survey)
    if isinstance(validation, tuple):
        held, held_keys = further_rows(validation, classes, checked_texts), _NO_KEYS
    else:
        texts, labels = survey.held.take(round((share or 0.0) * survey.rows), survey.labels)
        held = LabelledRows(texts, class_numbers(_array(labels), classes, "validation"))
        held_keys = np.unique(item_keys(texts))
    task = _Task(settings, stream, survey, sizes, classes, progress)
    return _fit(task, held, held_keys, asked=bool(validation), began=began)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is learned from, and how."""

    settings: ClassifierSettings
    stream: RowStream
    survey: Survey
    sizes: Sizes
    classes: np.ndarray
    progress: Progress | None


_NO_KEYS = np.zeros(0, dtype=np.uint64)


class _Learner:
    """Learns from all rows of the stream but the held ones; `Learn` of the planning."""

    def __init__(self, task: _Task, held: LabelledRows, keys: Integer[np.ndarray, "held"]) -> None:
        self.task, self.held, self.keys = task, held, keys
        texts, labels = task.survey.sample.without(keys)
        self.sample = LabelledRows(texts, class_numbers(_array(labels), task.classes, "training"))
        names = [str(label) for label in task.classes.tolist()]
        self.counts = np.array([task.survey.labels[name] for name in names], dtype=np.int64)
        if len(keys):
            self.counts -= np.bincount(held.y, minlength=len(names))
        self.windows, self.missed = 1, (0, 0)

    def __call__(self, settings: ClassifierSettings, again: History | None = None) -> Learned:
        """Read all rows, and train for as many epochs as were best in an earlier training."""
        task, rows = self.task, int(self.counts.sum())
        labels = {str(label): number for number, label in enumerate(task.classes.tolist())}
        source = Source(
            *(task.stream, task.sizes.window, labels, self.keys, rows, self.sample.items),
            state=task.survey.state,
        )
        self.windows = task.sizes.windows(rows, task.survey.characters)
        with token_folder(task.sizes.cache) as folder:
            read = read_tokens(source, settings, folder, self.windows, task.progress)
            self.missed = read.missed
            with Initialised(settings.seed):
                net = build_counted(settings, read.reader, read.found, len(task.classes))
            net = with_counts(net, read.counts).to(computing_device(settings.device))
            held, held_tokens = self.held, read.reader(self.held.items)
            recipe = again.recipe if again else recipe_for(settings, rows, 128)
            # What a class counts follows from all rows, not from those of a window.
            weighted = settings
            if settings.class_weight == "balanced":
                weighted = replace(settings, class_weight=balanced(task.classes, self.counts))

            def loss(window: Window) -> Loss:
                some = LabelledRows([], window.y)
                return classification_loss(net, window.tokens, some, task.classes, weighted)

            history = fit_epochs(
                net,
                WindowEpochs(read.store, loss, recipe, settings.seed),
                (lambda: log_likelihood(net, held_tokens, held)) if len(held) else None,
                recipe,
                seed=settings.seed,
                until=again.best if again else None,
                progress=task.progress,
            )
        return Learned(read.reader, net, history)


def balanced(classes: np.ndarray, counts: np.ndarray) -> dict[str, float]:
    """The weights of classes by which all count alike, as `class_weights` has them.

    Args:
        classes: The labels.
        counts: How many rows of each there are; one without rows gets no weight.
    """
    mean = counts.sum() / np.count_nonzero(counts)
    both = zip(classes.tolist(), counts.tolist(), strict=True)
    return {str(label): float(mean / count) for label, count in both if count}


def _fit(
    task: _Task,
    held: LabelledRows,
    keys: Integer[np.ndarray, "held"],
    *,
    asked: bool,
    began: float,
) -> dict[str, Any]:
    settings, survey, classes = task.settings, task.survey, task.classes
    learner = used = _Learner(task, held, keys)
    if len(np.unique(learner.sample.y)) < 2:  # it says nothing of the other classes
        settings = replace(settings, linear=False)
    plan, learned = plan_classifier(settings, classes, learner.sample, held, task.progress, learner)
    history = learned.history
    tokens = learned.reader(held.items)
    measured = validation_metrics(learned.net, tokens, held.y, classes)
    measured |= linear_accuracy(learned.net, tokens, held.y)
    stopped = history.warnings()
    refitted = bool(settings.refit and len(keys) and len(held) > _REFITTED * survey.rows)
    if refitted:
        used = _Learner(task, held.take(np.zeros(0, dtype=np.int64)), _NO_KEYS)
        rest = used
        learned, lost = learn_anew(
            learned, lambda: learn_planned(plan, rest.sample, task.progress, rest)
        )
        refitted, stopped = not lost, [*stopped, *lost]
        used = used if refitted else learner
    warnings = stopped + training_warnings(
        measured, classes, used.counts, len(held) if asked else None, "rows"
    )
    for sentence in stopped:
        warn_caller(sentence)
    n_train = int(learner.counts.sum())
    figures = training_figures(history, began, n_train, len(held), refitted=refitted)
    record = _record(survey, used.windows, len(used.sample), used.missed)
    more = {"folds": 0, "stream": record, "warnings": warnings}
    return {
        "classes_": classes,
        "reader_": learned.reader,
        "model_": learned.net,
        "metrics_": {**measured, **figures, **more},
        "_known": _known(survey, used.keys, np.unique(item_keys(held.items))),
        "_folded": None,
    }


def _record(survey: Survey, windows: int, sample: int, missed: tuple[int, int]) -> dict[str, int]:
    """How the rows were read, as `metrics_["stream"]` has it."""
    of_words, of_ngrams = missed
    return {
        "rows": survey.rows,
        "skipped": survey.skipped,
        "windows": windows,
        "sample": sample,
        "missed_tokens": of_words,
        "missed_ngrams": of_ngrams,
    }


def _check(settings: ClassifierSettings, stream: Any) -> None:
    """Refuse what cannot be learned from, before anything is read."""
    if not isinstance(stream, RowStream):
        raise InputError(
            f"rows is {type(stream).__name__}; give attnpool.data.stream(path), or use "
            "fit(texts, labels)"
        )
    if settings.encoder is not None:
        raise InputError("fit_stream trains no pretrained encoder; leave encoder out, or use fit")


def _classes(survey: Survey) -> np.ndarray:
    """The classes, sorted.

    Raises:
        InputError: There are fewer than two, or each row has another.
    """
    labels = sorted(survey.labels)
    if len(labels) < 2:
        raise InputError(
            f"all {survey.rows:,} texts have the label {quoted(labels[0])}; "
            "training needs at least two classes"
        )
    # Each label twice unless each row has its own, which is refused.
    return distinct_classes(_array(labels * (1 + (len(labels) < survey.rows))))


def _array(labels: list[str]) -> np.ndarray:
    return checked_labels(labels, len(labels)) if labels else np.zeros(0, dtype=str)


def _known(
    survey: Survey, left_out: Integer[np.ndarray, "held"], held: Integer[np.ndarray, "validation"]
) -> KnownRows:
    """The hashes of the texts trained on and of those that chose when to stop."""
    trained = np.setdiff1d(survey.known.keys, left_out)
    total = max(len(trained), survey.known.total - len(left_out))
    return KnownRows(trained, held, (total, len(held)))
