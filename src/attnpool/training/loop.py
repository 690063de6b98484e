"""The training loop: batches by length, early stopping, best weights kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

from attnpool._shapes import Int
from attnpool.errors import InputError
from attnpool.models.draws import draws_from
from attnpool.progress import Progress
from attnpool.text.batches import padding_share, shuffled_length_batches
from attnpool.training.averaging import TailAverage
from attnpool.training.optimizer import Optimizer
from attnpool.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class History:
    """What happened in training.

    Attributes:
        recipe: How long and how fast.
        best: The number of epochs after which the weights were best, or all of them.
        epochs: The number of epochs run.
        scores: The validation score after each epoch.
        seconds: Wall-clock time of the loop, validation included.
        texts_per_second: Training rows gone through a second of training.
        padding_share: The share of computed token places that held padding.
    """

    recipe: Recipe
    best: int
    epochs: int
    scores: tuple[float, ...]
    seconds: float
    texts_per_second: float
    padding_share: float


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
    """Train `model` in place and leave it in evaluation mode with its best weights.

    From a share of the updates on, the weights scored and kept are the mean of those since.

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

    Returns:
        What happened.

    Raises:
        InputError: The score is no longer a finite number.
    """
    began = time.perf_counter()
    epochs = _plan(lengths, recipe, seed)
    updates = sum(map(len, epochs))
    rates = {name: getattr(recipe, name) for name in _RATES}
    optimizer = Optimizer(model, updates=updates, **rates)
    average = TailAverage(model, start=round(recipe.average_from * updates))
    scores: list[float] = []
    best: dict[str, Tensor] = {}
    training = 0.0
    run = epochs[:until]
    with (progress or Progress()).bar("training", sum(map(len, run))) as advance:
        for done, batches in enumerate(run, 1):
            start = time.perf_counter()
            model.train()
            for step, rows in enumerate(batches, 1):
                with draws_from(seed, done, step):
                    optimizer.step(loss(rows))
                average.update()
                advance(1)
            training += time.perf_counter() - start
            if score is None:
                continue
            average.swap()
            model.eval()
            scores.append(score())
            if not np.isfinite(scores[-1]):
                raise _diverged(recipe, f" in epoch {done}")
            if scores[-1] >= max(scores):
                best = _trained_state(model)
            average.swap()
            if done - _best(scores) >= recipe.patience:
                break
    if best:
        model.load_state_dict({**model.state_dict(), **best})
    else:
        average.swap()
        _check_finite(model, recipe)
    model.eval()
    return History(
        recipe=recipe,
        best=_best(scores) if scores else done,
        epochs=done,
        scores=tuple(scores),
        seconds=time.perf_counter() - began,
        texts_per_second=done * len(lengths) / training,
        padding_share=padding_share(lengths, epochs[0]),
    )


def _plan(
    lengths: Int[np.ndarray, "texts"], recipe: Recipe, seed: int
) -> list[list[Int[np.ndarray, "rows"]]]:
    """The batches of every epoch; those of one do not depend on the epochs before it."""
    size, tokens = recipe.batch_size, recipe.batch_tokens
    return [
        shuffled_length_batches(
            lengths, size, np.random.default_rng([seed, epoch]), max_tokens=tokens
        )
        for epoch in range(1, recipe.epochs + 1)
    ]


def _trained_state(model: nn.Module) -> dict[str, Tensor]:
    """Copies of all that training changes."""
    frozen = {name for name, weight in model.named_parameters() if not weight.requires_grad}
    state = model.state_dict().items()
    return {name: tensor.clone() for name, tensor in state if name not in frozen}


def _check_finite(model: nn.Module, recipe: Recipe) -> None:
    """Where nothing is scored nobody else would see it."""
    if not all(bool(weight.isfinite().all()) for weight in model.parameters()):
        raise _diverged(recipe)


def _diverged(recipe: Recipe, where: str = "") -> InputError:
    advice = f"give a lower learning_rate than {recipe.learning_rate}"
    return InputError(f"training diverged{where}; {advice}")


def _best(scores: list[float]) -> int:
    """The number of epochs after which the score was highest; of equal ones the last."""
    return len(scores) - int(np.argmax(scores[::-1]))
