"""Classify moods in Keras by max pooling, and draw where the maxima are.

    KERAS_BACKEND=torch python examples/keras/max_pooling.py [OUT.html]

The script of the original sibling page on the layers of attnpool: characters, a convolution,
`MaskGlobalMaxPooling1D`, four classes; the rows are the bundled ones. The weight of a character
is the share of dimensions that have their maximum there. The page shows the first texts of the
test rows, right or wrong. Any backend of Keras will do. Needs attnpool[keras].
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import numpy as np

import attnpool
from attnpool.integrations.keras import MaskGlobalMaxPooling1D
from attnpool.text import CharTokenizer, pad

DIM, SHOWN = 64, 12


def build(vocabulary: int, classes: int) -> tuple[keras.Model, keras.Model]:
    """The model that is trained, and the same with the weights beside its answer."""
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(vocabulary, DIM)(ids)
    x = keras.layers.Conv1D(DIM, 3, padding="same", activation="relu")(x)
    vector, weights = MaskGlobalMaxPooling1D()(x, mask=keras.ops.not_equal(ids, 0))
    answer = keras.layers.Dense(classes, activation="softmax")(vector)
    return keras.Model(ids, answer), keras.Model(ids, [answer, weights])


def told_by(text: str, words: tuple[str, ...]) -> np.ndarray:
    """Which characters of the text belong to the words that determine its class."""
    told = np.zeros(len(text), bool)
    for word in words:
        told[text.index(word) : text.index(word) + len(word)] = True
    return told


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "max-pooling.html")
    keras.utils.set_random_seed(0)
    train, test = attnpool.load_demo("moods", "train"), attnpool.load_demo("moods", "test")
    tokenizer, classes = CharTokenizer.train(train.texts[0]), sorted(set(train.labels))

    model, looks = build(tokenizer.size, len(classes))
    model.compile("adam", "sparse_categorical_crossentropy")
    ids, _ = pad(tokenizer.encode(train.texts[0]), np.arange(len(train)))
    numbers = np.array([classes.index(label) for label in train.labels])
    model.fit(ids, numbers, batch_size=32, epochs=15, verbose=0)

    tokens = tokenizer.encode(test.texts[0])
    ids, real = pad(tokens, np.arange(len(test)))
    answers, weights = looks.predict(ids, verbose=0)
    right = np.mean([classes[i] for i in answers.argmax(1)] == np.array(test.labels))
    explanations, found, uniform = [], [], []
    for row, text in enumerate(test.texts[0]):
        spans = tokens.spans[tokens.bounds[row] : tokens.bounds[row + 1]]
        shares = weights[row][real[row]]
        told = told_by(text, test.evidence[row])[spans[:, 0]]
        found.append(shares[told].sum())
        uniform.append(told.mean())
        if row < SHOWN:
            explanations.append(attnpool.Explanation.from_values(
                text, spans, shares, method="max_share", label=test.labels[row],
                probabilities=dict(zip(classes, answers[row].tolist(), strict=True)),
            ))  # fmt: skip
    print(f"accuracy on {len(test)} test rows: {right:.2f}")
    print(f"maxima on the telling words: {np.mean(found):.2f}, uniform {np.mean(uniform):.2f}")
    page = attnpool.render(explanations, title="Moods, max pooling in Keras")
    out.write_text(page, encoding="utf-8")
    print(f"pictures: {out}")


if __name__ == "__main__":
    main()
