"""A compact model answers as the model it was made of."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer

import attnpool
from attnpool import InputError, TextClassifier
from attnpool.errors import MissingLibraryError
from attnpool.estimators.exporting import check_number
from attnpool.models.folded import FoldedClassifier

from .conftest import ENGLISH, LABELS, TEXTS

SAVED = Path(__file__).parents[1] / "estimators" / "saved_models"
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
    """A model, and its compact form in float32, float16 and int8."""
    params, texts, labels = MODELS[request.param]
    whole = TextClassifier(epochs=3, **params).fit(texts, labels)
    folder = tmp_path_factory.mktemp("pair")
    compact = []
    for dtype in ("float32", "float16", "int8"):
        whole.export(folder / f"{dtype}.safetensors", dtype=dtype)
        compact.append(attnpool.load(folder / f"{dtype}.safetensors"))
    return whole, *compact


@settings(max_examples=40, deadline=None)
@given(texts=ANY)
def test_it_predicts_alike(pair, texts):
    whole, exact, half, small = pair
    before = whole.predict_proba(texts)
    np.testing.assert_allclose(exact.predict_proba(texts), before, atol=1e-5)
    tokens = whole.reader_(texts)
    logits = FoldedClassifier(whole.model_).eval().run(tokens).logits
    assert np.abs(small.network_.run(tokens).logits - logits).max(initial=0) <= 0.02
    assert np.abs(half.network_.run(tokens).logits - logits).max(initial=0) <= 0.02
    assert exact.classes_.tolist() == whole.classes_.tolist()
    assert [type(c) for c in exact.classes_.tolist()] == [type(c) for c in whole.classes_.tolist()]


@settings(max_examples=20, deadline=None)
@given(texts=ANY, method=st.sampled_from([None, "attention", "contribution", "leave_one_out"]))
def test_it_explains_alike(pair, texts, method):
    whole, exact, *_ = pair
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
    whole, exact, *_ = pair
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


def test_the_metadata_name_the_types_that_are_in_the_file(pair, tmp_path):
    for compact in pair[1:]:
        names = {t.stored.dtype.name for t in compact.network_.tables().values()}
        assert set(compact.source_["dtype"].split(" and ")) == names
        assert compact.source_["dtype"] == compact.stored
        compact.save(tmp_path / "again.safetensors", overwrite=True)
        assert attnpool.load(tmp_path / "again.safetensors").source_ == compact.source_


@pytest.mark.parametrize("name", ["x.txt", "x", "x.safetensors.bak", "x.pt"])
def test_an_unknown_suffix_is_refused_by_all_that_there_are(name, chinese, tmp_path):
    with pytest.raises(InputError) as raised:
        chinese.export(tmp_path / name)
    ends = "name a file that ends in .safetensors, .html or .onnx"
    assert str(raised.value) == f"{tmp_path / name}: {ends}"


def test_the_file_names_the_weights_it_was_made_of(chinese, compact_file, tmp_path):
    chinese.save(tmp_path / "model")
    import hashlib

    weights = (tmp_path / "model" / "model.safetensors").read_bytes()
    assert attnpool.load(compact_file).source_["sha256"] == hashlib.sha256(weights).hexdigest()


@pytest.mark.parametrize("method", ["gradient_x_input", "integrated_gradients"])
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


@pytest.mark.parametrize("architecture", ["interaction", "alignment", "triplet", "label"])
def test_other_matchers_are_refused(architecture, tmp_path):
    pairs = list(zip(TEXTS, TEXTS[1:] + TEXTS[:1], strict=True))
    items = TEXTS if architecture == "label" else pairs
    model = attnpool.TextMatcher(architecture=architecture, epochs=1).fit(items, [0, 1] * 15)
    for options in ({}, {"min_count": 2}):
        with pytest.raises(InputError, match=f"'{architecture}' has no compact form, only a siam"):
            model.export(tmp_path / "m.safetensors", **options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("method", ["max_share", "max_sum", "closeness", "lcs"])
def test_methods_that_fit_no_such_model_are_refused_without_advice_to_take_it(method, compact_file):
    with pytest.raises(InputError, match="does not fit a compact model") as caught:
        attnpool.load(compact_file).explain(["房间"], method=method)
    assert "folder" not in str(caught.value)


def test_a_label_that_is_no_class_is_wrong_as_in_the_whole_model(chinese, compact_file):
    compact = attnpool.load(compact_file)
    for labels in (["中", "中", "无"], ["好", "中", "无"]):
        assert compact.score(TEXTS[:3], labels) == chinese.score(TEXTS[:3], labels)
    for labels in (["好"], ["好", "", "差"], ["好", 1, "差"]):
        for model in (chinese, compact):
            with pytest.raises(InputError):
                model.score(TEXTS[:3], labels)
    with pytest.raises(InputError, match="fill or drop missing labels"):
        compact.score(TEXTS[:3], ["好", None, "差"])


@pytest.mark.parametrize("name", ["classifier", "classifier-words"])
def test_models_of_earlier_formats_have_a_compact_form(name, tmp_path):
    whole = attnpool.load(SAVED / name)
    whole.export(tmp_path / "m.safetensors", dtype="float32")
    probe = json.loads((SAVED / f"{name}.json").read_text("utf-8"))["probe"]
    compact = attnpool.load(tmp_path / "m.safetensors")
    np.testing.assert_allclose(compact.predict_proba(probe), whole.predict_proba(probe), atol=1e-5)
    with pytest.raises(InputError, match="train it again"):
        whole.export(tmp_path / "n.safetensors", min_count=2)


def test_a_tokenizer_of_hugging_face_is_kept(tmp_path):
    trained = Tokenizer(
        WordPiece({"[UNK]": 0, "房": 1, "##间": 2, "差": 3, "太": 4}, unk_token="[UNK]")
    )
    trained.pre_tokenizer = BertPreTokenizer()
    trained.save(str(tmp_path / "tokenizer.json"))
    whole = TextClassifier(epochs=2, tokenizer=str(tmp_path / "tokenizer.json")).fit(TEXTS, LABELS)
    whole.export(tmp_path / "m.safetensors", dtype="float32")
    compact = attnpool.load(tmp_path / "m.safetensors")
    np.testing.assert_allclose(compact.predict_proba(TEXTS), whole.predict_proba(TEXTS), atol=1e-5)


@pytest.mark.parametrize("options", [{"size": 0}, {"size": True}, {"min_count": -1}], ids=str)
def test_bad_options_are_refused(options, chinese, tmp_path):
    with pytest.raises(InputError, match="give a whole number of at least 1"):
        chinese.export(tmp_path / "m.safetensors", **options)
    assert not list(tmp_path.iterdir())


def test_options_of_other_types_are_refused_and_numbers_of_numpy_are_not():
    for number in ("2MB", 2.5e5, [2], "", float("nan")):
        with pytest.raises(InputError, match="give a whole number of at least 1"):
            check_number("size", number)
    for number in (None, 1, np.int64(30_000), np.int32(2)):
        check_number("size", number)


def test_words_of_a_dictionary_are_named_among_what_it_reveals(tmp_path):
    model = TextClassifier(epochs=1, dictionary=["张三丰", "李四光"]).fit(TEXTS, LABELS)
    model.export(tmp_path / "m.safetensors")
    assert "and 2 words of the dictionary," in attnpool.load(tmp_path / "m.safetensors").reveals


def test_a_compact_file_may_teach(chinese, compact_file):
    taught = TextClassifier(epochs=2).fit(
        TEXTS, LABELS, unlabelled=["房间太差"], teacher=compact_file
    )
    assert taught.metrics_["teaching"]["teacher"] == "reviews"


def test_a_missing_jieba_is_no_damage(tmp_path, monkeypatch):
    model = TextClassifier(epochs=1, tokenizer="jieba", dictionary=["张三丰"]).fit(TEXTS, LABELS)
    model.save(tmp_path / "model")
    model.export(tmp_path / "m.safetensors")

    def missing():
        raise MissingLibraryError('needs jieba; install it with: pip install "attnpool[words]"')

    monkeypatch.setattr("attnpool.text.tokenizers.segmenter._jieba", missing)
    for path in (tmp_path / "m.safetensors", tmp_path / "model"):
        with pytest.raises(MissingLibraryError, match="needs jieba"):
            attnpool.load(path)


def test_nothing_has_no_score(chinese, compact_file):
    for model in (chinese, attnpool.load(compact_file)):
        with pytest.raises(InputError, match="to score"):
            model.score([], [])


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
