"""A file's columns given back as they are."""

import json

from hypothesis import given
from hypothesis import strategies as st

from attnpool.data import read
from attnpool.data.formats.frames import distinct


def test_nothing_is_kept_unless_asked_for(write):
    assert read(write("a.csv", "review,label\n好,1\n")).originals is None


@given(st.lists(st.sampled_from(["", "a", "a_2", "a_2_2", "b"]), max_size=8))
def test_names_become_distinct_and_a_free_one_stays(names):
    found = distinct(names)
    assert len(set(found)) == len(names)
    for place, name in enumerate(names):
        if name not in names[:place]:
            assert found[place] == name


def test_rows_of_a_class_that_is_left_out_are_left_out_here_too(write):
    write("a.csv", "id,label,review\n1,0,笑\n2,1,怒\n3,2,厌\n")
    rows = read(
        "a.csv", dataset="simplifyweibo-3-moods", text=["review"], label="label", originals=True
    )
    assert rows.originals.rows() == [("2", "1", "怒"), ("3", "2", "厌")]


def test_keys_that_come_later_are_columns(write):
    lines = [{"review": "好"}, [1], {"review": "差", "more": 1.5}]
    write("a.jsonl", "\n".join(map(json.dumps, lines)))
    rows = read("a.jsonl", labelled=False, skip_bad_rows=True, originals=True)
    assert rows.originals.to_dicts() == [
        {"review": "好", "more": None},
        {"review": "差", "more": 1.5},
    ]
