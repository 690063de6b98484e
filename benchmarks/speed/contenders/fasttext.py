"""fastText on characters, with 1- to 3-grams of them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.contender import Contender, Trained
from benchmarks.speed.rows import Rows

EPOCHS = 25


class TrainedFastText(Trained):
    def __init__(self, model: Any, names: Sequence[str], gone_through: int) -> None:
        self.model, self.names, self.gone_through = model, names, gone_through

    def answer(self, texts: Sequence[str]) -> tuple:
        return self.model.predict([_units(text) for text in texts])

    def labels(self, texts: Sequence[str]) -> list[str]:
        return [
            self.names[int(found[0].removeprefix("__label__"))] for found in self.answer(texts)[0]
        ]


class FastText(Contender):
    """The settings of the accuracy table, on all cores."""

    name = "fastText"
    library = "fasttext"
    weighs = False

    def train(self, rows: Rows) -> TrainedFastText:
        import fasttext

        fasttext.FastText.eprint = lambda *_: None
        texts, labels = rows.train
        names = sorted(set(labels))
        number = {name: i for i, name in enumerate(names)}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "train.txt"
            with file.open("w", encoding="utf-8") as lines:
                for text, label in zip(texts, labels, strict=True):
                    lines.write(f"__label__{number[label]} {_units(text)}\n")
            model = fasttext.train_supervised(
                str(file),
                lr=0.5,
                epoch=EPOCHS,
                wordNgrams=3,
                dim=100,
                thread=os.cpu_count() or 1,
                verbose=0,
            )
        return TrainedFastText(model, names, EPOCHS * len(texts))


def _units(text: str) -> str:
    return " ".join("".join(text.lower().split()))
