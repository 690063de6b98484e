"""`make bench`: texts a second on the bundled reviews, side by side with TF-IDF + LR.

Each contender in turn, over and over; medians, and the ratio to this project's own. The numbers
are for the machine they were made on; the ratios travel better.
"""

from __future__ import annotations

import statistics
import time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from attnpool import TextClassifier
from attnpool.data.demo_rows import load_demo

ROUNDS = 5
COPIES = 20


def main() -> None:
    rows = load_demo("sentiment", "train")
    texts, labels = rows.texts[0], rows.labels
    many = texts * COPIES
    model = TextClassifier().fit(texts, labels)
    baseline = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 2)), LogisticRegression(C=10)
    ).fit(texts, labels)
    jobs = {
        "attnpool, train": (lambda: TextClassifier(epochs=4).fit(texts, labels), 4 * len(texts)),
        "attnpool, predict": (lambda: model.predict(many), len(many)),
        "attnpool, explain": (lambda: model.explain(many), len(many)),
        "TF-IDF + LR, predict": (lambda: baseline.predict(many), len(many)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, (job, _n) in jobs.items():
            began = time.perf_counter()
            job()
            seconds[name].append(time.perf_counter() - began)
    own = statistics.median(seconds["attnpool, predict"])
    print(f"{len(texts)} reviews of {sum(map(len, texts)) / len(texts):.0f} characters")
    for name, (_, n) in jobs.items():
        median = statistics.median(seconds[name])
        print(f"{name:22} {n / median:10,.0f} texts a second   {median / own:5.2f} × predict")


if __name__ == "__main__":
    main()
