"""A model remembers how its file was read, and the next file is read the same way."""

import json
import subprocess
import sys

import pytest

from attnpool.data import Reading, read
from attnpool.errors import InputError


def test_json_round_trip():
    full = Reading("hotel", ("a", "b"), "c", "gb18030", header=False)
    for reading in (Reading(), full):
        assert Reading.from_dict(json.loads(json.dumps(reading.to_dict()))) == reading
    assert Reading.from_dict({}) == Reading()


@pytest.mark.parametrize(
    "data",
    [
        {"text": "review"},
        {"text": [1]},
        {"label": 1},
        {"dataset": []},
        {"encoding": {}},
        {"header": 0},
    ],
)
def test_tampered_readings_are_refused(data):
    with pytest.raises(InputError, match="retrain the model"):
        Reading.from_dict(data)


def test_the_next_file_is_read_the_same_way(write):
    write("a.csv", "said,mark,text,label\n好,+,x,1\n")
    rows = read("a.csv", text=["said"], label="mark")
    again = read("a.csv", reading=rows.reading)
    assert (again.texts, again.labels) == ((["好"],), ["+"])
    assert again.reading == rows.reading


def test_the_next_file_may_be_without_labels(write):
    reading = read(write("a.csv", "review,label\n好,1\n")).reading
    rows = read(write("b.csv", "review\n好\n"), reading=reading, labelled=False)
    assert rows.labels is None
    assert rows.reading == reading


@pytest.mark.parametrize(
    ("trained", "file", "note"),
    [
        ("review,label", "text,label", "'review'; reading 'text' as the text"),
        ("文本,label", "评论,label", "'文本'; reading '评论' as the text"),
        ("text,评分", "text,rating", "'评分'; reading 'rating' as the label"),
        (
            "review,label",
            "content,类别",
            "'review', 'label'; reading 'content' as the text and '类别' as the label",
        ),
    ],
)
def test_columns_that_training_would_recognise(write, trained, file, note):
    reading = read(write("a.csv", f"{trained}\n好,1\n")).reading
    rows = read(write("b.csv", f"{file}\n差,0\n"), reading=reading)
    assert (rows.texts, rows.labels) == ((["差"],), ["0"])
    assert rows.notes == (f"b.csv has no column {note}",)
    assert read("a.csv", reading=reading).notes == ()


@pytest.mark.parametrize(
    ("trained", "file", "labels"),
    [
        ("label", "类别", ["0"]),
        ("评分", "rating", ["0"]),
        ("label", "score", None),
        ("x", "label", None),
    ],
)
def test_a_label_that_is_not_needed_is_of_the_same_kind(write, trained, file, labels):
    reading = Reading(None, ("text",), trained)
    rows = read(write("b.csv", f"text,{file}\n差,0\n"), reading=reading, labelled=False)
    assert rows.labels == labels
    assert bool(rows.notes) == bool(labels)


def test_a_remembered_column_that_nothing_replaces(write, fails):
    reading = read(write("a.csv", "review,label\n好,1\n")).reading
    write("b.csv", "said,seen,label\n好,好,1\n")
    assert "b.csv: no column 'review'; its columns are 'said', 'seen', 'label'" in fails(
        "b.csv", reading=reading
    )
    assert read("b.csv", reading=reading, text=["seen"]).texts == (["好"],)


def test_a_column_that_is_named_must_be_there(write, fails):
    write("b.csv", "text,label\n好,1\n")
    assert "no column 'review'" in fails("b.csv", text=["review"])
    assert "no column 'mark'" in fails("b.csv", label="mark")


def test_arguments_override_what_is_remembered(write):
    write("a.csv", "said,mark,review,label\n甲,0,乙,1\n")
    reading = Reading(None, ("said",), "mark")
    assert read("a.csv", reading=reading, label="label").reading == Reading(
        None, ("said",), "label"
    )
    rows = read("a.csv", reading=reading, dataset="hotel")
    assert (rows.texts, rows.labels) == ((["乙"],), ["正面"])
    assert rows.reading == Reading("hotel")
    same = read("a.csv", reading=Reading("hotel", ("said",), "mark"), dataset="hotel")
    assert (same.texts, same.labels) == ((["甲"],), ["负面"])


def test_a_file_called_like_a_set_is_read_as_remembered(write):
    reading = read(write("mine.csv", "label,review\n1,a\n")).reading
    write("ChnSentiCorp_htl_all.csv", "label,review\n0,b\n")
    assert read("ChnSentiCorp_htl_all.csv", reading=reading).labels == ["0"]


def test_a_remembered_set_that_is_unknown_here(write, fails):
    write("a.csv", "label,review\n1,a\n")
    assert "no dataset is called 'gone'" in fails("a.csv", reading=Reading("gone"))


def test_reading_imports_neither_torch_nor_polars():
    code = "import sys, attnpool.data; print({'torch', 'polars', 'sklearn'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout == "set()\n"
