"""Labels that may be missing values or lists are pointed out, and kept."""

import pytest

from attnpool.data.suspect_labels import suspect_labels


@pytest.mark.parametrize(
    "label", ["nan", "NaN", "None", "NULL", "null", "N/A", "NA", "#N/A", "<NA>", "NaT"]
)
def test_what_may_be_a_missing_value(label):
    (told,) = suspect_labels(["good", "bad", label, label, label])
    assert told.startswith(f"3 rows have the label '{label}', which may be a missing value; ")
    assert suspect_labels([label, "x"])[0].startswith("1 row has the label")


@pytest.mark.parametrize("mark", [",", ", ", ";", "|", "，", "、"])
def test_lists_of_labels(mark):
    (told,) = suspect_labels(["fast", f"slow{mark}broken", "broken", f"fast{mark}cheap"])
    assert told.startswith(f"labels such as 'fast{mark}cheap' look like several labels")


@pytest.mark.parametrize(
    "labels", [["good", "bad"], ["Paris, France", "Rome, Italy"], ["a,", "a"], ["banana", "nano"]]
)
def test_other_labels_are_fine(labels):
    assert suspect_labels(labels) == []
