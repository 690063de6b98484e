"""CSV and tab-separated files, with every quirk they come with."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attnpool.data import read
from attnpool.data.formats import delimited


def test_quotes_commas_and_line_ends_inside_fields(write):
    rows = read(write("r.csv", 'label,review\n1,"他说""好"",\r\n真的好"\n0,没有 "引号" 的\n'))
    assert rows.texts == (['他说"好",\r\n真的好', '没有 "引号" 的'],)
    assert rows.labels == ["1", "0"]
    assert rows.skipped == 0
    assert len(rows) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_of_every_system(write, end, last):
    text = end.join(["label,review", "1,很好", "0,太差"]) + end * last
    rows = read(write("r.csv", text))
    assert rows.texts == (["很好", "太差"],)
    assert rows.labels == ["1", "0"]


def test_mixed_line_ends(write):
    rows = read(write("r.tsv", "label\ttext\r\n1\ta\n0\tb\r1\tc"))
    assert rows.texts == (["a", "b", "c"],)


@pytest.mark.parametrize("name", ["r.tsv", "r.txt", "r.TSV"])
def test_between_tabs_quotes_are_ordinary(write, name):
    rows = read(write(name, 'label\ttext\n1\t"open, never closed\n0\t"both" he said\n'))
    assert rows.texts == (['"open, never closed', '"both" he said'],)


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_csv_with_another_separator(write, separator):
    text = separator.join(["label", "review"]) + "\n" + separator.join(["1", "好 吧"]) + "\n"
    rows = read(write("r.csv", text))
    assert (rows.texts, rows.labels) == ((["好 吧"],), ["1"])


def test_texts_stay_raw_and_labels_are_trimmed(write):
    rows = read(write("r.csv", "label,review\n 1 ,  两边 空格\u3000 \n"))
    assert rows.texts == (["  两边 空格\u3000 "],)
    assert rows.labels == ["1"]


def test_nul_bytes_are_text(write):
    assert read(write("r.csv", "label,review\n1,a\0b\n")).texts == (["a\0b"],)
    assert read(write("r.tsv", "label\treview\n1\ta\0b\n")).texts == (["a\0b"],)


def test_blank_lines_are_passed_over_and_numbered(write, fails):
    assert len(read(write("r.csv", "\nlabel,review\n\n1,a\n   \n0,b\n\n"))) == 2
    write("bad.csv", "\nlabel,review\n\n1,a\n\n,b\n")
    assert "bad.csv, row 4: no label" in fails("bad.csv")


def test_a_field_longer_than_the_csv_modules_limit(write):
    long = "长" * 300_000
    assert read(write("r.csv", f'label,review\n1,"{long}"\n')).texts == ([long],)
    assert read(write("r.tsv", f"label\treview\n1\t{long}\n")).texts == ([long],)


@pytest.mark.parametrize(
    ("row", "fields"), [("1", "1 field"), ("1,a,b", "3 fields"), ("1,房间,很好,的", "4 fields")]
)
def test_ragged_rows_are_named(write, fails, row, fields):
    write("r.csv", f"label,review\n1,a\n{row}\n0,b\n")
    assert fails("r.csv") == (
        f"r.csv, row 2: {fields} where 2 are expected; fix the file, or use --skip-bad-rows"
    )
    rows = read("r.csv", skip_bad_rows=True)
    assert rows.texts == (["a", "b"],)
    assert rows.skipped == 1


@pytest.mark.parametrize("tail", ["", "\n0,b", "\n0,b\n0,c\n"])
def test_an_open_quote_does_not_swallow_the_file(write, fails, tail):
    write("r.csv", f'label,review\n1,a\n1,"never closed{tail}')
    for skip in (False, True):
        message = fails("r.csv", skip_bad_rows=skip)
        assert message.startswith("r.csv, row 2: a quotation mark opens a field and none closes it")


def test_empty_files(write, fails):
    for content in (b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n"):
        write("r.csv", content)
        assert fails("r.csv") == "r.csv is empty; give a file with data"
    write("r.csv", "label,review\n")
    assert fails("r.csv") == (
        "r.csv: no rows of data in it; give a file with rows below the header"
    )


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: text.strip()
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(texts, texts), min_size=1, max_size=5),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"]),
)
def test_what_was_written_is_read(write, rows, end, encoding):
    file = io.StringIO()
    out = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator=end)
    out.writerow(["label", "review"])
    out.writerows(rows)
    write("r.csv", file.getvalue(), encoding)
    got = read("r.csv", encoding="gb18030" if encoding == "gb18030" else None)
    assert got.texts == ([text for _, text in rows],)
    assert got.labels == [label.strip() for label, _ in rows]


def test_a_file_is_not_held_beside_its_rows(write):
    text = "很长的评论" * 200
    write("r.csv", "label,review\n" + f"1,{text}\n" * 5000)
    tracemalloc.start()
    rows = read("r.csv")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    held = sum(len(text) * 2 for text in rows.texts[0])  # two bytes for each Chinese character
    assert peak < 1.5 * held


def test_a_field_without_an_end_is_one_line(write, fails, monkeypatch):
    """One quotation mark would read the rest of a file of any size into one field."""
    before = csv.field_size_limit(1000)
    monkeypatch.setattr(delimited, "FIELD_LIMIT", 1000)
    try:
        write("r.csv", 'label,review\n1,a\n0,"' + "房间很干净\n" * 400)
        assert fails("r.csv") == (
            "r.csv, row 2: a field has more than 1,000 characters; close its quotation mark, or "
            "double it if it is text"
        )
    finally:
        csv.field_size_limit(before)
