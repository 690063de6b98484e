"""The pairs that matchers are compared on, and the triplets drawn from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attnpool.data import read
from attnpool.data.groups import positive_groups, truths

Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class PairSplit:
    """Pairs with 1 or 0 to train on and to test on; no text stands in both."""

    title: str
    train: tuple[list[Pair], list[int]]
    test: tuple[list[Pair], list[int]]
    extra: tuple[list[Pair], list[int]]

    @property
    def rows(self) -> str:
        return f"{len(self.train[0]):,} / {len(self.test[0]):,}"


def lcqmc(folder: Path) -> PairSplit:
    """LCQMC's dev rows to test, its train rows without any pair that shares a question with them.

    AFQMC's training rows, less the same, are extra rows.
    """
    test = pairs_of(folder / "LCQMC" / "dev.txt", "lcqmc")
    train = pairs_of(folder / "LCQMC" / "train.txt", "lcqmc")
    extra = pairs_of(folder / "AFQMC" / "train.txt", "afqmc")
    return PairSplit("LCQMC", without(train, test), test, without(extra, test))


def pairs_of(file: Path, dataset: str) -> tuple[list[Pair], list[int]]:
    rows = read(file, dataset=dataset)
    pairs = list(zip(*rows.texts, strict=True))
    return pairs, list(map(int, truths(pairs, rows.labels or [])))


def without(
    rows: tuple[list[Pair], list[int]], test: tuple[list[Pair], list[int]]
) -> tuple[list[Pair], list[int]]:
    """The rows neither of whose texts stands in a test row."""
    seen = {text for pair in test[0] for text in pair}
    kept = [(p, y) for p, y in zip(*rows, strict=True) if not seen.intersection(p)]
    return [pair for pair, _ in kept], [label for _, label in kept]


def order_test(rows: tuple[list[Pair], list[int]], seed: int = 0) -> list[tuple[str, str, str]]:
    """(anchor, positive, random negative): one for each pair that matches.

    The negative is any text of the rows outside the anchor's group of matching texts.
    """
    pairs, labels = rows
    groups = positive_groups(pairs, labels)
    texts = list(groups)
    draw = np.random.default_rng(seed)
    triplets = []
    for (anchor, positive), label in zip(pairs, labels, strict=True):
        if label:
            negative = anchor
            while groups[negative] == groups[anchor]:
                negative = texts[draw.integers(len(texts))]
            triplets.append((anchor, positive, negative))
    return triplets


def components(pairs: list[Pair]) -> np.ndarray:
    """A number for each pair; pairs that share a text, by way of others too, have the same."""
    groups = positive_groups(pairs, [1] * len(pairs))
    return np.array([groups[left] for left, _ in pairs])
