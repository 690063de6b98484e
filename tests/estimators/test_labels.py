"""Labels keep apart whatever Python keeps apart, from `fit` to a saved model; and class weights."""

import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher
from attnpool.metrics import classification_metrics

# What users see: with signatures checked, half of this is another error.
pytestmark = pytest.mark.usefixtures("unchecked")

TEXTS = [f"clean and nice {i}" if i % 2 else f"noisy bad place {i}" for i in range(40)]
PAIRS = list(zip(TEXTS, TEXTS[::-1], strict=True))
SMALL = {"epochs": 6, "dim": 16, "learning_rate": 0.03}

# Which numpy would merge, or turn into something else.
APART = [
    ("a", "a\0"),
    ("a\0", "a\0\0"),
    ("\0", "\0\0"),
    (2**53, 2**53 + 1),
    (float(2**53), 2**53 + 1),
    (2.5, 2**53 + 1),
    (2**63, 1),
    (-(2**63), 2**64 - 1),
    (2**70, 2**70 + 1),
]


def labels_of(one, other):
    return [one, other] * 20


@pytest.mark.parametrize(("one", "other"), APART, ids=ascii)
def test_different_labels_stay_different_in_every_place(one, other, tmp_path):
    labels = labels_of(one, other)
    model = TextClassifier(**SMALL).fit(TEXTS, labels, validation=(TEXTS, labels))
    assert isinstance(model.classes_, np.ndarray)
    assert model.classes_.tolist() == sorted([one, other])
    model.save(tmp_path / "model")
    loaded = attnpool.load(tmp_path / "model")
    for each in (model, loaded):
        predicted = each.predict(TEXTS).tolist()
        assert predicted == labels
        assert [type(label) for label in predicted] == [type(label) for label in labels]
        for target in (one, other):
            row = each.explain(TEXTS[:1], target=target, labels=[other])[0]
            assert (row.target, row.prediction, row.label) == (str(target), str(one), str(other))
    heavy = TextClassifier(class_weight={one: 1000.0, other: 0.001}, **SMALL).fit(TEXTS, labels)
    assert heavy.predict(["unheard of"]).tolist() == [one]


@pytest.mark.parametrize(("one", "other"), APART, ids=ascii)
def test_the_match_is_the_label_that_was_named(one, other):
    for match in (one, other):
        matcher = TextMatcher(match_label=match, epochs=1, dim=8)
        matcher.fit(PAIRS, labels_of(one, other))
        assert matcher.classes_.tolist()[1] == match


def test_candidates_stay_different():
    matcher = TextMatcher(architecture="label", **SMALL).fit(TEXTS, labels_of("a", "a\0"))
    assert set(matcher.predict(TEXTS, candidates=["a\0", "b\0"]).tolist()) <= {"a\0", "b\0"}


def test_figures_keep_labels_apart_that_differ_in_a_nul():
    found = classification_metrics(["a", "a\0"], ["a", "a"], ["a", "a\0"])
    assert found["accuracy"] == 0.5
    assert found["per_class"]["a\0"]["n"] == 1


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ([True, 0], "[0, 1]"),
        ([1.0, 2], "[1.0, 2.0]"),
        ([-0.0, 1], "[-0.0, 1.0]"),
        ([np.str_("a"), "b"], "['a', 'b']"),
        ([np.int64(3), np.uint64(2**63)], "[3, 9223372036854775808]"),
    ],
)
def test_ordinary_labels_are_as_numpy_has_them(labels, classes):
    model = TextClassifier(epochs=1, dim=8).fit(TEXTS, labels * 20)
    assert str(model.classes_.tolist()) == classes


@pytest.mark.parametrize(
    "label",
    [
        Decimal(1),
        Fraction(1, 2),
        datetime.date(2020, 1, 1),
        np.datetime64("2020-01-01T00:00:00", "ns"),
        np.timedelta64(5, "ns"),
        1j,
        b"a",
        ("a",),
        object(),
    ],
    ids=lambda label: type(label).__name__,
)
def test_what_is_neither_string_nor_number_is_refused_in_one_line(label):
    with pytest.raises(InputError, match=r"^labels\[0\] is [^\n]*$"):
        TextClassifier().fit(TEXTS, labels_of(label, "b"))


@pytest.mark.parametrize(
    "weight",
    [0, 0.0, -1, float("nan"), float("inf"), None, "2", True, 1e300, 1e-300, np.float64("nan")],
)
@pytest.mark.parametrize("classes", [("good",), ("good", "bad")])
def test_a_class_weight_that_training_cannot_use_is_named(weight, classes):
    model = TextClassifier(class_weight=dict.fromkeys(classes, weight))
    with pytest.raises(InputError, match=r"^class_weight of 'good' is [^\n]*; give a number from"):
        model.fit(TEXTS, labels_of("good", "bad"))


@pytest.mark.parametrize("weights", [{}, {"good": 2}, {"good": np.float32(2)}, {"bad": 1e-6}])
def test_labels_without_a_weight_count_once(weights):
    model = TextClassifier(class_weight=weights, epochs=1, dim=8)
    assert len(model.fit(TEXTS, labels_of("good", "bad")).classes_) == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda rate: TextClassifier(learning_rate=rate, epochs=2, dim=8).fit,
        lambda rate: TextMatcher(learning_rate=rate, epochs=2, dim=8).fit,
        lambda rate: TextMatcher(architecture="triplet", learning_rate=rate, epochs=2, dim=8).fit,
    ],
)
@pytest.mark.parametrize("rate", [0, -1, 1e300, 1e39, 101.0, float("nan"), float("inf"), None])
def test_a_learning_rate_that_no_training_survives_is_refused(make, rate):
    fit = make(rate)
    with pytest.raises(InputError, match=r"^learning_rate is [^\n]*; give a number above 0"):
        fit(TEXTS if "Classifier" in repr(fit) else PAIRS, labels_of(0, 1))


def test_a_margin_beyond_floats_is_named():
    with pytest.raises(InputError, match=r"^margin is 1e\+300"):
        TextMatcher(architecture="triplet", margin=1e300).fit(PAIRS, labels_of(0, 1))
