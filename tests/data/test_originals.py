"""A file's columns given back as they are."""

import json
import tracemalloc

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
    assert rows.originals.to_polars().rows() == [("2", "1", "怒"), ("3", "2", "厌")]


def test_keys_that_come_later_are_columns(write):
    lines = [{"review": "好"}, [1], {"review": "差", "more": 1.5}]
    write("a.jsonl", "\n".join(map(json.dumps, lines)))
    rows = read("a.jsonl", labelled=False, skip_bad_rows=True, originals=True)
    assert rows.originals.to_polars().to_dicts() == [
        {"review": "好", "more": None},
        {"review": "差", "more": 1.5},
    ]


def test_the_columns_are_kept_once_beside_the_texts(write):
    text = "很长的评论" * 200
    write("r.csv", "label,review\n" + f"1,{text}\n" * 5000)
    tracemalloc.start()
    rows = read("r.csv", originals=True)
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    held = sum(len(text) * 2 for text in rows.texts[0])  # two bytes for each Chinese character
    assert after < 1.5 * held
    assert peak < 1.7 * held
