"""The commands on files as people have them: no header, plain text, bad rows, other columns."""

import csv
import gzip
import json

import polars as pl
import pytest
from tests.cli.files import write_csv

from attnpool.cli import run
from attnpool.data.demo_rows import load_demo

NAMES = ("--no-header", "--text", "2", "--label", "1")


@pytest.fixture(scope="session")
def headerless(once):
    """A folder with rows.csv and held.tsv, without headers, and a model of the first."""
    return once("headerless", _headerless)


def _headerless(folder):
    rows = load_demo("sentiment")
    lines = [(label, text, "x") for label, text in zip(rows.labels, rows.texts[0], strict=True)]
    write_csv(folder / "rows.csv", lines[:60])
    (folder / "held.tsv").write_text("".join("\t".join(line) + "\n" for line in lines[60:80]))
    write_csv(folder / "named.csv", [("label", "review"), *(line[:2] for line in lines[60:80])])
    train = ("train", str(folder / "rows.csv"), "-o", str(folder / "model"), *NAMES)
    assert run([*train, "--validation", str(folder / "held.tsv")]) == 0


@pytest.mark.parametrize("file", ["held.tsv", "rows.csv", "named.csv"])
def test_a_model_remembers_that_there_is_no_header(attnpool, headerless, tmp_path, file):
    model, data = headerless / "model", headerless / file
    count = 60 if file == "rows.csv" else 20
    figures = json.loads(attnpool("evaluate", model, data, "--json").out)
    assert figures["n"] == count
    if file == "held.tsv":
        done = attnpool("report", model, data, "-o", tmp_path / "page.html")
        assert "20 rows" in done.out
    shown = json.loads(attnpool("explain", model, "--data", data, "--format", "json").out)
    assert len(shown) == count
    assert {one["label"] for one in shown} == {"正面", "负面"}
    assert attnpool("predict", model, data, "-o", tmp_path / "out.csv").status == 0
    columns = pl.read_csv(tmp_path / "out.csv").columns
    if file == "named.csv":
        assert columns[:2] == ["label", "review"]
    else:
        assert columns[:4] == ["column_1", "column_2", "column_3", "prediction"]


@pytest.mark.parametrize("command", ["evaluate", "report", "explain", "predict"])
def test_every_command_takes_no_header(attnpool, reviews, headerless, tmp_path, command):
    data = headerless / "held.tsv"
    out = {"report": ("-o", tmp_path / "o.html"), "predict": ("-o", tmp_path / "o.jsonl")}
    given = ("--data", data) if command == "explain" else (data,)
    names = NAMES[:3] if command == "predict" else NAMES
    done = attnpool(command, reviews / "model", *given, *out.get(command, ()), *names)
    assert (done.status, done.err) == (0, "")


def test_the_error_offers_no_header(fails, headerless, tmp_path):
    told = fails("train", headerless / "rows.csv", "-o", tmp_path / "m")
    assert told.endswith("; if the first row is data, use --no-header --text 2 --label 1\n")


def test_no_header_needs_a_file(fails, reviews):
    told = fails("explain", reviews / "model", "很好", "--no-header")
    assert told == "attnpool: --no-header does nothing without --data; leave it out\n"


LINES = ["房间很干净，但是隔音太差", "服务热情\t很好", "", "太差"]


@pytest.mark.parametrize(
    ("encoding", "suffix", "last"),
    [("utf-8", ".txt", ""), ("utf-8-sig", ".TXT", "\n"), ("gb18030", ".txt.gz", "\n")],
)
def test_plain_text_is_predicted_and_explained(attnpool, reviews, tmp_path, encoding, suffix, last):
    data = tmp_path / f"new{suffix}"
    content = ("\n".join(LINES) + last).encode(encoding)
    data.write_bytes(gzip.compress(content) if suffix.endswith(".gz") else content)
    done = attnpool("predict", reviews / "model", data, "-o", tmp_path / "out.jsonl")
    assert done.out == f"wrote {tmp_path / 'out.jsonl'}: 4 rows\n"
    assert "reading one text per line" in done.err
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [row["text"] for row in found] == LINES
    shown = json.loads(
        attnpool("explain", reviews / "model", "--data", data, "--format", "json").out
    )
    assert [one["texts"][0] for one in shown] == LINES


@pytest.mark.parametrize("model", ["siamese", "alignment", "triplet"])
def test_plain_pairs_have_a_tab_between(attnpool, fails, matching, tmp_path, model):
    data = tmp_path / "new.txt"
    data.write_text("怎么退款\t如何退款\n怎么退款\t怎么开票", "utf-8")
    done = attnpool("predict", matching / model, data, "-o", tmp_path / "out.csv")
    assert done.status == 0
    assert "reading two texts per line" in done.err
    assert pl.read_csv(tmp_path / "out.csv").columns[:2] == ["text_a", "text_b"]
    data.write_text("怎么退款\t如何退款\n怎么退款\n", "utf-8")
    told = fails("explain", matching / model, "--data", data)
    assert "new.txt, line 2: 1 text; a pair is two texts with a tab between" in told


def test_plain_text_has_no_labels_to_measure(fails, reviews, tmp_path):
    (tmp_path / "new.txt").write_text("房间很干净\n太差\n", "utf-8")
    told = fails("evaluate", reviews / "model", tmp_path / "new.txt")
    assert told.endswith("new.txt: one column, so no labels; add a label to each text\n")
    told = fails("train", tmp_path / "new.txt", "-o", tmp_path / "m")
    assert told.endswith("new.txt: one column, so no labels; add a label to each text\n")


def test_other_columns_are_said(attnpool, reviews, tmp_path):
    data = write_csv(tmp_path / "new.csv", [("text", "标签"), ("很好", "正面"), ("差", "负面")])
    done = attnpool("evaluate", reviews / "model", data)
    assert done.status == 0
    assert done.err == (
        f"attnpool: {data} has no column 'review', 'label'; "
        "reading 'text' as the text and '标签' as the label\n"
    )


@pytest.fixture
def broken(tmp_path):
    """Thirty rows, of which each third is ragged or, to train and measure, without a label."""
    rows = [("正面" if i % 2 else "负面", f"房间{i}很好") for i in range(60)]
    for i in range(2, 60, 5):
        rows[i] = ("正面",) if i % 2 else ("", "没有", "标签")
    return write_csv(tmp_path / "rows.csv", [("label", "review"), *rows])


PLACES = range(3, 61, 5)
NAMED = "12 bad rows left out: rows 3, 8, 13, 18, 23, 28, 33, 38, 43, 48 …"


@pytest.mark.parametrize("command", ["train", "evaluate", "report", "explain", "predict"])
def test_rows_that_are_left_out_are_named(attnpool, reviews, broken, tmp_path, command):
    bad = tmp_path / "bad.csv"
    arguments = {
        "train": (broken, "-o", tmp_path / "m"),
        "evaluate": (reviews / "model", broken),
        "report": (reviews / "model", broken, "-o", tmp_path / "o.html"),
        "explain": (reviews / "model", "--data", broken),
        "predict": (reviews / "model", broken, "-o", tmp_path / "OUT.CSV"),
    }[command]
    done = attnpool(command, *arguments, "--bad-rows", bad)
    assert done.status == 0
    assert NAMED in (done.err if command == "explain" else done.out)
    with bad.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["file", "row", "reason"]
    assert [(name, int(place)) for name, place, _ in rows] == [(str(broken), p) for p in PLACES]
    assert {reason for *_, reason in rows} == {
        "1 field where 2 are expected",
        "3 fields where 2 are expected",
    }
    refused = attnpool(command, *arguments, "--bad-rows", bad)
    assert refused.status == 2
    if command in ("evaluate", "explain"):
        assert "bad.csv exists; pass --overwrite to replace it" in refused.err
        assert attnpool(command, *arguments, "--bad-rows", bad, "--overwrite").status == 0


def test_bad_rows_in_json(attnpool, reviews, broken, tmp_path):
    done = attnpool("evaluate", reviews / "model", broken, "--json", "--skip-bad-rows")
    figures = json.loads(done.out)
    assert (figures["skipped"], figures["skipped_rows"]) == (12, list(PLACES))


def test_the_error_names_more_than_the_first(fails, reviews, broken):
    told = fails("evaluate", reviews / "model", broken)
    assert told.endswith(
        "rows.csv, row 3: 3 fields where 2 are expected (11 more bad rows: 8, 13, 18, 23, 28, 33, "
        "38, 43, 48 …); fix the file, or use --skip-bad-rows\n"
    )


def test_bad_rows_of_the_validation_file(attnpool, headerless, broken, tmp_path):
    done = attnpool(
        *("train", headerless / "named.csv", "-o", tmp_path / "m", "--validation", broken),
        *("--bad-rows", tmp_path / "bad.csv"),
    )
    assert done.status == 0
    assert f"{broken}: {NAMED}" in done.out
    assert str(broken) in (tmp_path / "bad.csv").read_text("utf-8")


@pytest.mark.parametrize("name", ["in.csv", "out.csv"])
def test_bad_rows_overwrite_nothing_else(fails, reviews, tmp_path, name):
    data = write_csv(tmp_path / "in.csv", [("label", "review"), ("正面", "好")])
    told = fails(
        *("predict", reviews / "model", data, "-o", tmp_path / "out.csv", "--overwrite"),
        *("--bad-rows", tmp_path / name),
    )
    assert "is the input file" in told or "is the output too" in told


def test_triplets_that_are_left_out_are_named(attnpool, matching, tmp_path):
    rows = [("a", "b", "c"), ("a", "b"), ("a", "", "c"), ("a", "b", "c")]
    data = write_csv(tmp_path / "t.csv", [("anchor", "positive", "negative"), *rows])
    done = attnpool("evaluate", matching / "triplets", data, "--skip-bad-rows", "--json")
    assert json.loads(done.out)["skipped_rows"] == [2, 3]


def test_training_points_out_suspect_labels(attnpool, tmp_path):
    rows = [("fast" if i % 2 else "slow,fast", f"text {i}") for i in range(30)]
    data = write_csv(tmp_path / "r.csv", [("label", "text"), *rows, ("nan", "a"), ("nan", "b")])
    done = attnpool("train", data, "-o", tmp_path / "m", "--json")
    warnings = " ".join(json.loads(done.out)["warnings"])
    assert "2 rows have the label 'nan', which may be a missing value" in warnings
    assert "labels such as 'slow,fast' look like several labels" in warnings


def test_training_points_out_html(attnpool, tmp_path):
    rows = "".join(
        f"{i % 2},{'good' if i % 2 else 'bad'} room {i}&nbsp;<br />\n" for i in range(20)
    )
    data = tmp_path / "r.csv"
    data.write_text(f"label,text\n{rows}")
    said = "20 of 20 texts hold HTML, such as '&nbsp;'; --cleanup html leaves it out"
    assert said in attnpool("train", data, "-o", tmp_path / "m").out
    assert "HTML" not in attnpool("train", data, "-o", tmp_path / "n", "--cleanup", "html").out


def test_bad_rows_never_replace_what_is_read_or_written(attnpool, reviews, tmp_path):
    data = tmp_path / "val.csv"
    data.write_text((reviews / "test.csv").read_text("utf-8"), "utf-8")
    before, model = data.read_bytes(), tmp_path / "m"
    words = ("train", reviews / "few.csv", "-o", model, "--validation", data, "--overwrite")
    assert "is read too" in attnpool(*words, "--bad-rows", data).err
    assert "is the output too" in attnpool(*words, "--bad-rows", model).err
    assert "is the output too" in attnpool(*words, "--bad-rows", model / "bad.csv").err
    config = reviews / "model" / "config.json"
    words = ("evaluate", reviews / "model", data, "--overwrite")
    assert "is inside" in attnpool(*words, "--bad-rows", config).err
    assert "writes CSV" in attnpool(*words, "--bad-rows", tmp_path / "b.xlsx").err
    assert data.read_bytes() == before
    assert not model.exists()


def test_a_file_given_as_a_text_is_pointed_out(attnpool, reviews):
    file = reviews / "test.csv"
    done = attnpool("explain", reviews / "model", file)
    assert done.status == 0
    assert f"{file} is a file; to explain its rows: --data {file}" in done.err


def test_control_characters_of_a_name_stay_away_from_the_terminal(attnpool, reviews, tmp_path):
    data = tmp_path / "a\x1b[31mred.csv"
    data.write_text((reviews / "few.csv").read_text("utf-8"), "utf-8")
    assert "\x1b" not in attnpool("train", data, "-o", tmp_path / "m").out


def test_rows_left_out_of_validation_are_in_json(attnpool, reviews, tmp_path):
    data = tmp_path / "val.csv"
    data.write_text("label,review\n正面,很好\n,没有\n负面,太差\n", "utf-8")
    words = ("train", reviews / "few.csv", "-o", tmp_path / "m", "--validation", data)
    figures = json.loads(attnpool(*words, "--skip-bad-rows", "--json").out)
    assert figures["skipped_elsewhere"] == {str(data): {"skipped": 1, "skipped_rows": [2]}}
