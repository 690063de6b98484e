"""Which columns are read: recognised by name, or named."""

import polars as pl
import pytest

from attnpool.data import Reading, read
from attnpool.data.columns import LABEL, PAIRS, TEXT


@pytest.mark.parametrize("text", TEXT)
def test_text_columns_that_are_recognised(write, text):
    rows = read(write("r.csv", f"id,{text.upper()}, Label \n7,房间,1\n"))
    assert rows.texts == (["房间"],)
    assert rows.labels == ["1"]
    assert rows.reading == Reading(None, (text.upper(),), "Label")


@pytest.mark.parametrize("label", LABEL)
def test_label_columns_that_are_recognised(write, label):
    assert read(write("r.tsv", f"{label}\ttext\n好\t房间\n")).labels == ["好"]


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_that_are_recognised(write, pair):
    rows = read(write("r.csv", f"{pair[1]},label,{pair[0]}\nb,1,a\n"))
    assert rows.texts == (["a"], ["b"])
    assert rows.reading.text == pair


def test_the_content_comes_before_the_title(write):
    rows = read(write("r.csv", "title,content,label\nt,c,1\n"))
    assert rows.reading.text == ("content",)


def test_what_is_left_beside_the_label_is_the_text(write):
    rows = read(write("r.csv", ",label,what_they_said\n0,1,房间\n"))
    assert rows.texts == (["房间"],)


def test_named_columns(write):
    write("r.csv", "a,b,c,label\n甲,乙,丙,1\n")
    rows = read("r.csv", text=["c", "a"], label="b")
    assert rows.texts == (["丙"], ["甲"])
    assert rows.labels == ["乙"]
    assert rows.reading == Reading(None, ("c", "a"), "b")
    assert read("r.csv", text="b").texts == (["乙"],), "one name may stand alone"


def test_a_label_named_text_like_is_not_the_text(write):
    rows = read(write("r.csv", "review,title\n正面,房间很好\n"), label="review")
    assert rows.texts == (["房间很好"],)


def test_missing_columns(write, fails):
    write("r.csv", "id,review,label\n1,b,c\n")
    assert fails("r.csv", text=["body"]) == (
        "r.csv: no column 'body'; its columns are 'id', 'review', 'label'; "
        "name one of them with --text"
    )
    assert fails("r.csv", label="klass") == (
        "r.csv: no column 'klass'; columns other than the text: 'id', 'label'; "
        "name the label with --label"
    )
    write("r.csv", "id,review\n1,b\n")
    assert fails("r.csv") == (
        "r.csv: which column is the label? Columns other than the text: 'id'; name it with --label"
    )


def test_a_file_without_header(write, fails):
    assert fails(write("t.txt", "债券牛皮市\t财经\n")) == (
        "t.txt: which column is the text? The first row is '债券牛皮市', '财经'; "
        "name columns with --text and --label, or the dataset with --dataset"
    )
    write("THUCNews-title-label.txt", "债券牛皮市\t财经\n")
    assert fails("THUCNews-title-label.txt").endswith("; by its name it may be thucnews-titles")


def test_messages_stay_short_and_clean(write, fails):
    hostile = "x" * 5000 + "\x1b[31m"
    write("r.csv", f'"a\nb\0","\u202eevil",{hostile}' + ",c" * 100 + "\n")
    message = fails("r.csv")
    assert len(message) < 400
    assert r"'a\nb\x00', '\u202eevil'" in message
    assert "and 93 more" in message


def test_duplicate_and_blank_names(write, fails):
    write("r.csv", ",x,x,review,,label\n0,1,2,好,3,1\n")
    assert read("r.csv").texts == (["好"],)
    assert fails("r.csv", text=["x"]) == "r.csv: 2 columns are called 'x'; rename all but one"
    write("r.csv", "text,Text,label\na,b,1\n")
    assert fails("r.csv") == "r.csv: 2 columns are called 'text'; rename all but one"
    assert read("r.csv", text=["Text"]).texts == (["b"],)


def test_text_and_label_are_two_columns(write, fails):
    write("r.csv", "text,label\na,1\n")
    assert fails("r.csv", text=["label"], label="label").startswith(
        "r.csv: the column 'label' cannot be both a text and the label"
    )


def test_without_labels(write):
    rows = read(write("r.csv", "review\n很好\n\n太差\n"), labelled=False)
    assert rows.texts == (["很好", "太差"],)
    assert rows.labels is None
    rows = read(write("r.csv", "review,label\n很好,1\n太差,\n,0\n"), labelled=False)
    assert rows.texts == (["很好", "太差", ""],)
    assert rows.labels == ["1", "", "0"]
    rows = read(write("r.csv", "review,label\n很好,\n太差, \n"), labelled=False)
    assert rows.labels is None


@pytest.mark.parametrize(
    ("header", "label", "text"),
    [
        ("评分,标签,评论内容", "标签", "评论内容"),
        ("stars,sentiment,review", "sentiment", "review"),
        ("订单,星级,评价内容", "星级", "评价内容"),
        ("rating,title,comment", "rating", "comment"),
        ("score,rate,what_they_said", "score", "what_they_said"),
        ("情感,评论", "情感", "评论"),
    ],
)
def test_a_score_is_the_label_where_nothing_is_called_label(write, header, label, text):
    row = ",".join("1" * (header.count(",") + 1))
    reading = read(write("r.csv", f"{header}\n{row}\n")).reading
    assert (reading.label, reading.text) == (label, (text,))


def test_how_similar_two_texts_are_is_no_class(write, fails):
    write("r.csv", "score,sentence1,sentence2\n3.2,a,b\n")
    assert "which column is the label?" in fails("r.csv")
    assert read("r.csv", label="score").labels == ["3.2"]


def test_the_text_is_not_suggested_as_the_label(write, fails):
    write("r.csv", "评论内容\n很好\n")
    no_labels = "no other than the text, so no labels; add them"
    assert fails("r.csv", label="评分") == f"r.csv: no column '评分' and {no_labels}"
    remembered = Reading(None, ("said",), "评分")
    write("s.csv", "said\n很好\n")
    assert fails("s.csv", reading=remembered) == f"s.csv: no column '评分' and {no_labels}"
    assert fails("r.csv") == "r.csv: no column other than the text, so no labels; add them"


@pytest.mark.parametrize("options", [{}, {"labelled": False}, {"text": ["x"]}], ids=str)
def test_a_file_without_columns(write, fails, options):
    line = "no columns in it; give a file with a column of texts"
    pl.DataFrame().write_parquet(write("r.parquet", ""))
    for path in (write("r.jsonl", "{}\n{}\n"), write("r.json", "[{}, {}]"), "r.parquet"):
        assert fails(path, **options) == f"{path}: {line}"
