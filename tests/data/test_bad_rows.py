"""Bad rows are named, counted, and left out only when asked; files that cannot be read at all."""

import os
import sys

import pytest

from attnpool.data import read


def test_a_row_without_label(write, fails):
    write("r.csv", 'label,review\n1,"two\nlines"\n,没有标签\n0,b\n')
    assert fails("r.csv") == ("r.csv, row 2: no label; fix the file, or use --skip-bad-rows")
    rows = read("r.csv", skip_bad_rows=True)
    assert rows.texts == (["two\nlines", "b"],)
    assert rows.labels == ["1", "0"]
    assert rows.skipped == 1


def test_a_row_without_text(write, fails):
    write("r.csv", "label,review\n1,a\n0,\n0, \u3000 \n0\n")
    assert fails("r.csv") == (
        "r.csv, row 2: no text in 'review' (2 more bad rows: 3, 4); "
        "fix the file, or use --skip-bad-rows"
    )
    assert read("r.csv", skip_bad_rows=True).skipped == 3


def test_the_other_text_of_a_pair(write, fails):
    write("r.csv", "text_a,text_b,label\na,b,1\na,,0\n")
    assert "row 2: no text in 'text_b'" in fails("r.csv")


def test_no_row_is_left(write, fails):
    write("r.csv", "label,review\n,a\n1,\n")
    assert fails("r.csv", skip_bad_rows=True) == (
        "r.csv: no usable row; all 2 are bad, the first: r.csv, row 1: no label; "
        "check --dataset, --text and --label"
    )


def test_an_empty_text_is_allowed_where_no_label_is_needed(write):
    rows = read(write("r.csv", 'review,id\n"",1\n好,2\n'), labelled=False)
    assert rows.texts == (["", "好"],)


def test_a_ragged_row_is_bad_even_without_labels(write, fails):
    write("r.csv", "review,id\na,1\nb\n")
    assert "row 2: 1 field where 2 are expected" in fails("r.csv", labelled=False)


def test_missing_files_and_folders(write, fails, tmp_path):
    write("folder/train.csv", "label,review\n1,a\n")
    write("folder/test.csv", "label,review\n1,a\n")
    assert fails("none.csv") == "none.csv: no such file; check the path"
    assert fails("./none\n.csv") == r"./none\n.csv: no such file; check the path"
    assert "a\\\\x00b.csv': no path can have NUL in it" in fails("a\0b.csv")
    assert "File name too long; give a shorter path" in fails("x" * 5000 + ".csv")
    assert fails("folder").startswith(
        "folder is a folder; give a file in it, or name its dataset with --dataset"
    )
    assert fails("folder", dataset="hotel") == (
        "folder: no ChnSentiCorp_htl_all.csv in this folder; give a file of hotel itself"
    )
    assert fails(tmp_path / "none.csv") == f"{tmp_path}/none.csv: no such file; check the path"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
def test_a_pipe_is_refused_rather_than_waited_for(write, fails, tmp_path):
    write("x", "")
    os.mkfifo("pipe.csv")
    assert fails("pipe.csv") == "pipe.csv is not an ordinary file; save it as one first"


def test_unknown_suffix(write, fails):
    write("r.doc", b"PK\x03\x04")
    assert fails("r.doc").startswith("r.doc: files ending in '.doc' are not known; give .csv")


def test_unknown_part(write, fails):
    write("r.csv", "label,review\n1,a\n")
    assert fails("r.csv", part="dev") == (
        "no part is called 'dev'; the parts are train, validation, test"
    )
