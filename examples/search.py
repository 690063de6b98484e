"""Find the nearest of many questions in milliseconds: vectors of a matcher and one matrix product.

    python examples/search.py PAIRS [QUESTION ...] [--dataset lcqmc]

Trains a triplet matcher on labelled pairs, embeds every question of the file once, and looks for
those nearest to each QUESTION. For millions of questions put the same vectors into an index
library such as faiss or hnswlib; up to some hundred thousand one product is as fast.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from attnpool import TextMatcher
from attnpool.data import read


class Search:
    """Texts by their vectors."""

    def __init__(self, matcher: TextMatcher, texts: list[str]) -> None:
        self.matcher, self.texts = matcher, texts
        self.vectors = unit(matcher.embed(texts))

    def nearest(self, text: str, k: int = 5) -> list[tuple[float, str]]:
        """The k texts of the largest cosine, the nearest first."""
        cosines = self.vectors @ unit(self.matcher.embed([text]))[0]
        best = np.argpartition(-cosines, min(k, len(cosines) - 1))[:k]
        best = best[np.argsort(-cosines[best])]
        return [(float(cosines[i]), self.texts[i]) for i in best]


def unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pairs")
    parser.add_argument("questions", nargs="*")
    parser.add_argument("--dataset")
    options = parser.parse_intermixed_args()
    rows = read(options.pairs, dataset=options.dataset)
    pairs = list(zip(*rows.texts, strict=True))
    matcher = TextMatcher(architecture="triplet").fit(pairs, rows.labels)
    texts = list(dict.fromkeys([*rows.texts[0], *rows.texts[1]]))
    search = Search(matcher, texts)
    for question in options.questions or texts[:3]:
        began = time.perf_counter()
        found = search.nearest(question)
        took = (time.perf_counter() - began) * 1000
        print(f"{question}  ({len(texts):,} questions, {took:.1f} ms)")
        for cosine, text in found:
            print(f"  {cosine:.3f}  {text}")


if __name__ == "__main__":
    main()
