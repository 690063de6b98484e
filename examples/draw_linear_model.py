"""Draw a linear model of scikit-learn: what each word adds to the decision.

    python examples/draw_linear_model.py [OUT.html]

A word's value is its coefficient times its TF-IDF: orange words speak for the class predicted,
blue ones against it, and the values and the intercept add up to the decision function. The picture
proves what this model does, not that the word itself is why people like the product: words that
often stand together share a weight by chance. Needs attnpool[train] and jieba.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from attnpool import Explanation, faithfulness_of, load_demo, render


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words are; of English: `[m.span() for m in re.finditer(r"\\w+", text)]`."""
    return [(a, b) for word, a, b in jieba.tokenize(text) if word.isalnum()]


def words(text: str) -> list[str]:
    return [text[a:b] for a, b in spans(text)]


WORDS: dict[str, Any] = {"analyzer": words}


def explain(model: Any, text: str) -> Explanation:
    tfidf, linear = model
    row, names = tfidf.transform([text]).toarray()[0], tfidf.vocabulary_
    parts = row * linear.coef_[0]  # of the words of the vocabulary, for the second class
    found, given = words(text), words(text).count
    values = np.array([parts[names[w]] / given(w) if w in names else 0.0 for w in found])
    shares = dict(zip(linear.classes_, model.predict_proba([text])[0], strict=True))
    total, decision = values.sum() + linear.intercept_[0], model.decision_function([text])[0]
    print(f"{total:+.6f} = {decision:+.6f}  {text}")
    return Explanation.from_values(
        text, spans(text), values if decision > 0 else -values,
        method="coefficient x TF-IDF", probabilities=shares,
    )  # fmt: skip


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "linear-model.html")
    jieba.setLogLevel("ERROR")
    train, test = load_demo("sentiment"), load_demo("sentiment", "test")
    model = make_pipeline(TfidfVectorizer(**WORDS), LogisticRegression(C=10))
    model.fit(train.texts[0], train.labels)
    print("values + intercept = decision function")
    explanations = [explain(model, text) for text in test.texts[0][:12]]
    out.write_text(render(explanations, title="A linear model"), encoding="utf-8")
    print(f"By how much the probability falls without the words of the highest values ({out}):")
    for name, one in faithfulness_of(model.predict_proba, explanations).items():
        mean, low, high = one.aopc_comprehensiveness
        print(f"  {name:<21} {mean:.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
