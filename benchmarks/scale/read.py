"""`python -m benchmarks.scale.read ROWS`: what the reading process of `predict` does with rows."""

from __future__ import annotations

import sys
from collections import deque

import attnpool.data
from attnpool.bulk.local import LIMIT


def main() -> None:
    """Look at all rows, then read them with all columns."""
    rows = attnpool.data.stream(sys.argv[1], text=["text"], labelled=False, originals=True)
    for originals in (False, True):
        deque(rows.chunks(LIMIT, originals=originals), maxlen=0)


if __name__ == "__main__":
    main()
