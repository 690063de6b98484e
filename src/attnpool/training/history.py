"""What happened in a training, also where it had to stop."""

from __future__ import annotations

from dataclasses import dataclass

from attnpool.errors import InputError
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
        stopped: Where a number was not finite, and which, so that training stopped; "" otherwise.
        advice: What to do about that.
    """

    recipe: Recipe
    best: int
    epochs: int
    scores: tuple[float, ...]
    seconds: float
    texts_per_second: float
    padding_share: float
    stopped: str = ""
    advice: str = ""

    def warnings(self) -> list[str]:
        """What a training that stopped too early says of itself: a sentence, or none."""
        kept = f"the weights of epoch {self.best} are kept"
        if not self.stopped:
            return []
        return [f"training stopped {self.stopped} is not a finite number; {kept}; {self.advice}"]


class DivergedError(InputError):
    """A training that stopped before there were good weights.

    Args:
        where: Where it stopped, and what was not finite there.
        advice: What to do about it.

    Attributes:
        where: The same.
        advice: The same.
    """

    def __init__(self, where: str, advice: str) -> None:
        self.where, self.advice = where, advice
        super().__init__(
            f"training stopped {where} is not a finite number, and there are no good weights yet; "
            f"{advice}"
        )
