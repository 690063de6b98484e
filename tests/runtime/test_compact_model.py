"""A compact model answers as the model it was made of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attnpool
from attnpool import InputError, TextClassifier

from .conftest import ENGLISH, LABELS, TEXTS

ALPHABET = st.characters(codec=None) | st.sampled_from(
    "房间干净服务太差态度恶劣 wonderful\u200d👍é"
)
ANY = st.lists(st.text(ALPHABET, max_size=40), max_size=6)

MODELS = {
    "characters": ({}, TEXTS, LABELS),
    "words": ({}, ENGLISH, [1, 2, 3, 1] * 6),
    "words without character n-grams": ({"char_ngrams": ()}, ENGLISH, [True, False] * 12),
    "jieba": ({"tokenizer": "jieba"}, TEXTS, LABELS),
    "faithful": ({"faithful": True}, TEXTS, LABELS),
    "faithful words": ({"faithful": True}, ENGLISH, [1.5, 2.5] * 12),
    "clean-up, one head, cut": (
        {"cleanup": ("html",), "heads": 1, "max_length": 6, "normalizer": "sparsemax"},
        TEXTS,
        LABELS,
    ),
    "many classes": ({"heads": 8, "dim": 16}, TEXTS, [f"类{i % 6}" for i in range(30)]),
}


@pytest.fixture(scope="module", params=MODELS)
def pair(request, tmp_path_factory):
    """A model, and its compact form in float32 and int8."""
    params, texts, labels = MODELS[request.param]
    whole = TextClassifier(epochs=3, **params).fit(texts, labels)
    folder = tmp_path_factory.mktemp("pair")
    compact = []
    for dtype in ("float32", "int8"):
        whole.export(folder / f"{dtype}.safetensors", dtype=dtype)
        compact.append(attnpool.load(folder / f"{dtype}.safetensors"))
    return whole, *compact


@settings(max_examples=40, deadline=None)
@given(texts=ANY)
def test_it_predicts_alike(pair, texts):
    whole, exact, small = pair
    before = whole.predict_proba(texts)
    np.testing.assert_allclose(exact.predict_proba(texts), before, atol=1e-5)
    np.testing.assert_allclose(small.predict_proba(texts), before, atol=0.02)
    assert exact.classes_.tolist() == whole.classes_.tolist()
    assert [type(c) for c in exact.classes_.tolist()] == [type(c) for c in whole.classes_.tolist()]


@settings(max_examples=20, deadline=None)
@given(texts=ANY, method=st.sampled_from([None, "attention", "contribution", "leave_one_out"]))
def test_it_explains_alike(pair, texts, method):
    whole, exact, _ = pair
    for one, other in zip(
        exact.explain(texts, method=method), whole.explain(texts, method=method), strict=True
    ):
        assert (one.method, one.target, one.labels) == (other.method, other.target, other.labels)
        for mine, theirs in zip(one.sides, other.sides, strict=True):
            assert mine.text == theirs.text
            assert mine.read_until == theirs.read_until
            np.testing.assert_array_equal(mine.spans, theirs.spans)
            np.testing.assert_allclose(mine.weights, theirs.weights, atol=1e-5)
            np.testing.assert_allclose(mine.values, theirs.values, atol=2e-5)
        np.testing.assert_allclose(one.logit, other.logit, atol=1e-5)
        for part in ("base", "bias", "linear"):
            mine, theirs = getattr(one, part), getattr(other, part)
            assert (mine is None) == (theirs is None)
            if mine is not None:
                np.testing.assert_allclose(mine, theirs, atol=1e-5)


def test_a_class_can_be_asked_for(pair):
    whole, exact, _ = pair
    label = whole.classes_.tolist()[0]
    mine = exact.explain(["房间 wonderful"], target=label, labels=[label], faithfulness=True)[0]
    theirs = whole.explain(["房间 wonderful"], target=label, labels=[label], faithfulness=True)[0]
    assert (mine.target, mine.label) == (theirs.target, theirs.label) == (str(label), str(label))
    if theirs.faithfulness is not None:
        assert mine.faithfulness["comprehensiveness"] == pytest.approx(
            theirs.faithfulness["comprehensiveness"], abs=1e-4
        )


def test_it_keeps_the_figures_and_the_reading(chinese, compact_file):
    compact = attnpool.load(compact_file)
    assert isinstance(compact, attnpool.CompactModel)
    assert isinstance(compact, attnpool.Model)
    assert compact.metrics_["accuracy"] == chinese.metrics_["accuracy"]
    assert compact.reading_ == chinese.reading_
    assert compact.limit_ == chinese.limit_
    assert compact.known_rows(["房间干净"]) is None
    assert compact.score(TEXTS, LABELS) == chinese.score(TEXTS, LABELS)


def test_the_file_names_the_weights_it_was_made_of(chinese, compact_file, tmp_path):
    chinese.save(tmp_path / "model")
    import hashlib

    weights = (tmp_path / "model" / "model.safetensors").read_bytes()
    assert attnpool.load(compact_file).source_["sha256"] == hashlib.sha256(weights).hexdigest()


@pytest.mark.parametrize("method", ["gradient_x_input", "integrated_gradients", "max_share"])
def test_methods_that_need_the_whole_model_are_refused(method, compact_file):
    with pytest.raises(InputError, match="needs the whole model"):
        attnpool.load(compact_file).explain(["房间"], method=method)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"kernel_sizes": (3,)}, "convolutions"),
        ({"positions": True}, "positions"),
        ({"pooling": "max"}, "max pooling"),
        ({"equal_length": True}, "token vectors of equal length"),
    ],
)
def test_what_cannot_be_folded_is_refused(params, why, tmp_path):
    model = TextClassifier(epochs=1, **params).fit(TEXTS, LABELS)
    with pytest.raises(InputError, match=f"{why}.* has no compact form; deploy"):
        model.export(tmp_path / "m.safetensors")
    assert not list(tmp_path.iterdir())


def test_a_matcher_is_refused(tmp_path):
    pairs = list(zip(TEXTS, TEXTS[1:] + TEXTS[:1], strict=True))
    model = attnpool.TextMatcher(epochs=1).fit(pairs, [0, 1] * 15)
    with pytest.raises(InputError, match="a matcher has no compact form"):
        model.export(tmp_path / "m.safetensors")


def test_bad_input_is_refused(compact_file, chinese, tmp_path):
    compact = attnpool.load(compact_file)
    with pytest.raises(InputError, match="one string"):
        compact.predict("房间")
    with pytest.raises(InputError, match="unknown target"):
        compact.explain(["房间"], target="中")
    with pytest.raises(InputError, match="unknown method"):
        compact.explain(["房间"], method="shap")
    with pytest.raises(InputError, match="dtype is 'int4'"):
        chinese.export(tmp_path / "m.safetensors", dtype="int4")
