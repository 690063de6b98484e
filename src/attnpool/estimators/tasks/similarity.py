"""What a matcher measures besides classes: how near texts are to each other, and their vectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from attnpool._renamed import warn_renamed
from attnpool.errors import InputError
from attnpool.estimators.scikit_learn import check_fitted
from attnpool.estimators.tasks import MatchingTask
from attnpool.explain.items import checked_triplets, texts_by_side
from attnpool.explain.lists import checked_texts
from attnpool.models.predict import embed_texts, predict_batches
from attnpool.text.reader import TextReader


class SimilarityMixin:
    """The methods of `TextMatcher` that measure how near texts are."""

    classes_: np.ndarray
    reader_: TextReader
    model_: Any
    _task: MatchingTask

    def decision_function(self, pairs: Iterable[Any]) -> np.ndarray:
        """One number per pair, higher is nearer: a triplet's similarity, else the log-odds.

        Raises:
            InputError: There are more than two classes, or none of pairs.
        """
        check_fitted(self)
        if self._task.settings.architecture.texts == 1 or len(self.classes_) != 2:
            raise InputError("one number per pair needs pairs of two classes; use predict_proba")
        tokens = self.reader_(texts_by_side(self._task.check(pairs)))
        return self._task.similarity(self.model_, predict_batches(self.model_, tokens).logits)

    def triplet_accuracy(self, triplets: Iterable[Any]) -> float:
        """The share of triplets whose positive is nearer to the anchor than the negative.

        Args:
            triplets: `(anchor, positive, negative)` each.
        """
        checked = checked_triplets(triplets)
        near = self.decision_function([(a, p) for a, p, _ in checked])
        far = self.decision_function([(a, n) for a, _, n in checked])
        return float((near > far).mean()) if checked else float("nan")

    def ordered(self, triplets: Iterable[Any]) -> float:
        """The earlier name of `triplet_accuracy`."""
        warn_renamed("ordered", "triplet_accuracy")
        return self.triplet_accuracy(triplets)

    def embed(self, texts: Iterable[str]) -> np.ndarray:
        """The pooled vector of each text, `(texts, width)`, to search with.

        Raises:
            InputError: The architecture cannot read a text by itself.
        """
        check_fitted(self)
        if not self._task.settings.architecture.embeds:
            name = self._task.settings.architecture.name
            raise InputError(
                f"architecture {name!r} reads no text alone; embed with siamese, triplet or label"
            )
        return embed_texts(self.model_, self.reader_(checked_texts(texts)))
