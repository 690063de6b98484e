"""fastText as it is used here: characters (English: words) as its words, labels by number."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np


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
) -> Callable[[list[str]], np.ndarray]:
    """Train; what comes back tells the labels of further texts."""
    import fasttext as library

    library.FastText.eprint = lambda *_: None

    def units(text: str) -> str:
        return " ".join(text.lower().split() if english else "".join(text.split()))

    names = sorted(set(labels))
    numbers = {label: i for i, label in enumerate(names)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        rows = zip(texts, labels, strict=True)
        file.write_text(
            "".join(f"__label__{numbers[label]} {units(text)}\n" for text, label in rows), "utf-8"
        )
        # One thread: with two its answers change from run to run.
        model = library.train_supervised(
            str(file),
            lr=rate,
            epoch=epochs,
            wordNgrams=ngrams,
            dim=100,
            bucket=buckets,
            seed=seed,
            thread=1,
            verbose=0,
        )

    def predict(texts: list[str]) -> np.ndarray:
        found = model.predict([units(text) for text in texts])[0]
        return np.array([names[int(first[0].removeprefix("__label__"))] for first in found])

    return predict
