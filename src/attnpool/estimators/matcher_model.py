"""How a matcher learns: rows to items, items to a trained model, whatever the architecture."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from itertools import chain
from typing import Any

import numpy as np
from torch import Tensor, nn

from attnpool.data.convert import to_triplets
from attnpool.errors import InputError
from attnpool.estimators import matching
from attnpool.estimators.architectures import ARCHITECTURES, LONGEST
from attnpool.estimators.base import TextModel, figures
from attnpool.estimators.inputs import (
    Label,
    checked_labels,
    checked_texts,
    class_numbers,
    distinct_classes,
)
from attnpool.estimators.pairs import by_side, checked_items, checked_ranking
from attnpool.models.config import MatcherConfig
from attnpool.models.predict import item_lengths
from attnpool.progress import Progress
from attnpool.text import Tokens
from attnpool.training.loop import History

Items = list[tuple[str, ...]]
Validation = float | tuple[Iterable[Any], Iterable[Label]] | None


class MatcherModel(TextModel):
    """What `TextMatcher` does behind its public methods."""

    architecture: str
    symmetric: bool | None
    match_label: Label | None
    distance: str
    margin: float
    negatives: str
    anchor_as_positive: bool
    n_negatives: int | None
    head_dim: int
    dropout: float
    label_smoothing: float

    shape = MatcherConfig

    def _fit(
        self,
        items: Iterable[Any],
        labels: Iterable[Label] | None,
        validation: Validation,
        progress: Progress | None,
    ) -> None:
        began = time.perf_counter()
        given: Items | None = None
        if labels is None:
            given, held_triplets = self._given_triplets(items, validation)
            rows, y = _as_pairs(given)
            held, held_y = _as_pairs(held_triplets)
            self.classes_ = np.array([0, 1])
            every, of_every = rows, y
        else:
            rows = self._checked(items)
            names = checked_labels(labels, len(rows))
            self.classes_ = self._classes(names)
            y = class_numbers(names, self.classes_, "training")
            every, of_every = rows, y
            rows, y, held, held_y = self._split(rows, y, validation)
        history, left_out = self._learn(rows, y, held, held_y, progress, given=given)
        if self.architecture == "triplet":
            judged = held if len(set(held_y.tolist())) == 2 else rows
            of_judged = held_y if judged is held else y
            matching.calibrate(self.model_, self._item_tokens(judged), of_judged)
        metrics = self._validation_metrics(self._item_tokens(held), held_y)
        # The threshold of triplets wants rows that the weights have not seen.
        refitted = self.refit and self.architecture != "triplet" and len(rows) < len(every)
        if refitted:
            self._learn(every, of_every, [], of_every[:0], progress, again=history)
        self.metrics_ = {
            **metrics,
            **figures(history, began, len(y), len(held_y), refitted=refitted),
            **left_out,
        }

    def _learn(
        self,
        rows: Items,
        y: np.ndarray,
        held: Items,
        held_y: np.ndarray,
        progress: Progress | None,
        *,
        given: Items | None = None,
        again: History | None = None,
    ) -> tuple[History, dict[str, int]]:
        """Everything from these rows; held ones choose the best weights, where there are any.

        Also says how many rows were left out, and why.
        """
        items, left_out = given or rows, {}
        if self.architecture == "triplet" and given is None:
            triplets = to_triplets(
                rows,
                y.tolist(),
                seed=int(self.seed),
                anchor_as_positive=self.anchor_as_positive,
            )
            items = list(triplets)
            left_out = {"contradictory": triplets.contradictory}
        sides = len(items[0])
        known_names = self._names() if self.architecture == "label" else []
        tokens = self._learn_texts([*chain(*by_side(items, sides)), *known_names])
        label_tokens = self._tokens(known_names)
        tokens = tokens.first(len(items) * sides)
        held_tokens = self._item_tokens(held)

        def loss() -> Callable[[np.ndarray], Tensor]:
            model = self.model_
            if self.architecture == "label":
                model.labels = matching.labels(model, label_tokens)
                return matching.label_loss(model, tokens, y, self.n_negatives, self.label_smoothing)
            if self.architecture == "triplet":
                groups = matching.groups(rows, y, items)
                return matching.triplet_loss(model, tokens, groups, self.margin, self.negatives)
            two_ways = len(self.classes_) == 2 if self.symmetric is None else self.symmetric
            return matching.pair_loss(model, tokens, y, two_ways, self.label_smoothing)

        history = self._train(
            lambda: self._build(tokens),
            loss,
            item_lengths(tokens, sides),
            (lambda: matching.score(self._ready(), held_tokens, held_y)) if len(held) else None,
            progress,
            largest_batch=128 if self.architecture == "label" else 32,
            again=again,
        )
        return history, left_out

    def _given_triplets(self, items: Iterable[Any], validation: Validation) -> tuple[Items, Items]:
        """Triplets to train on, and those to validate on."""
        if self.architecture != "triplet":
            raise InputError("labels are missing; only architecture 'triplet' trains without")
        triplets = checked_items(items, 3)
        if not triplets:
            raise InputError("no triplets to train on; give (anchor, positive, negative)")
        if all(positive == negative for _, positive, negative in triplets):
            raise InputError(
                f"in all {len(triplets)} triplets positive and negative are the same text, so "
                "there is nothing to learn; give a negative that does not match the anchor"
            )
        if isinstance(validation, tuple):
            return triplets, checked_items(validation[0], 3)
        kept, _, held, _ = self._split(triplets, np.zeros(len(triplets), np.int64), validation)
        return kept, held

    def _classes(self, names: np.ndarray) -> np.ndarray:
        """The classes, the match last."""
        of_labels = self.architecture == "label"
        classes = distinct_classes(names, "texts" if of_labels else "pairs", once=of_labels)
        if self.architecture == "triplet" and len(classes) != 2:
            raise InputError(f"triplets need pairs of two labels, not {len(classes)}")
        if self.match_label is None:
            return classes
        if len(classes) != 2 or self.match_label not in classes.tolist():
            known = ", ".join(map(str, classes.tolist()))
            raise InputError(
                f"match_label is {self.match_label!r}; give one of two labels: {known}"
            )
        return np.sort(classes)[:: -1 if classes[0] == self.match_label else 1].copy()

    def _checked(self, items: Iterable[Any]) -> Items:
        if self.architecture == "label":
            return [(text,) for text in checked_texts(items)]
        return checked_items(items, 2)

    def _names(self) -> list[str]:
        return [str(name) for name in self.classes_.tolist()]

    def _split(
        self, rows: Items, y: np.ndarray, validation: Validation
    ) -> tuple[Items, np.ndarray, Items, np.ndarray]:
        """Rows and classes to train on, and those to validate on."""
        if isinstance(validation, tuple):
            held = self._checked(validation[0])
            names = checked_labels(validation[1], len(held))
            return rows, y, held, class_numbers(names, self.classes_, "validation")
        kept, held_rows = self._held_out(y, validation)
        return [rows[i] for i in kept], y[kept], [rows[i] for i in held_rows], y[held_rows]

    def _build(self, tokens: Tokens) -> nn.Module:
        encoder, known = self._learn_encoder(tokens)
        config = MatcherConfig(
            encoder=encoder,
            architecture=self.architecture,
            classes=len(self.classes_),
            dropout=self.dropout,
            head_dim=self.head_dim,
            distance=self.distance,
            **self._attention(self.pooling, int(self.heads)),
        )
        return self._make(config, *known)

    def _longest(self) -> int:
        return LONGEST.get(self.architecture, super()._longest())

    def _make(self, shape: Any, *known: Any) -> nn.Module:
        return ARCHITECTURES[shape.architecture](shape, *known)

    def _item_tokens(self, rows: Items) -> Tokens:
        sides = 1 if self.architecture == "label" else 2
        return self._tokens(chain(*by_side(rows, sides)))

    def _ready(self, ranked: Sequence[Label] | None = None) -> Any:
        """The model; of labels a copy, sharing all weights, that ranks these."""
        if self.architecture != "label":
            if ranked is not None:
                raise InputError("only architecture 'label' ranks labels that it is given")
            return self.model_
        names = self._names() if ranked is None else checked_ranking(ranked)
        model = copy(self.model_)
        model.labels = matching.labels(model, self._tokens(names))
        return model


def _as_pairs(triplets: Items) -> tuple[Items, np.ndarray]:
    """Each anchor with its positive, which matches, and with its negative, which does not."""
    pairs: Items = [(a, b) for a, p, n in triplets for b in (p, n)]
    return pairs, np.tile(np.array([1, 0], dtype=np.int64), len(triplets))
