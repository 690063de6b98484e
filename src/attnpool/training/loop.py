"""The training loop: batches by length, early stopping, best weights kept."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor, nn

from attnpool._shapes import Int
from attnpool.models.draws import draws_from
from attnpool.progress import Progress
from attnpool.training.averaging import TailAverage
from attnpool.training.epochs import Epochs, RowEpochs, Step
from attnpool.training.history import DivergedError, History
from attnpool.training.optimizer import Optimizer
from attnpool.training.recipe import Recipe

_log = logging.getLogger(__name__)

_RATES = ("learning_rate", "table_rate", "encoder_rate", "weight_decay")


def fit(
    model: nn.Module,
    loss: Callable[[Int[np.ndarray, "rows"]], Tensor],
    lengths: Int[np.ndarray, "texts"],
    score: Callable[[], float] | None,
    recipe: Recipe,
    *,
    seed: int,
    until: int | None = None,
    progress: Progress | None = None,
) -> History:
    """Train `model` on rows in memory; see `fit_epochs`.

    Args:
        model: What to train.
        loss: The mean loss of the rows with these numbers, to go down. What it draws by
            `attnpool.models.draws` follows from the seed, the epoch and the step alone.
        lengths: The number of tokens of each training row, by which batches are made.
        score: A validation score of the model as it is, higher is better; None keeps the last
            weights.
        recipe: How long and how fast.
        seed: Decides the order of rows, epoch by epoch, and what the loss draws.
        until: The number of epochs after which to stop, of those the recipe plans.
        progress: Where to show how far it is.
    """
    epochs = RowEpochs(loss, lengths, recipe, seed)
    return fit_epochs(model, epochs, score, recipe, seed=seed, until=until, progress=progress)


def fit_epochs(
    model: nn.Module,
    epochs: Epochs,
    score: Callable[[], float] | None,
    recipe: Recipe,
    *,
    seed: int,
    until: int | None = None,
    progress: Progress | None = None,
) -> History:
    """Train `model` in place and leave it in evaluation mode with its best weights.

    From a share of the updates on, the weights scored and kept are the mean of those since.

    Args:
        model: What to train.
        epochs: The batches of each epoch.
        score: A validation score of the model as it is, higher is better; None keeps the last
            weights.
        recipe: How long and how fast.
        seed: Decides what the loss draws.
        until: The number of epochs after which to stop, of those the recipe plans.
        progress: Where to show how far it is.

    Returns:
        What happened. Training stops where a loss, its gradient or a score is not finite; the best
        weights before that are kept, or without scores those of the last whole epoch.

    Raises:
        DivergedError: It stopped before there were good weights.
    """
    began = time.perf_counter()
    counts = [epochs.count(epoch) for epoch in range(1, recipe.epochs + 1)]
    updates, rates = sum(counts), {name: getattr(recipe, name) for name in _RATES}
    optimizer = Optimizer(model, updates=updates, **rates)
    average = TailAverage(model, start=round(recipe.average_from * updates))
    scores: list[float] = []
    good: dict[str, Tensor] = {}
    stopped, training, done, run = "", 0.0, 0, counts[:until]
    with (progress or Progress()).bar("training", sum(run)) as advance:
        for epoch in range(1, len(run) + 1):
            start = time.perf_counter()
            model.train()
            stopped = _run_epoch((seed, epoch), epochs, optimizer, average, advance)
            training += time.perf_counter() - start
            if stopped:
                break
            average.swap()
            model.eval()
            if score is not None:
                scores.append(score())
            if stopped := _not_finite(model, scores):
                stopped = f"after epoch {epoch}: {stopped}"
                break
            done = epoch
            _log.info("epoch %d of %d, score %s", epoch, len(run), scores[-1] if scores else "none")
            if not scores or scores[-1] >= max(scores):
                _keep(model, good)
            average.swap()
            if scores and done - _best(scores) >= recipe.patience:
                break
    _restore(model, good)
    if done and score is None and not _answers(epochs.any_batch(done), seed):
        stopped, done = f"after epoch {done}: the loss", 0
    if not done:
        raise DivergedError(stopped, _advice(recipe, optimizer, stopped))
    return History(
        recipe=recipe,
        best=_best(scores[:done]) if scores else done,
        epochs=done,
        scores=tuple(scores[:done]),
        seconds=time.perf_counter() - began,
        texts_per_second=done * epochs.rows / training,
        padding_share=epochs.padding_share,
        stopped=stopped,
        advice=_advice(recipe, optimizer, stopped),
    )


def _run_epoch(
    numbers: tuple[int, int],
    epochs: Epochs,
    optimizer: Optimizer,
    average: TailAverage,
    advance: Callable[[int], object],
) -> str:
    """Learn from each batch; where and why that had to stop, "" where it had not.

    Args:
        numbers: The seed and the epoch.
        epochs: The batches.
        optimizer: What updates the weights.
        average: The mean of the weights.
        advance: Called with 1 after each batch.
    """
    _, epoch = numbers
    for step, batch in enumerate(epochs.batches(epoch), 1):
        with draws_from(*numbers, step):
            wrong = optimizer.step(batch())
        if wrong:
            stopped = f"in epoch {epoch}, batch {step} of {epochs.count(epoch)}: {wrong}"
            _log.info("training stopped %s is not a finite number", stopped)
            return stopped
        average.update()
        advance(1)
    return ""


@torch.no_grad()
def _keep(model: nn.Module, good: dict[str, Tensor]) -> None:
    """Copy all that training changes, into the copies where there are some."""
    frozen = {name for name, weight in model.named_parameters() if not weight.requires_grad}
    for name, tensor in model.state_dict().items():
        if name in good:
            good[name].copy_(tensor)
        elif name not in frozen:
            good[name] = tensor.clone()


def _restore(model: nn.Module, good: Mapping[str, Tensor]) -> None:
    """Put the copies back, and leave nothing of a batch that was not learned from."""
    model.zero_grad()
    model.load_state_dict({**model.state_dict(), **good})
    model.eval()


def _not_finite(model: nn.Module, scores: list[float]) -> str:
    """What is not finite of a score and the weights that are trained; "" if all is."""
    if scores and not np.isfinite(scores[-1]):
        return "the score"
    weights = (weight.detach() for weight in model.parameters() if weight.requires_grad)
    return "" if all(bool(weight.sum().isfinite()) for weight in weights) else "a weight"


def _answers(batch: Step, seed: int) -> bool:
    """Whether weights that nothing has scored give a finite loss."""
    with torch.no_grad(), draws_from(seed):
        return bool(batch().isfinite())


def _advice(recipe: Recipe, optimizer: Optimizer, stopped: str) -> str:
    """What to do about a training that stopped; "" if it did not."""
    if not stopped:
        return ""
    if stopped.startswith("in epoch 1, batch 1 "):  # before any update
        return "look at the encoder, and at the weights of the classes"
    rates = f"learning_rate than {recipe.learning_rate}"
    if optimizer.trains_encoder:
        rates += f", or encoder_learning_rate than {recipe.encoder_rate}"
    return f"give a lower {rates}"


def _best(scores: list[float]) -> int:
    """The number of epochs after which the score was highest; of equal ones the last."""
    return len(scores) - int(np.argmax(scores[::-1]))
