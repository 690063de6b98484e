"""Excel workbooks as people have them."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from attnpool.data import read

ROWS = [("label", "review"), (1, "房间很好"), (0, "隔音太差")]


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    """Writes sheets of rows; `at` is the first cell."""
    monkeypatch.chdir(tmp_path)

    def write(*sheets, at=(0, 0), name="r.xlsx"):
        with xlsxwriter.Workbook(name) as book:
            for rows in sheets:
                sheet = book.add_worksheet()
                for i, row in enumerate(rows):
                    sheet.write_row(at[0] + i, at[1], row)
        return name

    return write


@pytest.mark.parametrize("at", [(0, 0), (3, 2)])
@pytest.mark.parametrize("name", ["r.xlsx", "R.XLSX"])
def test_numbers_are_labels_without_a_point(workbook, at, name):
    rows = read(workbook(ROWS, at=at, name=name))
    assert rows.texts == (["房间很好", "隔音太差"],)
    assert rows.labels == ["1", "0"]


def test_rows_above_the_header_are_titles(workbook):
    rows = read(workbook([("点评导出 2024",), (), *ROWS]))
    assert rows.texts == (["房间很好", "隔音太差"],)


def test_the_first_sheet_that_is_not_empty_is_read_and_the_others_are_named(workbook):
    rows = read(workbook([], ROWS, [("note",)]))
    assert rows.labels == ["1", "0"]
    assert rows.source.sheets == ("Sheet2", "Sheet3")
    assert read(workbook(ROWS)).source.sheets == ()


def test_rows_count_from_the_header_and_a_late_type_is_no_missing_value(workbook, fails):
    many = [(1, "好")] * 1500
    name = workbook([("label", "review"), *many, ("2b", "坏"), ("", "坏")])
    assert fails(name).startswith("r.xlsx, row 1502: no label")
    rows = read(name, skip_bad_rows=True)
    assert (rows.labels[0], rows.labels[-1], rows.skipped) == ("1", "2b", 1)


def test_the_other_columns_keep_their_types(workbook):
    when = datetime(2024, 2, 29, 12, 30)
    with xlsxwriter.Workbook("t.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["review", "n", "x", "on", "when", "n", "", ""])
        sheet.write_row(1, 0, ["很好", 7, 1.5, True])
        sheet.write_datetime(1, 4, when, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_formula(2, 1, "=3+5", value=8)
        sheet.write_string(2, 0, "_x0041_\x07 =1+1")
        sheet.write_string(2, 6, "no name")
    frame = read("t.xlsx", labelled=False, originals=True).originals
    assert frame.columns == ["review", "n", "x", "on", "when", "n_2", ""]
    assert frame["review"].to_list() == ["很好", "_x0041_\x07 =1+1"]
    assert frame["n"].to_list() == [7, 8]
    assert frame["n"].dtype == pl.Int64
    assert frame["x"].to_list() == [1.5, None]
    assert frame["on"].to_list() == [True, None]
    assert frame["when"].to_list() == [when, None]
    assert frame[""].to_list() == [None, "no name"]


def in_utf16(*names):
    """What Office wrote until 2003, and writes still around a file that has a password."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join(n.encode("utf-16-le") for n in names)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"label,review\n1,x\n", "r.xlsx is not an Excel workbook"),
        (b"PK\x03\x04" + bytes(100), "r.xlsx is not an Excel workbook"),
        (in_utf16("WordDocument"), "r.xlsx is not an Excel workbook"),
        (in_utf16("EncryptionInfo", "EncryptedPackage"), "r.xlsx is protected by a password; "),
        (in_utf16("Workbook"), "r.xlsx: damaged, or it has a password; "),
    ],
)
def test_what_is_no_workbook_is_told_from_what_has_a_password(tmp_path, fails, content, said):
    (tmp_path / "r.xlsx").write_bytes(content)
    assert said in fails(tmp_path / "r.xlsx")


def test_a_damaged_workbook_is_told_from_what_is_none(workbook, fails):
    place = Path(workbook(ROWS))
    whole = place.read_bytes()
    inside = whole.index(b"xl/worksheets/sheet1.xml") + 40
    place.write_bytes(whole[:inside] + bytes(100) + whole[inside + 100 :])
    assert fails(place) == f"{place}: damaged; save it again, or as CSV"
    place.write_bytes(whole[: len(whole) // 2])
    assert fails(place) == f"{place}: damaged; save it again, or as CSV"


def test_an_empty_workbook_is_one_line(workbook, fails):
    assert fails(workbook([], [])) == "r.xlsx is empty; give a file with data"
    assert "no rows of data" in fails(workbook([("label", "review")]))


def test_without_the_extra_the_line_names_it(workbook, fails, monkeypatch):
    name = workbook(ROWS)
    monkeypatch.setitem(__import__("sys").modules, "fastexcel", None)
    assert 'pip install "attnpool[excel]"' in fails(name)


@pytest.mark.parametrize("titles", [[], [("点评导出",), ()]])
def test_a_sheet_without_a_header(workbook, fails, titles):
    name = workbook([*titles, *ROWS[1:], (1, "很热情")])
    assert fails(name).endswith("if the first row is data, use --no-header --text 2 --label 1")
    rows = read(name, header=False, text=["2"], label="1", originals=True)
    assert rows.texts == (["房间很好", "隔音太差", "很热情"],)
    assert rows.labels == ["1", "0", "1"]
    assert rows.originals.columns == ["column_1", "column_2"]
    assert not rows.source.header


def test_rows_that_a_spreadsheet_leaves_behind_are_no_bad_rows(workbook, fails):
    left = [("", "", ""), (" ", "", "")]
    head = ("label", "review", "note")
    name = workbook([head, (1, "好", "x"), *left, (0, "坏", ""), *left, ("", "", "only this")])
    assert fails(name).startswith("r.xlsx, row 7: no label;")
    rows = read(name, skip_bad_rows=True)
    assert (rows.labels, rows.skipped, list(rows.places)) == (["1", "0"], 1, [1, 4])
    assert len(read(name, labelled=False)) == 7


@pytest.mark.parametrize("missing", ["N/A", "NA", "null", "None", "#NA", "<NA>"])
def test_words_for_a_missing_value_in_a_column_of_numbers_are_kept(workbook, missing):
    name = workbook([("label", "review", "n"), (1, "好", 7), (missing, "坏", missing)])
    rows = read(name, originals=True)
    assert rows.labels == ["1", missing]
    assert rows.originals["n"].to_list() == ["7", missing]


@pytest.mark.parametrize("other", ["text", 3, 2.5])
def test_a_column_of_durations_and_something_else(tmp_path, monkeypatch, other):
    monkeypatch.chdir(tmp_path)
    with xlsxwriter.Workbook("r.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["label", "review", "took"])
        sheet.write_row(1, 0, [1, "好"])
        sheet.write_row(2, 0, [0, "坏", other])
        sheet.write_number(1, 2, 1.5, book.add_format({"num_format": "[h]:mm"}))
    assert read("r.xlsx").labels == ["1", "0"]


@pytest.mark.parametrize("head", [("", "review"), ("label", "")])
def test_a_header_may_lack_a_name(workbook, head):
    options = {} if "review" in head else {"text": [""]}
    rows = read(workbook([head, *ROWS[1:]]), labelled=False, **options)
    assert len(rows) == 2


def test_a_hidden_sheet_is_not_read(workbook):
    with xlsxwriter.Workbook("h.xlsx") as book:
        for name, rows in (("old", [("label", "review"), (5, "旧")]), ("rows", ROWS)):
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
        book.get_worksheet_by_name("old").hide()
        book.get_worksheet_by_name("rows").activate()
        book.get_worksheet_by_name("rows").set_first_sheet()
    rows = read("h.xlsx")
    assert rows.labels == ["1", "0"]
    assert rows.source.sheets == ()


@pytest.mark.parametrize("cover", [[("note",), ("read me",)], [("a", "b"), ("c", "d")]])
def test_an_error_names_the_sheet_that_was_read(workbook, fails, cover):
    name = workbook(cover, ROWS)
    assert fails(name).endswith("; the sheet that was read is 'Sheet1', the first with rows")
