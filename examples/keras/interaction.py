"""Match questions in Keras: each text is pooled by the other, and both attentions are drawn.

    KERAS_BACKEND=torch python examples/keras/interaction.py [OUT.html]

The matching script of the original page on the layers of attnpool: one encoder for both texts,
and `AdditiveAttention1D`, whose query is the mean of the other text; the rows are the bundled
pairs. The page shows both texts of the first test pairs, right or wrong. Any backend of Keras
will do. Needs attnpool[keras].
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import numpy as np

import attnpool
from attnpool.integrations.keras import AdditiveAttention1D, MaskGlobalAveragePooling1D
from attnpool.text import CharTokenizer, pad

DIM, SHOWN = 64, 8
CLASSES = ("不匹配", "匹配")


def build(vocabulary: int) -> tuple[keras.Model, keras.Model]:
    """The model that is trained, and the same with the weights of both texts."""
    sides = [keras.Input((None,), dtype="int32") for _ in range(2)]
    table = keras.layers.Embedding(vocabulary, DIM)
    filters = keras.layers.Conv1D(DIM, 3, padding="same", activation="tanh")
    average, attention = MaskGlobalAveragePooling1D(), AdditiveAttention1D(DIM)
    real = [keras.ops.not_equal(ids, 0) for ids in sides]
    tokens = [filters(table(ids)) for ids in sides]
    means = [average(x, mask=mask)[0] for x, mask in zip(tokens, real, strict=True)]
    (left, left_weights), (right, right_weights) = (
        # Keras fills in `mask` only where a layer takes one tensor; this one is `inputs_mask`.
        attention(x, query, inputs_mask=mask)
        for x, query, mask in zip(tokens, reversed(means), real, strict=True)
    )
    pairs = [(left, right), means]
    apart = [keras.ops.abs(a - b) for a, b in pairs] + [a * b for a, b in pairs]
    hidden = keras.layers.Dense(DIM, activation="relu")(keras.layers.Concatenate()(apart))
    answer = keras.layers.Dense(1, activation="sigmoid")(hidden)
    return keras.Model(sides, answer), keras.Model(sides, [answer, left_weights, right_weights])


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "interaction.html")
    keras.utils.set_random_seed(0)
    train, test = attnpool.load_demo("pairs", "train"), attnpool.load_demo("pairs", "test")
    tokenizer = CharTokenizer.train([*train.texts[0], *train.texts[1]])

    model, looks = build(tokenizer.size)
    model.compile("adam", "binary_crossentropy")
    ids = [pad(tokenizer.encode(side), np.arange(len(train)))[0] for side in train.texts]
    numbers = np.array([CLASSES.index(label) for label in train.labels])
    model.fit(ids, numbers, batch_size=32, epochs=15, verbose=0)

    tokens = [tokenizer.encode(side) for side in test.texts]
    padded = [pad(one, np.arange(len(test))) for one in tokens]
    answers, *weights = looks.predict([ids for ids, _ in padded], verbose=0)
    truth = np.array([CLASSES.index(label) for label in test.labels])
    explanations = []
    for row in range(SHOWN):
        chance = float(answers[row, 0])
        for side, texts in enumerate(test.texts):
            read = slice(*tokens[side].bounds[row : row + 2])
            explanations.append(attnpool.Explanation.from_values(
                texts[row], tokens[side].spans[read], weights[side][row][padded[side][1][row]],
                probabilities={CLASSES[0]: 1 - chance, CLASSES[1]: chance}, label=test.labels[row],
            ))  # fmt: skip
    print(f"accuracy on {len(test)} test pairs: {np.mean((answers[:, 0] > 0.5) == truth):.2f}")
    page = attnpool.render(explanations, title="Pairs of questions, attention in Keras")
    out.write_text(page, encoding="utf-8")
    print(f"pictures: {out}")


if __name__ == "__main__":
    main()
