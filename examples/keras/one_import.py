"""A script of the original page's kind, in which one import was changed.

    KERAS_BACKEND=torch python examples/keras/one_import.py [WEIGHTS.npz]

It was written for the layers of the original page, and called them so:

    from attentionpooling import (

The line that now begins the import of the layers is all that differs: a mask from `Lambda`, two
tensors in a list, max pooling that gives the vector alone, and `weights[:, head]` are as they
were. Weights that were trained before the change are taken over from the file; where there is no
such file, the script trains, and writes it. It prints titles with the colours of the weights.
Any backend of Keras will do. Needs attnpool[keras].
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import numpy as np

import attnpool
from attnpool.integrations.keras.original import (
    AdditiveAttention1D,
    AttentionPooling1D,
    MaskGlobalMaxPooling1D,
    MultiHeadAttentionPooling1D,
)

DIM, HEADS, STEPS, SHOWN = 64, 2, 32, 3
SHADES = (15, 224, 217, 210, 203, 9)  # of 256 terminal colours, white to red


def coloured(text: str, weights: np.ndarray) -> str:
    """The text with one colour per character, for a terminal."""
    shares = weights / weights.max()
    levels = np.rint(shares * (len(SHADES) - 1)).astype(int)
    return "".join(
        f"\033[38;5;{SHADES[level]}m{character}\033[0m"
        for character, level in zip(text, levels, strict=False)
    )


def main() -> None:
    stored = Path(sys.argv[1] if len(sys.argv) > 1 else "one-import.npz")
    keras.utils.set_random_seed(0)
    train, test = attnpool.load_demo("titles", "train"), attnpool.load_demo("titles", "test")
    classes = sorted(set(train.labels))
    numbers = {character: i for i, character in enumerate(sorted(set("".join(train.texts[0]))), 2)}

    def encoded(texts: list[str]) -> np.ndarray:
        ids = np.zeros((len(texts), STEPS), "int32")  # 0 is padding, 1 an unknown character
        for row, text in zip(ids, texts, strict=True):
            found = [numbers.get(character, 1) for character in text[:STEPS]]
            row[: len(found)] = found
        return ids

    ids = keras.Input((STEPS,), dtype="int32")
    mask = keras.layers.Lambda(lambda x: keras.ops.not_equal(x, 0))(ids)
    x = keras.layers.Embedding(len(numbers) + 2, DIM)(ids)
    x = keras.layers.Conv1D(DIM, 3, padding="same", activation="relu")(x)
    peaks = MaskGlobalMaxPooling1D()(x, mask=mask)
    one, attention = AttentionPooling1D(DIM)(x, mask=mask)
    several, heads = MultiHeadAttentionPooling1D(DIM, HEADS)(x, mask=mask)
    asked, answered = AdditiveAttention1D(DIM)([x, peaks], mask=mask)
    pooled = keras.layers.Concatenate()([one, several, asked])
    answer = keras.layers.Dense(len(classes), activation="softmax")(pooled)
    model = keras.Model(ids, answer)
    looks = keras.Model(ids, [attention, heads, answered])

    if stored.exists():
        with np.load(stored) as file:
            model.set_weights([file[name] for name in file.files])
    else:
        labels = np.array([classes.index(label) for label in train.labels])
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(encoded(train.texts[0]), labels, batch_size=32, epochs=10, verbose=0)
        np.savez(stored, *model.get_weights())

    tokens = encoded(test.texts[0])
    answers = model.predict(tokens, verbose=0).argmax(1)
    right = np.mean([classes[i] == label for i, label in zip(answers, test.labels, strict=True)])
    print(f"accuracy on {len(test)} test rows: {right:.2f}")
    weights = looks.predict(tokens, verbose=0)
    print("weights:", *(part.shape for part in weights))
    for row, text in enumerate(test.texts[0][:SHOWN]):
        parts = [part[row, : len(text)] for part in weights]
        print(coloured(text, parts[0].flatten()), "=>", classes[answers[row]])
        for head in range(HEADS):
            print(coloured(text, parts[1][:, head]), f"head {head + 1}")
        print(coloured(text, parts[2].flatten()), "by the query")


if __name__ == "__main__":
    main()
