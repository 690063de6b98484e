import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rounding import assert_close

import attnpool
from attnpool import TextClassifier
from attnpool.explain.methods.contribution import contribution
from attnpool.models.folded import FoldedClassifier, foldable
from attnpool.models.predict import predict_batches

from ..explain.models import make_request, model, ragged

KINDS = {
    "default": {"kernel_sizes": (), "heads": 4, "attention_dim": 3},
    "one head": {"kernel_sizes": (), "ngrams": ()},
    "sparsemax": {"kernel_sizes": (), "heads": 2, "normalizer": "sparsemax", "ngrams": (3,)},
    "entmax": {"kernel_sizes": (), "normalizer": "entmax15"},
    "char_ngrams": {"kernel_sizes": (), "heads": 2, "char_ngrams": True},
    "mean_query": {"kernel_sizes": (), "attention_dim": 3, "pooling": "mean_query"},
    "mean-query sparsemax": {
        "kernel_sizes": (),
        "pooling": "mean_query",
        "normalizer": "sparsemax",
    },
    "linear": {"kernel_sizes": (), "heads": 2, "linear": True},
    "few n-grams": {"kernel_sizes": (), "ngrams": (3, 2), "few": True, "linear": True},
    "linear, no n-grams": {"kernel_sizes": (), "ngrams": (), "linear": True},
    "linear, char_ngrams": {"kernel_sizes": (), "char_ngrams": True, "linear": True},
}
LINEAR = {name: shape.get("linear", False) for name, shape in KINDS.items()}
# A text of 9 tokens: pooled vectors of 6 or 24 numbers, keys of 3, three n-grams a token.
ADDITIONS = 9 + 24 + 6 * 3 + 3
MODELS = {name: model(**shape) for name, shape in KINDS.items()}
FOLDED = {name: FoldedClassifier(made).eval() for name, made in MODELS.items()}
texts = st.lists(st.lists(st.integers(1, 11), max_size=9), min_size=1, max_size=6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("models", [MODELS, FOLDED], ids=["plain", "folded"])
def test_a_masked_token_has_no_effect(kind, models):
    """The last ones: n-grams of the others stay what they are."""
    net, ids = models[kind], torch.tensor([[3, 5, 7, 2, 9, 4]])
    mask = torch.tensor([[True, True, True, True, False, False]])
    with torch.no_grad():
        masked, cut = net(ids, mask), net(ids[:, :4], mask[:, :4])
    assert_close(masked.logits, cut.logits, additions=ADDITIONS)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(texts=texts)
def test_it_answers_as_the_model_does(kind, texts):
    plain = predict_batches(MODELS[kind], ragged(texts), weights=True)
    folded = predict_batches(FOLDED[kind], ragged(texts), weights=True)
    assert_close(folded.logits, plain.logits, additions=ADDITIONS)
    assert_close(folded.weights, plain.weights, additions=ADDITIONS)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(texts=texts)
def test_it_splits_as_the_gradient_does(kind, texts):
    plain = contribution(make_request(MODELS[kind], texts))
    targets = make_request(MODELS[kind], texts).targets
    folded = contribution(make_request(FOLDED[kind], texts, targets))
    assert (plain.linear is not None) == LINEAR[kind]
    for one, other in zip(folded, plain, strict=True):
        if other is not None:
            assert_close(one, other, additions=ADDITIONS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_texts_have_no_answers(kind):
    found = contribution(make_request(FOLDED[kind], []))
    assert predict_batches(FOLDED[kind], ragged([])).logits.shape == (0, 3)
    assert [len(part) for part in found if part is not None] == [0] * (4 if LINEAR[kind] else 3)


def test_words_that_the_vocabulary_lacks_keep_their_char_ngrams():
    rows, words = [[1, 2, 1], [1], [3]], ["unwonderful", "xyz", "filmy"]
    plain = make_request(MODELS["char_ngrams"], rows, unknown=words)
    folded = make_request(FOLDED["char_ngrams"], rows, plain.targets, unknown=words)
    assert_close(folded.predictions.logits, plain.predictions.logits, additions=ADDITIONS)
    values = [contribution(request).values for request in (plain, folded)]
    assert_close(*values, additions=ADDITIONS)
    known = predict_batches(FOLDED["char_ngrams"], ragged(rows)).logits
    assert np.abs(known - folded.predictions.logits).max() > 1e-3  # the character n-grams do count


@pytest.mark.parametrize("kind", ["default", "mean_query"])
def test_padding_may_stand_anywhere(kind):
    made, folded = MODELS[kind], FOLDED[kind]
    ids = torch.tensor([[0, 0, 4, 5, 6], [7, 8, 0, 0, 0], [0, 0, 0, 0, 0]])
    with torch.no_grad():
        for one, other in zip(folded(ids, ids > 0), made(ids, ids > 0), strict=True):
            if one is not None:
                assert_close(one, other, additions=ADDITIONS)


def test_what_cannot_be_folded_is_not():
    for shape in (
        {"kernel_sizes": (2,)},
        {"kernel_sizes": (), "positions": 3},
        {"kernel_sizes": (), "pooling": "max"},
        {"kernel_sizes": (), "equal_length": True},
        {"kernel_sizes": (), "heads": 4},  # 12 numbers to carry, 6 in a vector
    ):
        assert not foldable(model(**shape))
    assert not foldable(model("siamese", kernel_sizes=()))
    assert foldable(MODELS["one head"])


def test_an_estimator_folds_once_and_again_when_weights_change():
    rows, labels = ["房间干净", "隔音太差"] * 20, ["好", "差"] * 20
    clf = TextClassifier(epochs=2).fit(rows, labels)
    before = clf.predict_proba(rows[:2])
    assert clf._ready() is clf._ready()
    assert isinstance(clf._ready(), FoldedClassifier)
    plain = predict_batches(clf.model_, clf.reader_(rows[:2])).logits
    assert_close(predict_batches(clf._ready(), clf.reader_(rows[:2])).logits, plain, additions=128)
    with torch.no_grad():
        clf.model_.head.weight.mul_(-9)  # its part of the logit is small
    after = clf.predict_proba(rows[:2])
    assert np.abs(after - before).max() > 1e-3
    clf.fit(rows, labels)
    np.testing.assert_array_equal(clf.predict_proba(rows[:2]), before)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"faithful": True},
        {"equal_length": True},
        {"positions": True},
        {"normalizer": "entmax15"},
        {"pooling": "average", "attention_dim": None},
    ],
)
def test_an_estimator_answers_as_its_model_whatever_the_options(options):
    rows, labels = ["房间干净", "隔音太差", "早餐不错"] * 20, ["好", "差", "好"] * 20
    clf = TextClassifier(epochs=2, **options).fit(rows, labels)
    plain = predict_batches(clf.model_, clf.reader_(rows[:3]), weights=True)
    found = clf.explain(rows[:3], method="contribution")
    for i, explanation in enumerate(found):
        margin = plain.logits[i].max() - plain.logits[i].mean()
        total = explanation.sides[0].values.sum() + explanation.base + explanation.bias
        assert explanation.logit == pytest.approx(margin, abs=1e-5)
        assert total == pytest.approx(margin, abs=1e-4)


def test_changes_behind_torchs_back_are_seen_and_pickles_are_small():
    rows, labels = ["房间干净", "隔音太差"] * 20, ["好", "差"] * 20
    clf = TextClassifier(epochs=2).fit(rows, labels)
    before = clf.predict_proba(rows[:2])
    clf.model_.head.weight.data.mul_(-9)
    assert np.abs(clf.predict_proba(rows[:2]) - before).max() > 1e-3
    copied = pickle.loads(pickle.dumps(clf))
    assert copied._folded is None
    np.testing.assert_array_equal(copied.predict_proba(rows), clf.predict_proba(rows))


def test_models_made_in_inference_mode_answer(tmp_path):
    rows, labels = ["房间干净", "隔音太差"] * 20, ["好", "差"] * 20
    clf = TextClassifier(epochs=2).fit(rows, labels)
    clf.save(tmp_path / "m")
    with torch.inference_mode():
        found = attnpool.load(tmp_path / "m").predict_proba(rows)
    assert_close(found, clf.predict_proba(rows), additions=128)
