"""attnpool's own `TextClassifier`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attnpool import TextClassifier
from attnpool.explanation import Explanation
from benchmarks.speed.contender import Contender, Trained
from benchmarks.speed.rows import Rows

PLAINER: Mapping[str, Any] = {
    "linear": False,
    "dim": 128,
    "attention_dim": None,
    "kernel_sizes": (3,),
    "heads": 1,
    "ngrams": (),
}
"""The shape of the original scripts: embeddings of 128, a convolution of width 3, one head."""


class TrainedOurs(Trained):
    def __init__(self, model: TextClassifier) -> None:
        self.model = model
        done = model.metrics_
        self.gone_through = done["n_train"] * done["epochs"]
        if done["refitted"]:  # once more, with validation's rows
            self.gone_through += (done["n_train"] + done["n_validation"]) * done["best_epoch"]

    def answer(self, texts: Sequence[str]) -> list[Explanation]:
        return self.model.explain(texts, method="attention")

    def labels(self, texts: Sequence[str]) -> list[str]:
        return self.model.predict(texts).tolist()


class Ours(Contender):
    """The estimator with some parameters other than the defaults, or none."""

    def __init__(self, name: str = "attnpool", **params: Any) -> None:
        self.name = name
        self.given = params

    def train(self, rows: Rows) -> TrainedOurs:
        return TrainedOurs(TextClassifier(**self.given).fit(*rows.train))

    def shortened(self) -> Ours:
        return Ours(self.name, **{**self.given, "epochs": 1})
