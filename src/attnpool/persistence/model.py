"""`Model`: what every model that `attnpool.load` gives can do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from attnpool.explanation import Explanation
from attnpool.progress import Progress


@runtime_checkable
class Model(Protocol):
    """A fitted model, whatever its kind: it predicts, explains and can be saved.

    `attnpool.load` gives one; `TextClassifier` and `TextMatcher` are two. An item is a text, or a
    pair of texts for a model that compares. Importing this class imports no torch.

    Example:
        >>> import attnpool
        >>> def accuracy(model: attnpool.Model, texts: list[str], labels: list[str]) -> float:
        ...     return float((model.predict(texts) == labels).mean())
    """

    @property
    def classes_(self) -> np.ndarray:
        """The labels, in the order of `predict_proba`."""

    def predict(self, items: Iterable[Any], /) -> np.ndarray:
        """The most probable class of each item."""

    def predict_proba(
        self, items: Iterable[Any], /, *, progress: Progress | None = None
    ) -> np.ndarray:
        """The probability of each class, `(items, classes)`.

        Args:
            items: Texts or pairs.
            progress: Where to show progress; default: nowhere.
        """

    def explain(
        self,
        items: Iterable[Any],
        /,
        method: str | None = None,
        target: Any = None,
        *,
        labels: Iterable[Any] | None = None,
        faithfulness: bool = False,
        progress: Progress | None = None,
    ) -> list[Explanation]:
        """The prediction for each item, and what moved it.

        Args:
            items: Texts or pairs.
            method: One of `attnpool.METHODS`; default: `"contribution"` where the model has it.
            target: The class to explain; default: the predicted one.
            labels: The true classes, if known; None or "" for an item without one.
            faithfulness: Whether to measure how faithful the values are.
            progress: Where to show progress; default: nowhere.
        """

    def save(self, path: str | Path, /, *, overwrite: bool = False) -> None:
        """Write the model so that `attnpool.load` reads it.

        Args:
            path: Where to.
            overwrite: Whether to replace an existing model.
        """
