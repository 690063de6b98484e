"""The rows that everything is measured on, and synthetic ones beyond them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from attnpool.data.demo_rows import load_demo
from benchmarks.sets import load

HOTEL = "ChnSentiCorp_htl_all.csv"


@dataclass(frozen=True, eq=False)
class Rows:
    """Texts to train on and texts to answer for, each with labels."""

    title: str
    train: tuple[list[str], list[str]]
    test: tuple[list[str], list[str]]

    @property
    def characters(self) -> int:
        """The characters of all test texts."""
        return sum(map(len, self.test[0]))

    def describe(self) -> dict:
        """For the record."""
        lengths = [len(text) for text in self.train[0]]
        return {
            "title": self.title,
            "train": len(lengths),
            "test": len(self.test[0]),
            "mean_length": float(np.mean(lengths)),
        }

    def cut(self, train: int | None, test: int | None) -> Rows:
        """The first so many of each."""
        a, b = ((texts[:n], labels[:n]) for (texts, labels), n in self._parts(train, test))
        return replace(self, train=a, test=b)

    def _parts(self, train: int | None, test: int | None):
        return (self.train, train), (self.test, test)


def real(data: Path | None) -> Rows:
    """Hotel reviews, or the bundled reviews where those are not at hand."""
    if data is not None and (data / HOTEL).exists():
        split = load("hotel", data)
        return Rows("hotel reviews", split.train, split.test)
    # Bundled rows come class by class; any beginning of them should have all classes.
    parts = []
    for part in ("train", "test"):
        rows = load_demo("sentiment", part)
        order = np.random.default_rng(0).permutation(len(rows.texts[0]))
        labels = rows.labels or []
        parts.append(([rows.texts[0][i] for i in order], [labels[i] for i in order]))
    return Rows("bundled reviews", *parts)


def synthetic(rows: Rows, count: int, length: int, seed: int = 0) -> Rows:
    """Texts of drawn characters: each from the characters of all real texts of its label.

    So a label can be learned, if never surely; frequencies are those of real text, while
    n-grams are more varied than there.

    Args:
        rows: Where the characters come from.
        count: How many texts there are to train on, and as many to answer for.
        length: The characters of each.
        seed: Decides the draw.
    """
    rng = np.random.default_rng(seed)
    names = sorted(set(rows.train[1]))
    pools = []
    for name in names:
        of_label = (t for t, label in zip(*rows.train, strict=True) if label == name)
        joined = "".join("".join(of_label).split())
        pools.append(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32))

    def draw() -> tuple[list[str], list[str]]:
        chosen = rng.integers(len(names), size=count)
        drawn = np.empty((count, length), np.uint32)
        for number, pool in enumerate(pools):
            own = np.flatnonzero(chosen == number)
            drawn[own] = pool[rng.integers(len(pool), size=(len(own), length))]
        whole = drawn.tobytes().decode("utf-32-le", "surrogatepass")
        texts = [whole[i : i + length] for i in range(0, len(whole), length)]
        return texts, [names[i] for i in chosen.tolist()]

    return Rows(f"{count:,} synthetic texts of {length:,} characters", draw(), draw())
