"""The pipeline of the original tf.keras scripts for hotel reviews, in Keras 3.

Characters met 32 times or more; every text padded to the longest of the full file; embeddings of
128, a convolution of width 3, four heads of attention, a hidden layer; Adam, batches of 32 by
chance, weights for classes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.speed.contender import Contender, Trained
from benchmarks.speed.rows import Rows

LONGEST = 2_926
LEAST = 32
BATCH = 32
DIM = 128
HEADS = 4


class TrainedKeras(Trained):
    whole = False

    def __init__(self, vocabulary: dict[str, int], names: Sequence[str]) -> None:
        self.vocabulary, self.names = vocabulary, names
        self.model, self.looks = _models(len(vocabulary) + 2, len(names))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        ids = np.zeros((len(texts), LONGEST), dtype=np.int32)
        for row, text in zip(ids, texts, strict=True):
            found = [self.vocabulary.get(character, 1) for character in text[:LONGEST]]
            row[: len(found)] = found
        return ids

    def answer(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Probabilities and weights in one pass; the scripts take two."""
        return self.looks.predict(self.encode(texts), verbose=0)

    def one(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """As the scripts do it: two calls of `predict`, one for each output."""
        ids = self.encode([text])
        return self.model.predict(ids, verbose=0), self.looks.predict(ids, verbose=0)[1]

    def labels(self, texts: Sequence[str]) -> list[str]:
        return [self.names[i] for i in self.answer(texts)[0].argmax(axis=1)]


class Keras(Contender):
    """Training is measured on some batches of an epoch: it costs the same for each.

    Args:
        batches: How many.
    """

    name = "original pipeline, Keras"
    library = "tensorflow"
    slow = True

    def __init__(self, batches: int = 20) -> None:
        self.batches = batches
        self._trained: TrainedKeras | None = None

    def warm_up(self, rows: Rows) -> None:
        """The vocabulary, the model, its graph: once for all epochs, so not timed."""
        characters = Counter("".join(rows.train[0]))
        known = [c for c, count in characters.items() if count >= LEAST]
        names = sorted(set(rows.train[1]))
        self._trained = TrainedKeras({c: i for i, c in enumerate(known, start=2)}, names)
        self._fit(rows, 1)
        self._trained.answer(rows.test[0][:BATCH])
        self._trained.one(rows.test[0][0])

    def train(self, rows: Rows) -> TrainedKeras:
        if self._trained is None:
            self.warm_up(rows)
        assert self._trained is not None
        self._trained.gone_through = self._fit(rows, self.batches)
        self._trained.note = f"{self.batches} batches of {BATCH}, graph built before"
        return self._trained

    def _fit(self, rows: Rows, batches: int) -> int:
        trained = self._trained
        assert trained is not None
        texts, labels = (column[: batches * BATCH] for column in rows.train)
        numbers = np.array([trained.names.index(label) for label in labels])
        counts = np.bincount(numbers, minlength=len(trained.names))
        balanced = {i: len(numbers) / max(1, len(counts) * n) for i, n in enumerate(counts)}
        trained.model.fit(
            trained.encode(texts),
            np.eye(len(trained.names), dtype=np.float32)[numbers],
            batch_size=BATCH,
            epochs=1,
            class_weight=balanced,
            verbose=0,
        )
        return len(texts)


def _models(vocabulary: int, classes: int) -> tuple[Any, Any]:
    """The model that is trained, and the same with the weights beside its answer."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    from keras import layers, ops

    class Pool(layers.Layer):
        """Means of the steps by several sets of weights; padding by a large negative score."""

        def build(self, shape: Any) -> None:
            self.hidden = layers.Dense(DIM, activation="tanh", use_bias=False)
            self.hidden.build(shape[0])
            self.scores = layers.Dense(HEADS, use_bias=False)
            self.scores.build((*shape[0][:-1], DIM))

        def call(self, inputs: Any) -> Any:
            steps, real = inputs
            padding = 1.0 - ops.expand_dims(ops.cast(real, steps.dtype), -1)
            weights = ops.softmax(self.scores(self.hidden(steps)) - 1e12 * padding, axis=1)
            # Step by step, head by head, as there: all products stand in memory before the sum.
            products = ops.expand_dims(weights, -1) * ops.expand_dims(steps, 2)
            return ops.reshape(ops.sum(products, axis=1), (-1, HEADS * DIM)), weights

    ids = keras.Input((LONGEST,), dtype="int32")
    table = layers.Embedding(vocabulary, DIM, embeddings_initializer="glorot_normal")
    x = layers.Dropout(0.1)(table(ids))
    x = layers.Conv1D(DIM, 3, padding="same", activation="relu")(x)
    pooled, weights = Pool()([x, ops.not_equal(ids, 0)])
    x = layers.Dense(DIM, activation="gelu")(layers.Dropout(0.2)(pooled))
    answer = layers.Dense(classes, activation="softmax")(x)
    model = keras.Model(ids, answer)
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model, keras.Model(ids, [answer, weights])
