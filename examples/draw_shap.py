"""Draw SHAP values of any function from texts to probabilities.

    python examples/draw_shap.py [OUT.html]

SHAP replaces groups of words by "..." in hundreds of ways and shares the change of a probability
out among the words: orange ones raise that of the class predicted, blue ones lower it, and the
values add up to the probability less that of "...". They say what the model does with texts in
which words are missing, as nobody writes them; the picture proves nothing about other texts.
Needs attnpool[train], jieba and shap.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jieba
import shap.maskers
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from attnpool import Explanation, faithfulness_of, load_demo, render


def tokenizer(text: str, **_: Any) -> dict[str, Any]:
    """The words as SHAP wants them: in the manner of a tokenizer of Hugging Face."""
    found = [(word, a, b) for word, a, b in jieba.tokenize(text) if word.isalnum() or word == "..."]
    return {"input_ids": [w for w, _, _ in found], "offset_mapping": [(a, b) for _, a, b in found]}


def words(text: str) -> list[str]:
    found: list[str] = tokenizer(text)["input_ids"]
    return found


WORDS: dict[str, Any] = {"analyzer": words}


def explain(model: Any, texts: list[str]) -> list[Explanation]:
    explainer: Any = shap.Explainer(
        model.predict_proba, shap.maskers.Text(tokenizer, mask_token="...")
    )
    explained = []
    for text, of_text in zip(texts, explainer(texts, silent=True), strict=True):
        chances = model.predict_proba([text])[0]
        best = chances.argmax()
        values, base = of_text.values[:, best], of_text.base_values[best]
        print(f"{values.sum() + base:.6f} = {chances[best]:.6f}  {text}")
        shares = dict(zip(model.classes_, chances, strict=True))
        spans = tokenizer(text)["offset_mapping"]
        explained.append(
            Explanation.from_values(text, spans, values, method="SHAP", probabilities=shares)
        )
    return explained


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "shap.html")
    jieba.setLogLevel("ERROR")
    train, test = load_demo("sentiment"), load_demo("sentiment", "test")
    model = make_pipeline(TfidfVectorizer(**WORDS), LogisticRegression(C=10))
    model.fit(train.texts[0], train.labels)
    print("values + base value = probability")
    explanations = explain(model, test.texts[0][:12])
    out.write_text(render(explanations, title="SHAP values"), encoding="utf-8")
    print(f"By how much the probability falls without the words of the highest values ({out}):")
    for name, one in faithfulness_of(model.predict_proba, explanations).items():
        mean, low, high = one.aopc_comprehensiveness
        print(f"  {name:<7} {mean:.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
