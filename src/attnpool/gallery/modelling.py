"""A model of the gallery: its parameters in Python and on the command line, and its training."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from attnpool.architectures import texts_per_item
from attnpool.estimators import TextClassifier, TextMatcher
from attnpool.explanation import Explanation
from attnpool.gallery.sources import GalleryRows
from attnpool.progress import Progress


@dataclass(frozen=True, slots=True)
class Design:
    """The parameters of a model.

    Attributes:
        architecture: The architecture of a matcher; empty for a classifier.
        pooling: The pooling.
        heads: The number of attention heads; None: the default of the estimator.
        raw: Whether to skip the clean-up that belongs to the dataset.
    """

    architecture: str = ""
    pooling: str = "attention"
    heads: int | None = None
    raw: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """The attribution methods: the first for all rows, the others for the samples only.

        Where the model looked comes first, as on the original pages, and contribution last.
        """
        looked = ("max_share", "max_sum") if self.pooling == "max" else ("attention",)
        return (*looked, "contribution")

    @property
    def name(self) -> str:
        """A name for a folder."""
        kind = self.architecture or self.pooling
        parts = [kind, *([] if self.heads is None else [str(self.heads)]), *["raw"] * self.raw]
        return "-".join(parts)

    def on(self, cleanup: tuple[str, ...]) -> Design:
        """The same design for rows with this clean-up; `raw` means nothing where there is none."""
        return self if cleanup else replace(self, raw=False)

    def estimator(self, cleanup: tuple[str, ...]) -> TextClassifier | TextMatcher:
        """The estimator, untrained; the same as `attnpool train` makes by `options`."""
        shared: dict[str, Any] = {
            "pooling": self.pooling,
            "cleanup": () if self.raw else cleanup,
            "seed": 0,
        }
        if self.architecture:
            return TextMatcher(architecture=self.architecture, heads=self.heads, **shared)
        return TextClassifier(heads=self.heads, **shared)

    def options(self, cleanup: tuple[str, ...]) -> list[str]:
        """The options of `attnpool train`."""
        told = []
        if self.architecture:
            told += ["--architecture", self.architecture]
        if self.pooling != "attention":
            told += ["--pooling", self.pooling]
        if self.heads is not None:
            told += ["--heads", str(self.heads)]
        for rule in () if self.raw else cleanup:
            told += ["--cleanup", rule]
        return told


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model with its explanations of the test rows.

    Attributes:
        model: The model.
        methods: The attribution methods, see `Design.methods`.
        explanations: One per test row, by the first method.
        seconds: How long training took.
    """

    model: TextClassifier | TextMatcher
    methods: tuple[str, ...]
    explanations: list[Explanation]
    seconds: float

    @property
    def reads(self) -> int:
        """How many texts an item has."""
        return texts_per_item(self.model)

    @property
    def accuracy(self) -> float:
        """The share of correct predictions."""
        return float(np.mean([explanation.correct for explanation in self.explanations]))

    @property
    def overlap(self) -> float | None:
        """How much the heads look at the same tokens, the mean over the test rows."""
        found = [e.overlap for e in self.explanations if e.overlap is not None]
        return float(np.mean(found)) if found else None


def train(rows: GalleryRows, design: Design, progress: Progress | None = None) -> Trained:
    """Train on the training rows and explain the test rows."""
    model = design.estimator(rows.cleanup)
    began = time.perf_counter()
    model.fit(rows.train, rows.train_labels, progress=progress)
    seconds = time.perf_counter() - began
    explanations = model.explain(
        rows.test, labels=rows.test_labels, method=design.methods[0], progress=progress
    )
    return Trained(model, design.methods, explanations, seconds)
