"""`--safe-csv`: tables for people who open them in a spreadsheet."""

import csv

import pytest
from tests.cli.files import write_csv

from attnpool.tables.formulas import as_text

FORMULAS = (
    *("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x","a")', "-", "="),
    *("\t=1", "\tx", "\r=1", "\n=1", "  =1", "\u3000-a", "-5度", "+49 30"),
    *("＝1", "＋1", "－a", "＠x"),
)
# Nobody sees these, and what opens or cleans a file may drop them.
UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u180e\u200e\u202e\u2063\u2066\u3164\ufe0f\ufff9"
    "\U000e0020\U000e0100\x00\x07\x1b\x7f\x85"
)
HARMLESS = ("good", "a=1", "", "5", "-5", "+3.5e2", "-0.25", "'=1", "房间", "<=5", " x")


@pytest.fixture
def data(tmp_path):
    rows = [(text, text, "-1.5") for text in (*FORMULAS, *HARMLESS) if text]
    return write_csv(tmp_path / "in.csv", [("review", "=note", "score"), *rows])


def cells(path, separator=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=separator))


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@pytest.mark.parametrize("read", [".csv", ".parquet"])
def test_no_text_of_a_table_is_a_formula(predict, data, suffix, read):
    separator = "\t" if suffix == ".tsv" else ","
    if read == ".parquet":
        polars = pytest.importorskip("polars", reason="needs Parquet files")
        frame = polars.read_csv(data, infer_schema=False)
        kind = frame["=note"].cast(polars.Categorical).alias("kind")
        data = data.with_suffix(".parquet")
        frame.with_columns(kind).write_parquet(data)
    plain = cells(predict(data, f"plain{suffix}", "--explain"), separator)
    safe_file = predict(data, f"safe{suffix}", "--safe-csv", "--explain")
    safe = cells(safe_file, separator)
    assert [len(row) for row in safe] == [len(row) for row in plain]
    for before, after in zip(plain, safe, strict=True):
        for old, new in zip(before, after, strict=True):
            assert new == (f"'{old}" if old in FORMULAS or old == "=note" else old)
    assert "'=note" in safe[0]
    values = safe[0].index("probability")
    assert all(float(row[values]) > 0 for row in safe[1:])
    assert f'{separator}"' in safe_file.read_text("utf-8"), "a semicolon in a text begins no cell"


@pytest.mark.parametrize("mark", UNSEEN, ids=lambda mark: f"{ord(mark):04X}")
def test_what_nobody_sees_in_front_hides_no_formula(mark):
    for begins in "=+-@＝＋－＠":
        for cell in (f"{mark}{begins}1", f" {mark}\n{mark}{begins}A1", f"{mark * 1000}{begins}"):
            assert as_text(cell) == f"'{cell}"
    for cell in (f"{mark}a=1", f"a{mark}=1", mark, f"{mark}5"):
        assert as_text(cell) == cell


def test_an_answer_and_a_class_are_texts_too(attnpool, tmp_path):
    rows = [("=bad", f"太差 {i}") if i % 2 else ("+good", f"很好 {i}") for i in range(30)]
    train = write_csv(tmp_path / "train.csv", [("label", "review"), *rows])
    assert attnpool("train", train, "-o", tmp_path / "model").status == 0
    out = tmp_path / "out.csv"
    assert attnpool("predict", tmp_path / "model", train, "-o", out, "--safe-csv").status == 0
    names, *lines = cells(out)
    assert {row[names.index("prediction")] for row in lines} <= {"'=bad", "'+good"}
    assert {row[0] for row in lines} == {"'=bad", "'+good"}


def test_without_it_a_table_is_as_it_was(predict, data):
    rows = cells(predict(data, "out.csv"))
    assert [row[1] for row in rows] == [row[1] for row in cells(data)]


def test_rows_that_are_left_out_are_listed_safely(attnpool, reviews, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [("正面", "很好"), ("负面", "太差"), ("", "x"), ("正面", "")] * 15
    write_csv(tmp_path / "=rows.csv", [("label", "review"), *rows])
    model = reviews / "model"
    for name, *words in (
        ("evaluate", "evaluate", model, "=rows.csv"),
        ("explain", "explain", model, "--data", "=rows.csv", "-o", "x.md", "--label", "label"),
        ("report", "report", model, "=rows.csv", "-o", "x.html"),
        ("predict", "predict", model, "=rows.csv", "-o", "x.jsonl"),
        ("train", "train", "=rows.csv", "-o", "model"),
    ):
        lists = []
        for options in ([], ["--safe-csv"]):
            bad = tmp_path / f"{name}{len(options)}.csv"
            done = attnpool(*words, "--bad-rows", bad, *options, *(["--overwrite"] * bool(options)))
            assert done.status == 0, done.err
            lists.append(cells(bad))
        assert lists[1] == [[cell.replace("=rows", "'=rows") for cell in row] for row in lists[0]]
    assert len(cells(tmp_path / "evaluate1.csv")) == 31


def test_where_it_does_nothing_it_is_refused(fails, attnpool, reviews, tmp_path):
    model, data = reviews / "model", reviews / "few.csv"
    refused = "attnpool: --safe-csv does nothing without --bad-rows; leave it out\n"
    for words in (
        ("evaluate", model, data),
        ("explain", model, "--data", data),
        ("report", model, data, "-o", tmp_path / "x.html"),
        ("predict", model, data, "-o", tmp_path / "x.jsonl"),
        ("train", data, "-o", tmp_path / "m"),
    ):
        assert fails(*words, "--safe-csv") == refused


def test_a_text_of_a_workbook_is_no_formula(predict, data):
    pytest.importorskip("xlsxwriter", reason="needs Excel files")
    polars = pytest.importorskip("polars", reason="needs Excel files")
    pytest.importorskip("fastexcel", reason="needs Excel files")
    frame = polars.read_excel(predict(data, "out.xlsx"), infer_schema_length=0)
    assert frame["=note"].to_list()[:2] == list(FORMULAS[:2])
