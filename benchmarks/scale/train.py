"""`python -m benchmarks.scale.train memory|stream ROWS MODEL`: a training, to be measured whole."""

from __future__ import annotations

import sys

import attnpool.data
from attnpool import TextClassifier

EPOCHS = 3


def main() -> None:
    """Train on a folder of labelled parts, and save the model."""
    way, rows, path = sys.argv[1:]
    model = TextClassifier(epochs=EPOCHS)
    if way == "stream":
        model.fit_stream(attnpool.data.stream(rows))
    else:
        table = attnpool.data.read(rows)
        model.fit(table.texts[0], table.labels or [])
    model.save(path)


if __name__ == "__main__":
    main()
