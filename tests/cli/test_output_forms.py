"""`predict` writes what Excel and others open: workbooks, encodings, byte-order marks."""

import codecs
import csv
from datetime import timedelta

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from attnpool.cli import run
from attnpool.data.formats.frames import Frame
from attnpool.errors import InputError
from attnpool.tables import TextForm, write_table

TEXT = 'review,note\n房间很干净,"a, b"\n隔音太差,=1+1\n'


@pytest.fixture
def data(tmp_path):
    def write(encoding, text=TEXT, name="in.csv"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_a_csv_file_has_the_encoding_and_the_mark_of_the_one_that_was_read(predict, data, encoding):
    out = predict(data(encoding), "out.csv").read_bytes()
    assert out.decode(encoding).startswith("review,note,prediction")
    assert out.decode(encoding).splitlines()[1].startswith('房间很干净,"a, b",正面')
    mark = "" if encoding in ("utf-8", "gb18030") else "\ufeff"
    plain = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    assert out.decode(plain.get(encoding, encoding)).startswith(f"{mark}review")


def test_the_mark_of_a_named_encoding_is_kept(predict, data):
    source = data("utf-16-le", f"\ufeff{TEXT}")
    out = predict(source, "out.csv", "--encoding", "utf-16-le").read_bytes()
    assert out.startswith(codecs.BOM_UTF16_LE + "review".encode("utf-16-le"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_another_encoding_on_request(predict, data, encoding):
    out = predict(data("utf-8"), "out.csv", "--output-encoding", encoding).read_bytes()
    assert out.decode(encoding).startswith("review,")
    assert out.startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig")


def test_a_mark_is_written_once_in_a_long_file(predict, data):
    rows = "".join(f"好{i},x\n" for i in range(10_050))
    for encoding in ("utf-16", "utf-8-sig"):
        out = predict(data(encoding, f"review,note\n{rows}"), f"{encoding}.csv").read_bytes()
        text = out.decode(encoding)
        assert "\ufeff" not in text
        assert text.count("review,note") == 1
        assert len(text.splitlines()) == 10_051


def test_a_file_of_semicolons_is_written_with_them_and_tsv_with_tabs(predict, data):
    out = predict(data("utf-8", "review;note\n很好;x\n"), "out.csv")
    assert out.read_text("utf-8").startswith("review;note;prediction;")
    out = predict(data("utf-8"), "out.tsv")
    with out.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file, delimiter="\t"))[:3] == ["review", "note", "prediction"]


@pytest.mark.parametrize("options", [["--output-encoding", "latin-1"], ["--encoding", "cp1252"]])
def test_a_character_the_encoding_lacks_is_one_line(fails, reviews, data, tmp_path, options):
    source = data("cp1252", "review,note\nplain,caf\xe9\n")
    options += [] if "--encoding" in options else ["--encoding", "cp1252"]
    line = fails("predict", reviews / "model", source, "-o", tmp_path / "out.csv", *options)
    assert "the character '正' does not exist in " in line  # of the name of a class
    assert "--output-encoding" in line


def test_a_character_inside_a_list_is_missed_when_it_is_written(tmp_path):
    tags = {"tags": [["caf\xe9"], ["房"]]}
    for frame in (pl.DataFrame(tags), Frame(tags)):
        with pytest.raises(InputError, match="the character '房' does not exist in cp1252"):
            write_table(frame, tmp_path / "o.csv", tmp_path / "o.csv", TextForm("cp1252"))


def test_the_encoding_of_other_formats_is_their_own(fails, reviews, data, tmp_path):
    for suffix in ("jsonl", "parquet", "xlsx"):
        out = tmp_path / f"out.{suffix}"
        line = fails(
            *("predict", reviews / "model", data("utf-8"), "-o", out),
            *("--output-encoding", "utf-8-sig"),
        )
        assert "--output-encoding is for .csv and .tsv" in line


def test_a_workbook_holds_what_a_csv_file_holds(predict, data, tmp_path):
    text = "review,n,id\n房间很干净,=1+1,007\n隔音太差,http://a.b,\n,_x0041_\x07,9\n"
    out = predict(data("utf-8", text), "OUT.XLSX", "--explain")
    sheet = fastexcel.read_excel(out).load_sheet(0, dtypes="string").to_polars()
    beside = pl.read_csv(predict(data("utf-8", text), "out.csv", "--explain"), infer_schema=False)
    assert sheet.columns == beside.columns
    assert sheet["n"].to_list() == ["=1+1", "http://a.b", "_x0041_\x07"]
    assert sheet["id"].to_list() == ["007", None, "9"]
    assert sheet["value"].to_list() == beside["value"].to_list()
    numbers = fastexcel.read_excel(out).load_sheet(0).to_polars()["probability"].to_list()
    assert numbers == pytest.approx([float(p) for p in beside["probability"]])


def test_a_workbook_is_predicted_into_a_workbook(predict, data, tmp_path):
    head = ("review", "n", "x")
    with xlsxwriter.Workbook(tmp_path / "in.xlsx") as book:
        sheet = book.add_worksheet()
        for row, values in enumerate([head, ("房间很干净", 7, 1.5), ("隔音太差", 8, 2)]):
            sheet.write_row(row, 0, values)
    out = predict(tmp_path / "in.xlsx", "out.xlsx")
    found = fastexcel.read_excel(out).load_sheet(0).to_polars()
    assert found.select(head).rows() == [("房间很干净", 7, 1.5), ("隔音太差", 8, 2)]
    assert found["prediction"].to_list() == ["正面", "负面"]


def test_numbers_a_workbook_would_round_are_strings(predict, tmp_path):
    pl.DataFrame({"review": ["好", "坏"], "id": [2**53 + 1, 1]}).write_parquet(
        tmp_path / "in.parquet"
    )
    out = predict(tmp_path / "in.parquet", "out.xlsx")
    sheet = fastexcel.read_excel(out).load_sheet(0, dtypes="string").to_polars()
    assert sheet["id"].to_list() == [str(2**53 + 1), "1"]


def test_a_cell_too_long_for_a_workbook_is_one_line_and_no_file(fails, reviews, data, tmp_path):
    source = data("utf-8", "review\n" + "好" * 32_768 + "\n")
    line = fails("predict", reviews / "model", source, "-o", tmp_path / "out.xlsx")
    assert "row 1: 'review' has 32,768 characters" in line
    assert (
        run(["predict", str(reviews / "model"), str(source), "-o", str(tmp_path / "out.csv")]) == 0
    )


def test_without_the_extra_the_line_names_it(fails, reviews, data, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    line = fails("predict", reviews / "model", data("utf-8"), "-o", tmp_path / "out.xlsx")
    assert 'pip install "attnpool[excel]"' in line


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "jsonl"])
def test_durations_are_written(predict, tmp_path, suffix):
    frame = pl.DataFrame({"review": ["好", "坏"], "took": [timedelta(hours=1), None]})
    frame.write_parquet(tmp_path / "in.parquet")
    assert predict(tmp_path / "in.parquet", f"out.{suffix}").stat().st_size
