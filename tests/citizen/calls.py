"""Every public call that computes, with models of each kind."""

import itertools

import attnpool
from attnpool import TextClassifier, TextMatcher
from attnpool.data import read

TEXTS = ["a wonderful film", "dull and lifeless", "great acting", "the plot is boring"] * 8
LABELS = ["good", "bad"] * 16
PAIRS = list(zip(TEXTS, TEXTS[1:] + TEXTS[:1], strict=True))
TRIPLETS = [(left, right, "a boring plot") for left, right in PAIRS]
FORMATS = ("html", "terminal", "lines", "svg", "png", "markdown", "json")
ARCHITECTURES = ("siamese", "interaction", "alignment", "triplet", "label")

FITS = {
    "classifier": lambda _: TextClassifier(epochs=2, dim=8).fit(TEXTS, LABELS),
    "faithful": lambda _: TextClassifier(epochs=2, dim=8, faithful=True).fit(TEXTS, LABELS),
    "jieba": lambda _: TextClassifier(epochs=1, dim=8, tokenizer="jieba").fit(TEXTS, LABELS),
    "taught": lambda _: TextClassifier(epochs=1, dim=8).fit(
        TEXTS, LABELS, unlabelled=["a dull movie", "a great movie"] * 9, teacher="lsa"
    ),
    **{
        name: lambda _, name=name: TextMatcher(architecture=name, epochs=1, dim=8, head_dim=8).fit(
            TEXTS if name == "label" else PAIRS, LABELS
        )
        for name in ARCHITECTURES
    },
    "triplets": lambda _: TextMatcher(architecture="triplet", epochs=1, dim=8).fit(TRIPLETS),
    "encoder": lambda tiny: TextClassifier(encoder=tiny, epochs=1).fit(TEXTS, LABELS),
    "trained encoder": lambda tiny: TextClassifier(encoder=tiny, epochs=1, train_encoder="all").fit(
        TEXTS, LABELS
    ),
}
COMPACT = ("classifier", "siamese")


def items_of(name):
    return PAIRS if name in (*ARCHITECTURES[:4], "triplets") else TEXTS


def asked(name, model, folder):
    """Calls of a fitted or loaded model by their names."""
    items = items_of(name)
    count = itertools.count()
    calls = {
        "predict": lambda: model.predict(items),
        "predict_proba": lambda: model.predict_proba(items),
        "explain": lambda: model.explain(items[:3]),
        "explain faithfulness": lambda: model.explain(items[:2], faithfulness=True),
        "faithfulness": lambda: model.faithfulness(items[:3]),
        "known_rows": lambda: model.known_rows(items),
        "repr": lambda: repr(model),
        "save": lambda: model.save(folder / f"{next(count)}.safetensors"),
    }
    if name != "triplets":
        calls["score"] = lambda: model.score(items, LABELS)
        calls["report"] = lambda: attnpool.report(model, items, LABELS)
    if not isinstance(model, attnpool.CompactModel):
        calls["gradients"] = lambda: model.explain(items[:2], method="integrated_gradients")
        calls["notebook"] = lambda: model._repr_html_()
        if name in COMPACT:
            for suffix in ("safetensors", "html"):
                calls[f"export {suffix}"] = lambda suffix=suffix: model.export(
                    folder / f"{next(count)}.{suffix}"
                )
    return calls


def drawn(explanations):
    """Calls that draw explanations."""
    calls = {
        f"render {name}": lambda name=name: attnpool.render(explanations, format=name)
        for name in FORMATS
    }
    calls["phrases"] = lambda: attnpool.phrases(explanations)
    calls["notebook"] = lambda: explanations._repr_html_()
    return calls


def beside(folder):
    """Calls that need no model."""
    return {
        "load_demo": lambda: attnpool.load_demo("sentiment"),
        **{f"read {suffix}": lambda s=suffix: read(folder / f"rows.{s}") for suffix in FILES},
        "from_values": lambda: attnpool.Explanation.from_values(
            "good", [(0, 4)], [1.0], method="m"
        ),
        "faithfulness_of": lambda: attnpool.faithfulness_of(
            lambda texts: [[0.4, 0.6]] * len(texts),
            [
                attnpool.Explanation.from_values(
                    "good food", [(0, 4), (5, 9)], [1.0, 0.0], method="m", prediction="good"
                )
            ],
            labels=["bad", "good"],
        ),
    }


FILES = ("csv", "parquet", "xlsx", "jsonl")
