"""The majority class beside accuracies, warnings in words, and labels in the order shown."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from attnpool.metrics import (
    AreaSums,
    ClassificationSums,
    accuracy_note,
    accuracy_warnings,
    classification_metrics,
    display_order,
    evaluation_warnings,
    majority_class,
    row_warnings,
    triplet_warnings,
)


def test_the_majority_class_is_the_most_frequent_true_one():
    found = classification_metrics(["a", "b", "b", "b"], ["a", "a", "a", "b"], ["a", "b"])
    assert (found["majority_class"], found["majority_accuracy"]) == ("b", 0.75)
    assert accuracy_note(found) == "accuracy 0.500, majority class (b): 0.750, macro F1 0.500"
    found["majority_class"] = "很长的名字" * 40
    assert len(accuracy_note(found)) < 120
    assert majority_class(["b", "a"], ["a", "b"]) == ("a", 0.5)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("kind", [str, int])
def test_the_figures_are_those_of_scikit_learn(seed, kind):
    """Also where a class of the model has no rows, is never predicted, or is none of its own."""
    rng = np.random.default_rng(seed)
    known = [kind(i) for i in range(int(rng.integers(1, 9)))]
    occur = [*rng.permutation(known)[: rng.integers(1, len(known) + 1)], *[kind(99)] * (seed % 2)]
    rows = int(rng.integers(1, 60))
    truth = list(map(kind, rng.choice(occur, rows)))
    predicted = list(map(kind, rng.choice(known, rows)))
    found = classification_metrics(truth, predicted, known)
    names = [kind(name) for name in found["per_class"]]
    assert set(names) == {*known, *truth}
    theirs = precision_recall_fscore_support(truth, predicted, labels=names, zero_division=0)
    for name, *figures in zip(names, *theirs, strict=True):
        assert list(found["per_class"][str(name)].values()) == figures
    assert found["accuracy"] == accuracy_score(truth, predicted)
    macro = f1_score(truth, predicted, average="macro", zero_division=0)
    assert found["macro_f1"] == pytest.approx(macro, rel=1e-12)


def test_names_that_numpy_takes_for_one_are_two():
    found = classification_metrics(["a", "a\0"], ["a\0", "a\0"], ["a", "a\0"])
    assert found["accuracy"] == 0.5
    assert [of["n"] for of in found["per_class"].values()] == [1, 1]


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["1", "10", "2"], ["1", "2", "10"]),
        ([10, 9, -1], [-1, 9, 10]),
        (["-1", "0.5", "1e0"], ["-1", "0.5", "1e0"]),
        (["10", "9", "other"], ["10", "9", "other"]),
        (["nan", "1", "0"], ["nan", "1", "0"]),
        ([], []),
    ],
)
def test_numbers_are_shown_by_size_and_other_labels_as_they_are(labels, shown):
    assert display_order(labels) == shown


def test_per_class_is_in_numeric_order():
    labels = ["1", "10", "2"]
    assert list(classification_metrics(labels, labels, labels)["per_class"]) == ["1", "2", "10"]


def test_few_rows_and_small_classes_are_warned_of():
    assert row_warnings({"a": 25, "b": 25}) == []
    assert row_warnings({"a": 45, "b": 4}, "training rows") == [
        "only 49 training rows; results from fewer than 50 are not reliable",
        "class with fewer than 5 training rows: 'b' (4)",
    ]
    assert row_warnings({"a": 1}, "training pairs", 1)[0].startswith(
        "only 1 training pair and 1 validation pair; "
    )
    many = Counter({str(i): 1 for i in range(60)})
    (message,) = row_warnings(many)
    assert message.startswith("classes with fewer than 5 rows: '0' (1), '1' (1), '2' (1)")
    assert message.endswith(" and 52 more")
    assert "\n" not in row_warnings({"a\nb": 1})[1]


def test_few_validation_rows_are_warned_of():
    counts = {"a": 50, "b": 50}
    assert row_warnings(counts, "training rows", 50) == []
    assert row_warnings(counts, "training rows", 8) == [
        "only 8 validation rows; results from fewer than 50 are not reliable"
    ]
    assert row_warnings({"a": 40}, "training rows", 4) == [
        "only 40 training rows and 4 validation rows; results from fewer than 50 are not reliable"
    ]


@pytest.mark.parametrize(("share", "warned"), [(0.5, True), (0.4, True), (0.51, False)])
def test_triplets_ordered_no_better_than_chance_are_warned_of(share, warned):
    found = [f"no better than chance: {share:.3f} ordered right, chance 0.500"] * warned
    assert triplet_warnings(share, 50) == found
    few = "only 49 triplets; results from fewer than 50 are not reliable"
    assert triplet_warnings(share, 49) == [few, *found]


@pytest.mark.parametrize(("accuracy", "warned"), [(0.6, True), (0.5, True), (0.61, False)])
def test_a_model_no_better_than_the_majority_class_is_warned_of(accuracy, warned):
    figures = {"accuracy": accuracy, "majority_accuracy": 0.6, "majority_class": "a"}
    assert bool(accuracy_warnings(figures)) == warned
    assert accuracy_warnings({"accuracy": None}) == []


def test_evaluated_rows_are_warned_of():
    truth = ["a"] * 40 + ["b"] * 20
    assert evaluation_warnings(classification_metrics(truth, truth, ["a", "b"])) == []
    found = evaluation_warnings(classification_metrics(truth, ["a"] * 60, ["a", "b", "c"]))
    assert found == [
        "class with fewer than 5 rows: 'c' (0)",
        "no better than always predicting the majority class 'a': "
        "accuracy 0.667, majority class 0.667",
    ]


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abc")), min_size=1),
    st.lists(st.integers(0, 30), max_size=5),
)
def test_sums_of_chunks_are_the_figures_of_all_rows(rows, cuts):
    """Classes that are missing in a chunk, empty chunks, and labels the model does not know."""
    truth, predicted = map(list, zip(*rows, strict=True))
    sums = ClassificationSums()
    ends = [0, *sorted(cut for cut in cuts if cut < len(rows)), len(rows)]
    for start, end in pairwise(ends):
        sums.add(truth[start:end], predicted[start:end])
    whole = classification_metrics(truth, predicted, ["a", "b", "c"])
    assert sums.figures(["a", "b", "c"]) == whole
    assert list(sums.figures(["a", "b", "c"])["per_class"]) == list(whole["per_class"])
    counted = ClassificationSums()
    for (true, given_), times in Counter(rows).items():
        counted.add_equal(true, given_, times)
    assert counted.figures(["a", "b", "c"]) == whole


@pytest.mark.parametrize("rows", [300, 50_000])
@pytest.mark.parametrize("different", [5, 10**9])
def test_the_area_of_chunks_is_that_of_all_rows(rows, different):
    random = np.random.default_rng(rows)
    truth = random.random(rows) < 0.2
    scores = random.integers(0, different, rows) / different + truth * 0.1
    sums = AreaSums()
    for start in range(0, rows, 77):
        sums.add(scores[start : start + 77], truth[start : start + 77])
    assert sums.figure() == pytest.approx(roc_auc_score(truth, scores), abs=1e-12)


def test_rows_of_one_class_have_no_area():
    sums = AreaSums()
    assert sums.figure() is None
    sums.add(np.array([0.1, 0.9]), np.array([True, True]))
    assert sums.figure() is None
