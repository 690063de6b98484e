"""How much is measured: for a page, or just to see that all runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes and numbers of repetitions.

    Attributes:
        rounds: Rounds of the quick jobs.
        slow_rounds: Rounds of the slow ones.
        train: The most rows to train on; None for all.
        test: The most rows to answer for; None for all.
        keras_batches: Batches that the Keras pipeline is trained on.
        singles: Texts that are explained one at a time.
        slow_singles: The same for what takes long for each.
        perturbed: Texts explained by methods that ask the model thousands of times.
        growth_rows: Numbers of rows to grow through.
        twin_rows: The most of them that the twin trains on.
        twin_answers: The most of them that it answers for.
        growth_lengths: Lengths to grow through, in characters.
        growth_characters: The characters of each point of them, all texts together.
        growth_heads: Numbers of heads to grow through.
    """

    rounds: int = 5
    slow_rounds: int = 3
    train: int | None = None
    test: int | None = None
    keras_batches: int = 20
    singles: int = 200
    slow_singles: int = 10
    perturbed: int = 3
    growth_rows: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    twin_rows: int = 10_000
    twin_answers: int = 100_000
    growth_lengths: tuple[int, ...] = (10, 100, 1_000, 10_000)
    growth_characters: int = 200_000
    growth_heads: tuple[int, ...] = (1, 2, 4, 8, 16)


QUICK = Scale(
    rounds=1,
    slow_rounds=1,
    train=200,
    test=60,
    keras_batches=1,
    singles=10,
    slow_singles=2,
    perturbed=1,
    growth_rows=(200, 400),
    twin_rows=200,
    twin_answers=200,
    growth_lengths=(10, 100),
    growth_characters=4_000,
    growth_heads=(1, 2),
)
