"""The engine of a live page reads and answers as Python does."""

from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
import pytest

import attnpool
from attnpool.estimators.exporting import compact_model
from attnpool.explain.removal import Variants, reduced
from attnpool.text.cleanup import RULES

from .node import needs_node, run, units
from .texts import cut_words, every_character, long_words, texts

pytestmark = needs_node

ROWS = tuple(text for text in texts(100, seed=1) if len(text) < 200)
ROWS += ("房间干净 wonderful film", "隔音太差 dull film") * 5
LABELS = ["好", "差 bad", "3"]
CLOSE = 1e-4

READERS = {
    "characters": {"tokenizer": "characters"},
    "characters, cleaned": {"tokenizer": "characters", "cleanup": RULES, "max_length": 30},
    "words": {"tokenizer": "words", "cleanup": ("html",)},
    "words, cut": {"tokenizer": "words", "max_length": 12},
    "clusters": {"tokenizer": "auto", "cleanup": RULES[::-1], "max_length": 30},
}
MODELS = {
    "default": ({}, {}),
    "one head, float16": ({"heads": 1, "normalizer": "sparsemax"}, {"dtype": "float16"}),
    "float32": ({"heads": 2, "normalizer": "entmax15", "linear": False}, {"dtype": "float32"}),
    "entmax15": ({"heads": 3, "normalizer": "entmax15"}, {}),
    "mean_query": ({"pooling": "mean_query", "heads": 1}, {}),
    "mean_query, sparsemax": (
        {"pooling": "mean_query", "heads": 1, "normalizer": "sparsemax", "ngrams": (3,)},
        {"dtype": "float16"},
    ),
    "no n-grams": ({"ngrams": (), "char_ngrams": ()}, {}),
    "2-grams": ({"ngrams": (2,), "char_ngrams": (2, 6)}, {"min_count": 2}),
    "small": ({}, {"size": 70_000}),
    "small mean_query": ({"pooling": "mean_query", "heads": 1}, {"size": 60_000}),
}


@cache
def trained(rows=ROWS, **options):
    labels = [LABELS[i % len(LABELS)] for i in range(len(rows))]
    return attnpool.TextClassifier(epochs=1, refit=False, dim=16, **options).fit(rows, labels)


@cache
def matcher(rows=ROWS, **options):
    items = list(zip(rows, [*rows[2:], *rows[:2]], strict=True))
    labels = [i % 2 for i in range(len(rows))]
    return attnpool.TextMatcher(
        epochs=1, refit=False, **{"dim": 16, "head_dim": 8, "heads": 2, **options}
    ).fit(items, labels)


def asked(items, **more):
    """The requests for these texts, or tuples of texts."""
    return [{"texts": [one] if isinstance(one, str) else [*one], **more} for one in items]


def check_reading(model, given, folder):
    """The tokens of the texts are Python's."""
    _, answers = run(model, asked(given), folder)
    tokens = model.reader_(given)
    assert_read(given, tokens, answers)
    return tokens


def assert_read(given, tokens, answers):
    """The tokens of the texts, all left ones before all right ones."""
    unknown = iter(tokens.unknown)
    found = [answer["sides"][k] for k in range(len(given) // len(answers)) for answer in answers]
    for i, (text, answer) in enumerate(zip(given, found, strict=True)):
        place, own = units(text), slice(*tokens.bounds[i : i + 2])
        starts, ends = tokens.spans[own].T.tolist()
        ids = tokens.ids[own].tolist()
        assert answer["ids"] == ids, ascii(text)
        assert answer["starts"] == [place[start] for start in starts], ascii(text)
        assert answer["ends"] == [place[end] for end in ends], ascii(text)
        assert answer["readUntil"] == place[tokens.read_until[i]], ascii(text)
        words = [next(unknown) for one in ids if one == 1] if tokens.unknown else []
        assert answer["unknown"] == words, ascii(text)


def assert_answered(model, tokens, answers, targets):
    """Logits, probabilities, weights and contributions are those of the numpy runtime."""
    network = model.network_
    chosen = None if targets is None else np.array(targets)
    logits, weights, _ = network.run(tokens, weights=True)
    split = network.split(tokens, chosen)
    for i, answer in enumerate(answers):
        texts = range(i, len(tokens), len(answers))
        own = np.concatenate([np.arange(*tokens.bounds[k : k + 2]) for k in texts])
        assert answer["same"]
        np.testing.assert_allclose(answer["logits"], logits[i], atol=CLOSE)
        powers = np.exp(logits[i] - logits[i].max())
        np.testing.assert_allclose(answer["probabilities"], powers / powers.sum(), atol=CLOSE)
        of_heads = [
            np.array(side["weights"]).reshape(network.shape.heads, -1) for side in answer["sides"]
        ]
        np.testing.assert_allclose(np.concatenate(of_heads, axis=1).T, weights[own], atol=CLOSE)
        if targets is None:
            top_two = np.sort(logits[i])[-2:]
            if np.ptp(top_two) < CLOSE:
                continue  # either may be explained
            assert answer["target"] == logits[i].argmax()
        values = np.concatenate([side["values"] for side in answer["sides"]])
        np.testing.assert_allclose(values, split.values[own], atol=CLOSE)
        assert answer["bias"] == pytest.approx(split.bias[i], abs=CLOSE)
        if split.linear is None:
            assert answer["linear"] is None
        else:
            assert answer["linear"] == pytest.approx(split.linear[i], abs=CLOSE)
        margin = answer["logits"][answer["target"]] - np.mean(answer["logits"])
        assert sum(values) + answer["bias"] == pytest.approx(margin, abs=1e-9)


@pytest.mark.parametrize("kind", READERS)
def test_texts_are_read_as_python_reads_them(kind, tmp_path):
    model = compact_model(trained(**READERS[kind]))
    count = 10_000 if kind in ("characters", "clusters") else 1000
    given = [*texts(count, seed=2, long=300), *cut_words(model.limit_ if model.limit_ < 99 else 12)]
    check_reading(model, given, tmp_path)


@pytest.mark.parametrize("kind", ["characters", "clusters"])
def test_every_character_is_read_as_python_reads_it(kind, tmp_path):
    model = compact_model(trained(**{**READERS[kind], "max_length": 10_000}))
    check_reading(model, [*every_character()], tmp_path)


@pytest.mark.parametrize("kind", ["characters", "words"])
def test_models_that_read_texts_as_they_are(kind, tmp_path):
    model = compact_model(trained(tokenizer=kind, cleanup=RULES))
    model.reader_ = replace(model.reader_, normalizes=False)
    check_reading(model, texts(400, seed=3), tmp_path)


@pytest.mark.parametrize(
    ("kind", "tokenizer"),
    [
        *((kind, "words") for kind in MODELS),
        *((kind, "characters") for kind in ("default", "mean_query", "2-grams", "small")),
    ],
)
def test_models_answer_as_the_numpy_runtime(kind, tokenizer, tmp_path):
    options, export = MODELS[kind]
    model = compact_model(trained(tokenizer=tokenizer, **options), **export)
    given = [*texts(100, seed=4, long=20), *long_words()]
    targets = [i % len(LABELS) for i in range(len(given))]
    requests = asked(given, answers=True)
    about = [{**one, "target": to} for one, to in zip(requests, targets, strict=True)]
    opened, answers = run(model, [*requests, *about], tmp_path)
    assert opened == {
        "classes": [str(name) for name in model.classes_],
        "limit": model.limit_,
        "heads": model.network_.shape.heads,
        "sides": 1,
    }
    tokens = model.reader_(given)
    assert_answered(model, tokens, answers[: len(given)], None)
    assert_answered(model, tokens, answers[len(given) :], targets)


MATCHERS = {
    "default": ({"dim": 32, "heads": 4}, {}),
    "n-grams": ({"kernel_sizes": (), "ngrams": (2, 3)}, {"dtype": "float32"}),
    "all": ({"kernel_sizes": (3, 2), "residual": False, "ngrams": (2,), "heads": 1}, {}),
    "entmax15": ({"kernel_sizes": (1,), "normalizer": "entmax15"}, {"dtype": "float16"}),
    "small": ({"kernel_sizes": (), "ngrams": (2, 3)}, {"size": 60_000}),
}


@pytest.mark.parametrize("tokenizer", ["words", "characters"])
@pytest.mark.parametrize("kind", MATCHERS)
def test_matchers_answer_as_the_numpy_runtime(kind, tokenizer, tmp_path):
    options, export = MATCHERS[kind]
    model = compact_model(matcher(tokenizer=tokenizer, **options), **export)
    given = [*texts(120, seed=6, long=20), *long_words(), "", ""]
    given = given[: len(given) // 2 * 2]
    items = list(zip(given[::2], given[1::2], strict=True))
    items += [("好", ""), ("", "wonderful"), ("房间干净 wonderful",) * 2]
    targets = [i % 2 for i in range(len(items))]
    requests = asked(items, answers=True)
    about = [{**one, "target": to} for one, to in zip(requests, targets, strict=True)]
    opened, answers = run(model, [*requests, *about], tmp_path)
    assert opened["sides"] == 2
    sides = [text for side in zip(*items, strict=True) for text in side]
    tokens = model.reader_(sides)
    assert_read(sides, tokens, answers[: len(items)])
    assert_answered(model, tokens, answers[: len(items)], None)
    assert_answered(model, tokens, answers[len(items) :], targets)


@pytest.mark.parametrize("tokenizer", ["characters", "words"])
def test_tokens_are_removed_as_python_removes_them(tokenizer, tmp_path):
    model = compact_model(trained(tokenizer=tokenizer, max_length=40))
    given = [text for text in texts(200, seed=5) if text]
    tokens, draw = model.reader_(given), np.random.default_rng(0)
    kept = [draw.random(length) < 0.6 for length in tokens.lengths]
    variants = [Variants(i, one[None]) for i, one in enumerate(kept)]
    left = reduced(tokens, 1, variants, masking=False)
    requests = [
        {"texts": [text], "removed": [np.flatnonzero(~one).tolist()], "answers": True}
        for text, one in zip(given, kept, strict=True)
    ]
    _, answers = run(model, requests, tmp_path)
    assert_read(given, left, answers)
    assert_answered(model, left, answers, None)


@pytest.mark.real
def test_real_texts_are_read_and_answered_as_python_does(real_data, tmp_path):
    given = []
    for name in (
        "ChnSentiCorp_htl_all.csv",
        "weibo_senti_100k.csv",
        "rationale_en/yelp_50words.csv",
    ):
        with (real_data / name).open(encoding="utf-8-sig") as file:
            given += [line.rstrip("\n") for line in islice(file, 1, 40_000, 60)]
    for tokenizer in ("characters", "auto"):
        model = compact_model(trained(tuple(given[::20]), tokenizer=tokenizer, cleanup=("html",)))
        _, answers = run(model, asked(given, answers=True), tmp_path)
        tokens = model.reader_(given)
        assert_read(given, tokens, answers)
        assert_answered(model, tokens, answers, None)
