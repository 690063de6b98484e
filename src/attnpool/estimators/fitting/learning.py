"""Rows to a trained network, from top to bottom: read, build, train."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from attnpool.estimators.fitting.encoding import seeded
from attnpool.estimators.networks import build_classifier, build_matcher
from attnpool.estimators.settings import ClassifierSettings, Settings, computing_device
from attnpool.estimators.tasks import MatchingTask
from attnpool.estimators.tasks.classes import classification_loss
from attnpool.estimators.tasks.pairs import Examples
from attnpool.estimators.training_metrics import Learned, log_likelihood
from attnpool.estimators.validation import LabelledRows
from attnpool.explain.items import texts_by_side
from attnpool.models.draws import Initialised
from attnpool.models.predict import item_lengths
from attnpool.progress import Progress
from attnpool.sanitize import counted
from attnpool.text.reader import TextReader
from attnpool.training.history import DivergedError, History
from attnpool.training.loop import fit
from attnpool.training.recipe import Recipe

_log = logging.getLogger(__name__)
_BEGINS = "training on %s, with %d held out, in batches of %d"

_ENCODER_TOKENS = 4_096
"""The most tokens of an update that trains an encoder too, padding included."""


def learn_classifier(
    settings: ClassifierSettings,
    classes: np.ndarray,
    rows: LabelledRows,
    held: LabelledRows,
    progress: Progress | None,
    again: History | None = None,
    until: int | None = None,
) -> Learned:
    """Everything from these rows; held ones choose the best weights, where there are any.

    Args:
        settings: What to build and how to train it.
        classes: The labels.
        rows: What to learn from.
        held: What to score each epoch on.
        progress: Where to show how far it is.
        again: An earlier training: this one takes as many epochs as were best then.
        until: The number of epochs after which to stop, without an earlier training.
    """
    reader, tokens = TextReader.learn(rows.items, settings)
    held_tokens = reader(held.items)
    recipe = again.recipe if again else recipe_for(settings, len(rows), 128)
    _log.info(_BEGINS, counted(len(rows), "row"), len(held), recipe.batch_size)
    device = computing_device(settings.device)
    with Initialised(settings.seed):
        net = build_classifier(settings, reader, tokens, len(classes))
    net.to(device)
    history = _fit(
        settings,
        net,
        classification_loss(net, tokens, rows, classes, settings),
        tokens.lengths,
        (lambda: log_likelihood(net, held_tokens, held)) if len(held) else None,
        recipe,
        seed=settings.seed,
        until=again.best if again else until,
        progress=progress,
    )
    return Learned(reader, net, history)


def learn_matcher(
    task: MatchingTask,
    classes: np.ndarray,
    examples: Examples,
    held: LabelledRows,
    progress: Progress | None,
    again: History | None = None,
) -> Learned:
    """Everything from these examples; held rows choose the best weights, where there are any.

    Args:
        task: What to learn, and with what settings.
        classes: The labels.
        examples: What to learn from.
        held: What to score each epoch on.
        progress: Where to show how far it is.
        again: An earlier training: this one takes as many epochs as were best then.
    """
    settings = task.settings
    names = task.label_texts(classes)
    texts = [*texts_by_side(examples.items), *names]
    reader, tokens = TextReader.learn(texts, settings)
    tokens = tokens.first(len(texts) - len(names))
    held_tokens = reader(texts_by_side(held.items))
    lengths = item_lengths(tokens, len(examples.items[0]))
    recipe = again.recipe if again else recipe_for(settings, len(lengths), task.largest_batch)
    _log.info(_BEGINS, counted(len(lengths), "item"), len(held), recipe.batch_size)
    device = computing_device(settings.device)
    with Initialised(settings.seed):
        net: Any = build_matcher(settings, reader, tokens, len(classes))
    net.to(device)
    ready = task.attach(net, reader, names)
    history = _fit(
        settings,
        net,
        task.loss(ready, tokens, examples),
        lengths,
        (lambda: task.score(ready, held_tokens, held.y)) if len(held) else None,
        recipe,
        seed=settings.seed,
        until=again.best if again else None,
        progress=progress,
    )
    return Learned(reader, ready.eval(), history)


def learn_anew(learned: Learned, again: Callable[[], Learned]) -> tuple[Learned, list[str]]:
    """A model trained on all rows; the one before it, where that training has to stop.

    Args:
        learned: The model before, trained without the validation rows.
        again: Trains on all rows.

    Returns:
        The model, and what to say of a training that stopped.
    """
    try:
        anew = again()
        where, advice = anew.history.stopped, anew.history.advice
    except DivergedError as error:
        where, advice = error.where, error.advice
    else:
        if not where:
            return anew, []
    return learned, [
        f"training on all rows stopped {where} is not a finite number; the model trained without "
        f"the validation rows is kept; {advice}"
    ]


def _fit(settings: Settings, *arguments: Any, **options: Any) -> History:
    with seeded(settings):
        return fit(*arguments, **options)


def recipe_for(settings: Settings, rows: int, largest_batch: int) -> Recipe:
    """How long and how fast to train on so many rows, in batches of so many at most."""
    trains = settings.trains_encoder
    # A graph through all layers of an encoder takes a megabyte or more for each token.
    bounds = {"batch_tokens": _ENCODER_TOKENS} if trains else {}
    return Recipe.for_rows(
        rows,
        largest_batch=min(largest_batch, 32) if trains else largest_batch,
        fewest=3 if trains else 4,
        encoder_rate=settings.encoder_learning_rate,
        epochs=settings.epochs,
        learning_rate=settings.learning_rate,
        patience=settings.patience,
        **bounds,
    )
