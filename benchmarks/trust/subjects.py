"""What is explained: three sets, a model of each as it comes, and the held rows that are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from attnpool import TextClassifier, TextMatcher
from benchmarks import sets
from benchmarks.matching_sets import lcqmc

NAMES = ("hotel", "thucnews-titles", "lcqmc")
CLASSIFIED = ("hotel", "thucnews-titles")


@dataclass(frozen=True, eq=False)
class Subject:
    """One set.

    Attributes:
        title: Its name on the page.
        kind: `TextClassifier` or `TextMatcher`.
        fixed: The constructor's parameters that belong to the set.
        train: Texts or pairs with their labels.
        test: The same, held.
    """

    title: str
    kind: type[TextClassifier | TextMatcher]
    fixed: Mapping[str, Any]
    train: tuple[list[Any], list[Any]]
    test: tuple[list[Any], list[Any]]

    def fit(self, seed: int, **parameters: Any) -> TextClassifier | TextMatcher:
        return self.kind(**self.fixed, **parameters, seed=seed).fit(*self.train)

    def asked(self, texts: int) -> list[Any]:
        """Held texts or pairs, drawn once: the same for every seed and every variant."""
        held = self.test[0]
        drawn = np.sort(np.random.default_rng(0).permutation(len(held))[:texts])
        return [held[i] for i in drawn.tolist()]


@cache
def subject(name: str, folder: Path) -> Subject:
    """The set of this name from the folder of public files."""
    if name == "lcqmc":
        pairs = lcqmc(folder)
        return Subject("LCQMC, siamese", TextMatcher, {}, pairs.train, pairs.test)
    split = sets.load(name, folder)
    fixed = {"cleanup": split.cleanup}
    return Subject(split.title, TextClassifier, fixed, split.train, split.test)
