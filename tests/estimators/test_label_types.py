"""Labels of another type with the same value are the same class, wherever labels are given."""

import numpy as np
import pytest

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher
from attnpool.label_values import class_names
from attnpool.metrics import true_classes

TEXTS = ["a b", "c d"] * 10
ONE = [1, 1.0, np.int64(1), np.int8(1), np.float64(1), np.float32(1), True, "1", "1.0"]
PAIRS = [("a b", "a c"), ("d e", "f g")] * 10


@pytest.fixture(scope="module")
def models():
    of = {"numbers": [0, 1], "floats": [0.0, 1.0], "switches": [False, True], "names": ["0", "1"]}
    return {
        name: TextClassifier(epochs=4, dim=8).fit(TEXTS, classes * 10)
        for name, classes in of.items()
    }


CASES = [(classes, one) for classes in ("numbers", "floats", "switches") for one in ONE]
# Two strings are two labels, and True is no number's name.
CASES += [("names", one) for one in ONE if one is not True and one != "1.0"]


@pytest.mark.parametrize(("classes", "one"), CASES, ids=repr)
def test_the_same_value_is_the_same_class(models, classes, one):
    model = models[classes]
    name = str(model.classes_.tolist()[1])
    right = model.predict(["c d"])[0] == model.classes_[1]
    assert model.explain(["c d"], labels=[one])[0].correct == right
    assert model.explain(["c d"], labels=[one])[0].label == name
    assert model.explain(["c d"], target=one)[0].target == name
    assert model.score(["c d"], [one]) == float(right)
    weighted = TextClassifier(epochs=1, dim=4, class_weight={one: 2.0})
    assert (
        weighted.fit(TEXTS, model.classes_.tolist() * 10).classes_.tolist()[1] == model.classes_[1]
    )


@pytest.mark.parametrize("one", ONE, ids=repr)
def test_the_match_label_is_found_by_value(one):
    if isinstance(one, np.generic):
        one = one.item()
    matcher = TextMatcher(epochs=1, dim=4, match_label=one).fit(PAIRS, [1, 2] * 10)
    assert matcher.classes_.tolist() == [2, 1]


def test_a_loaded_model_learns_again_with_weights_by_number(models, tmp_path):
    model = TextClassifier(epochs=1, dim=4, class_weight={1.0: 2.0}).fit(TEXTS, [0, 1] * 10)
    model.save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m").fit(TEXTS, [0, 1] * 10)
    assert again.predict(TEXTS).tolist() == model.predict(TEXTS).tolist()


def test_reports_of_a_data_frame_whose_labels_became_floats(models):
    texts = ["a b", "c d", "a d"]
    right = [float(models["numbers"].predict([text])[0]) for text in texts[:2]]
    page = attnpool.report(models["numbers"], texts, [*right, float("nan")])
    assert "100.0%</dd>" in page


@pytest.mark.parametrize("given", [[1, 2], np.array([1, 2]), [1.5, 2.5], ["x", "y"]])
def test_candidates_keep_their_type(given):
    model = TextMatcher(architecture="label", epochs=1, dim=4).fit(TEXTS, [1, 2] * 10)
    (answer,) = model.predict(["a b"], candidates=given)
    assert answer in list(given)
    assert type(answer) is type(np.asarray(given)[0])
    explained = model.explain(["a b"], candidates=given, target=given[1])[0]
    assert explained.labels == tuple(map(str, given))
    assert explained.target == str(given[1])


def test_rows_without_a_label_have_no_mark(models):
    labels = ["1", "", None, float("nan"), "0"]
    explained = models["names"].explain(["a b"] * 5, labels=labels)
    assert [e.label for e in explained] == ["1", None, None, None, "0"]


@pytest.mark.parametrize("architecture", ["label", None])
def test_a_column_without_any_class_is_no_truth(models, architecture):
    model = models["names"]
    if architecture:
        model = TextMatcher(architecture="label", epochs=1, dim=4).fit(TEXTS, ["x", "y"] * 10)
    with pytest.raises(InputError, match=r"none of the labels \('7', '8'\) is a class"):
        model.explain(["a b", "c d"], labels=["7", "8"])
    with pytest.raises(InputError, match="none of the labels"):
        attnpool.report(model, ["a b", "c d"], ["7", "8"])
    # One of them may be new: then it is wrong.
    known = str(model.classes_[0])
    assert model.explain(["a b", "c d"], labels=[known, "8"])[1].correct is False


def test_labels_are_one_per_text(models):
    for labels in ("01", {0, 1}, {0: 1}, [0]):
        with pytest.raises(InputError):
            models["numbers"].explain(["a b", "c d"], labels=labels)


class NeitherEqualNorDifferent:
    def __eq__(self, other):
        return self

    __ne__ = __eq__
    __hash__ = None

    def __bool__(self):
        raise TypeError


def test_names_by_hand():
    assert class_names([1.0, "1", 2, "x", [1]], [0, 1]) == ["1", "1", "2", "x", "[1]"]
    assert class_names([1, 1.0, "1.0"], ["1", "2"]) == ["1", "1", "1"]
    assert class_names(["1.0"], ["1.0", "1"]) == ["1.0"]
    assert true_classes([NeitherEqualNorDifferent(), 1], 2, [0, 1]) == [None, "1"]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("kind", [TextClassifier, TextMatcher])
def test_a_list_of_rows_to_validate_on_is_not_printed(kind):
    items = ["房间很干净"] * 500 if kind is TextClassifier else [("房间", "干净")] * 500
    with pytest.raises(InputError) as error:
        kind(epochs=1).fit(items, [0, 1] * 250, validation=[items, [0, 1] * 250])
    assert str(error.value) == (
        "validation is list; give a share between 0 and 1, or a tuple (texts, labels)"
    )


class Bars(attnpool.Progress):
    """Remembers how far each bar came."""

    def __init__(self):
        self.totals, self.steps = [], []

    def bar(self, what, total):
        from contextlib import contextmanager

        @contextmanager
        def made():
            self.totals.append(total)
            steps = []
            self.steps.append(steps)
            yield steps.append

        return made()


@pytest.mark.parametrize("kind", [TextClassifier, TextMatcher])
def test_the_bar_goes_on_while_faithfulness_is_measured(kind):
    items = TEXTS if kind is TextClassifier else PAIRS
    model, bars = kind(epochs=1, dim=4).fit(items, [0, 1] * 10), Bars()
    model.explain(items[:5], faithfulness=True, progress=bars)
    model.explain(items[:5], progress=bars)
    assert [sum(steps) for steps in bars.steps] == bars.totals
    assert len(bars.steps[0]) > 20
    assert bars.totals[1] == 5


@pytest.mark.parametrize(
    "label", [b"good", ["good"], ("good",), {"good"}, object, np.datetime64("2020")]
)
def test_what_is_no_label_is_no_class(label):
    assert class_names([label], ["bad", "good"]) == [str(label)]


def test_strings_are_compared_by_value_too():
    assert class_names(["1.0", "0", True], ["0", "1"]) == ["1", "0", "True"]
    assert class_names([2**53 + 1], [2**53, 5]) == [str(2**53 + 1)]


@pytest.mark.parametrize(
    ("classes", "labels"),
    [
        ([0, 1], ["0", "1"]),
        ([0, 1], [0.0, 1.0]),
        (["0", "1"], [0, 1]),
        (["0", "1"], [0.0, 1.0]),
        ([0.0, 1.0], ["0", "1"]),
    ],
)
def test_validation_labels_are_compared_by_value(classes, labels):
    texts = ["good room", "bad room"] * 8
    model = TextClassifier(epochs=1, dim=8)
    model.fit(texts, classes * 8, validation=(texts[:2], labels))
    assert model.score(texts[:2], labels) == model.metrics_["accuracy"]
    assert model.known_rows(texts[:2]).validation == 2
    with pytest.raises(InputError, match="validation row 1 has the label '7'"):
        model.fit(texts, classes * 8, validation=(texts[:2], ["7", "8"]))
