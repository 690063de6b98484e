"""Checked texts and labels to all that a fitted classifier holds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from attnpool._renamed import warn_caller
from attnpool.estimators.fitting.encoding import keep_states, with_encoder, without_states
from attnpool.estimators.fitting.learning import learn_anew
from attnpool.estimators.fitting.planning import NO_ROWS, learn_planned, plan_classifier
from attnpool.estimators.fitting.teaching import Teaching
from attnpool.estimators.settings import ClassifierSettings
from attnpool.estimators.training_metrics import (
    linear_accuracy,
    training_figures,
    training_warnings,
    validation_metrics,
)
from attnpool.estimators.validation import (
    LabelledRows,
    Validation,
    class_numbers,
    distinct_classes,
    hold_out,
)
from attnpool.explain.lists import checked_labels, checked_texts
from attnpool.persistence.known_rows import KnownRows
from attnpool.progress import Progress


def fit_classifier(
    settings: ClassifierSettings,
    texts: Iterable[str],
    labels: Iterable[Any],
    *,
    unlabelled: Iterable[str] | None,
    teacher: Any,
    validation: Validation,
    cache: str | Path | None,
    progress: Progress | None,
) -> dict[str, Any]:
    """The attributes of a fitted classifier; see `TextClassifier.fit`.

    Raises:
        InputError: The texts, the labels, the rows to validate on or the encoder make no sense.
    """
    began = time.perf_counter()
    texts = checked_texts(texts)
    names = checked_labels(labels, len(texts))
    classes = distinct_classes(names)
    rows = LabelledRows(texts, class_numbers(names, classes, "training"))
    training, held = hold_out(rows, validation, classes, checked_texts, settings.seed)
    settings = with_encoder(settings)

    teaching = Teaching.of(
        teacher, unlabelled, training, held, classes, settings, cache=cache, progress=progress
    )
    settings = teaching.settings if teaching else settings
    taught, scored = teaching.rows(training, held, classes) if teaching else (training, held)
    settings = keep_states(settings, taught.items, [*rows.items, *held.items], progress)
    plan, learned = plan_classifier(settings, classes, taught, scored, progress)
    history = learned.history
    tokens = learned.reader(held.items)
    measured = validation_metrics(learned.net, tokens, held.y, classes)
    measured |= linear_accuracy(learned.net, tokens, held.y)
    stopped = history.warnings()
    refitted = settings.refit and len(training) < len(rows)
    if refitted:
        if teaching:
            taught, _ = teaching.rows(rows, rows.take(NO_ROWS), classes)
        all_rows = taught if teaching else rows
        learned, lost = learn_anew(learned, lambda: learn_planned(plan, all_rows, progress))
        refitted, stopped = not lost, [*stopped, *lost]

    used = rows if refitted else training
    asked = len(held) if validation else None
    warnings = stopped + training_warnings(
        measured, classes, np.bincount(used.y, minlength=len(classes)), asked, "rows"
    )
    if teaching:
        if teaching.helps:
            measured["teaching"] = teaching.figures(measured["accuracy"])
        warnings = [*teaching.warnings, *warnings]
    for sentence in stopped:
        warn_caller(sentence)
    chose = [] if plan.folds else held.items
    figures = training_figures(history, began, len(training), len(held), refitted=refitted)
    return {
        "classes_": classes,
        "reader_": learned.reader,
        "model_": without_states(learned.net),
        "metrics_": {**measured, **figures, "folds": plan.folds, "warnings": warnings},
        "_known": KnownRows.of(used.items, chose, settings.seed),
        "_folded": None,
    }
