"""fastText as it is used here: characters (English: words) as its words, labels by number."""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class FastText:
    """A trained model; called, it tells the labels of texts.

    Attributes:
        model: The library's own; its labels are places in `names`.
        names: The labels.
        english: Whether words are read, not characters.
    """

    model: Any
    names: list[str]
    english: bool

    def __call__(self, texts: list[str]) -> np.ndarray:
        found = self.model.predict([units(text, english=self.english) for text in texts])[0]
        return np.array([self.names[int(first[0].removeprefix("__label__"))] for first in found])

    def quantise(self, texts: list[str], labels: list[str], kept: int) -> None:
        """Make it small, as fastText's documentation does: prune, train what is left, quantise.

        Args:
            texts: The texts that it was trained on.
            labels: Their labels.
            kept: How many words and n-grams are kept.
        """
        with _training_file(texts, labels, self.names, english=self.english) as file:
            self.model.quantize(file, cutoff=kept, retrain=True, qnorm=True, thread=1, verbose=0)


def fit(
    texts: list[str],
    labels: list[str],
    *,
    english: bool,
    ngrams: int,
    rate: float,
    epochs: int,
    seed: int,
    buckets: int = 2_000_000,
) -> FastText:
    """Train; what comes back tells the labels of further texts."""
    import fasttext as library

    library.FastText.eprint = lambda *_: None
    names = sorted(set(labels))
    with _training_file(texts, labels, names, english=english) as file, _zeroed_memory():
        # One thread: with two its answers change from run to run.
        model = library.train_supervised(
            file,
            lr=rate,
            epoch=epochs,
            wordNgrams=ngrams,
            dim=100,
            bucket=buckets,
            seed=seed,
            thread=1,
            verbose=0,
        )
    return FastText(model, names, english)


def units(text: str, *, english: bool) -> str:
    """What fastText is given of a text: its words, or its characters as words."""
    return " ".join(text.lower().split() if english else "".join(text.split()))


@contextmanager
def _zeroed_memory() -> Iterator[None]:
    """New memory holds zeros, where the C library of GNU can see to it.

    With one thread fastText gives a tenth of its vectors their first values, and leaves the others
    as the memory is: fresh from the system it holds zeros, in a process that ran for long anything.
    """
    perturb, zeros = -6, 0xFF  # M_PERTURB of mallopt, which fills with the complement
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        yield
        return
    mallopt(perturb, zeros)
    try:
        yield
    finally:
        mallopt(perturb, 0)


@contextmanager
def _training_file(
    texts: list[str], labels: list[str], names: list[str], *, english: bool
) -> Iterator[str]:
    numbers = {label: i for i, label in enumerate(names)}
    rows = (
        f"__label__{numbers[label]} {units(text, english=english)}\n"
        for text, label in zip(texts, labels, strict=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        file.write_text("".join(rows), "utf-8")
        yield str(file)
