"""Parquet files."""

from pathlib import Path

import polars as pl
import pytest

from attnpool.data import read


def save(name, **columns):
    pl.DataFrame(columns).write_parquet(name)
    return name


def test_texts_and_labels(write):
    write("x", "")
    save("r.parquet", id=[1, 2], review=["好\n的", "差\0"], label=["正面", "负面"], n=[[1], [2]])
    rows = read("r.parquet")
    assert rows.texts == (["好\n的", "差\0"],)
    assert rows.labels == ["正面", "负面"]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([1, 0], ["1", "0"]),
        ([1.0, 0.5], ["1", "0.5"]),
        ([True, False], ["true", "false"]),
        (pl.Series(["a", "b"], dtype=pl.Categorical), ["a", "b"]),
        (pl.Series(["a", "b"], dtype=pl.Enum(["b", "a"])), ["a", "b"]),
    ],
)
def test_labels_of_other_types(write, labels, names):
    write("x", "")
    assert read(save("r.parquet", text=["a", "b"], label=labels)).labels == names


def test_a_pair_may_be_one_column_twice(write):
    write("x", "")
    save("r.parquet", text=["a"], label=["b"])
    assert read("r.parquet", text=["text", "text"]).texts == (["a"], ["a"])


def test_a_name_that_looks_like_a_pattern(write):
    write("x", "")
    assert len(read(save("[1]*.parquet", text=["a"], label=["b"]))) == 1


def test_nulls_are_missing(write, fails):
    write("x", "")
    save("r.parquet", text=["a", None, "c"], label=[1, 0, None])
    assert fails("r.parquet") == (
        "r.parquet, row 2: no text in 'text' (1 more bad row: 3); "
        "fix the file, or use --skip-bad-rows"
    )
    assert read("r.parquet", skip_bad_rows=True).labels == ["1"]
    rows = read("r.parquet", labelled=False)
    assert (rows.texts, rows.labels) == ((["a", "", "c"],), ["1", "0", ""])


@pytest.mark.parametrize("values", [[["a"]], [{"a": 1}], [b"a"]])
def test_columns_that_hold_no_text(write, fails, values):
    write("x", "")
    message = fails(save("r.parquet", text=values, label=[1]))
    assert message.startswith("r.parquet: the column 'text' holds ")
    assert "not text" in message


def test_damaged_files(write, fails):
    write("x", "")
    save("r.parquet", text=["a"] * 1000, label=list(range(1000)))
    good = Path("r.parquet").read_bytes()
    told = {
        good[: len(good) // 2]: " is cut short; copy it or write it again",
        good[:-1]: " is cut short; copy it or write it again",
        b"PAR1": " is cut short; copy it or write it again",
        b"label,text\n1,a\n": " is not a Parquet file; write it as one",
        b"PAR1" * 9: ": damaged; write it again",
    }
    for data, line in told.items():
        write("r.parquet", data)
        assert fails("r.parquet") == f"r.parquet{line}"


def test_empty_and_missing(write, fails):
    assert fails(write("r.parquet", b"")) == "r.parquet is empty; give a file with data"
    save("r.parquet", text=pl.Series([], dtype=pl.String), label=pl.Series([], dtype=pl.String))
    assert fails("r.parquet").startswith("r.parquet: no rows of data in it")
    save("r.parquet", body=["a"], label=[1])
    assert "no column 'text'; its columns are 'body', 'label'" in fails("r.parquet", text=["text"])
