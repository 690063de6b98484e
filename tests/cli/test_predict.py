"""`predict` gives a file back as it was, with the answers behind its columns."""

import csv
import json
from datetime import date

import polars as pl
import pytest
from tests.cli.files import write_csv

OWN = ["prediction", "probability", "probability_正面", "probability_负面"]


def test_every_column_of_a_csv_file_stays_in_its_place(predict, tmp_path):
    head = ["编号", "note", "review", "score", "", "note"]
    rows = [
        ["007", 'he said "no", twice', "房间很干净", "1.50", "", "x"],
        ["8", "two\nlines", "", "", "y", ""],
    ]
    out = predict(write_csv(tmp_path / "in.csv", [head, *rows]), "out.csv")
    with out.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == [*head[:5], "note_2", *OWN]
    assert [row[:6] for row in found[1:]] == rows
    assert [len(row) for row in found] == [10] * 3


def test_json_values_of_every_kind_stay_as_they_are(predict, tmp_path):
    rows = [
        {"id": 2**70, "review": "很干净", "tags": ["a", {"b": None}], "mark": 1, "on": True},
        {"id": 1, "review": "太差", "tags": {"c": 1.0}, "mark": "两", "late": "\ud800"},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)))
    out = predict(tmp_path / "in.jsonl", "out.jsonl", "--explain")
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert list(found[0])[:7] == ["id", "review", "tags", "mark", "on", "late", "prediction"]
    rows[1]["late"] = "\ufffd"
    for row, was in zip(found, rows, strict=True):
        assert {name: row[name] for name in was} == was
    assert found[0]["late"] is found[1]["on"] is None
    as_csv = pl.read_csv(predict(tmp_path / "in.jsonl", "out.csv"), infer_schema=False)
    assert as_csv["tags"].to_list() == ['["a", {"b": null}]', '{"c": 1.0}']
    assert as_csv["mark"].to_list() == ["1", "两"]
    assert as_csv["id"].to_list() == [str(2**70), "1"]
    assert pl.read_parquet(predict(tmp_path / "in.jsonl", "o.parquet"))["mark"][1] == "两"


def test_parquet_types_stay(predict, tmp_path):
    frame = pl.DataFrame(
        {
            "when": [date(2024, 2, 29), None],
            "vector": [[1.5, float("nan")], []],
            "raw": [b"\xff", b"ok"],
            "review": ["服务热情", None],
            "score": [float("nan"), 0.5],
        }
    )
    frame.write_parquet(tmp_path / "in.parquet")
    out = pl.read_parquet(predict(tmp_path / "in.parquet", "out.parquet"))
    assert out.columns == [*frame.columns, *OWN]
    assert out.select(frame.columns).equals(frame)
    lines = predict(tmp_path / "in.parquet", "out.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0])["when"] == "2024-02-29"
    assert json.loads(lines[0])["score"] is None
    assert pl.read_csv(predict(tmp_path / "in.parquet", "out.csv"))["raw"].to_list()[1] == "ok"


def test_rows_that_are_left_out_do_not_shift_the_others(predict, tmp_path):
    (tmp_path / "in.csv").write_text("id,review\n1,很好\n2,太差,extra\n\n3,干净\n")
    frame = pl.read_csv(predict(tmp_path / "in.csv", "out.csv", "--skip-bad-rows"))
    assert frame["id"].to_list() == [1, 3]
    assert frame["review"].to_list() == ["很好", "干净"]


def test_a_file_without_header_gets_the_names_of_its_set(predict, tmp_path):
    (tmp_path / "in.txt").write_text("房间干净\t1\n隔音太差\t0\n")
    (tmp_path / "class.txt").write_text("差\n好\n")
    out = predict(tmp_path / "in.txt", "out.csv", "--dataset", "thucnews-titles-10")
    frame = pl.read_csv(out)
    assert frame.columns == ["text", "label", *OWN]
    assert frame["label"].to_list() == [1, 0]


def test_articles_get_the_names_of_their_files(predict, tmp_path):
    (tmp_path / "set" / "体育").mkdir(parents=True)
    (tmp_path / "set" / "体育" / "1.txt").write_text("题\n房间干净")
    out = predict(tmp_path / "set", "out.csv", "--dataset", "thucnews-articles")
    frame = pl.read_csv(out)
    assert frame["file"].to_list() == [f"{tmp_path}/set/体育/1.txt"]
    assert frame["label"].to_list() == ["体育"]
    assert frame["text"].to_list() == ["房间干净"]


@pytest.mark.parametrize("name", ["prediction", "probability_正面", "weights"])
def test_a_column_of_a_name_that_is_added_is_named(fails, reviews, tmp_path, name):
    data = write_csv(tmp_path / "in.csv", [("review", name), ("很好", "x")])
    common = ("predict", reviews / "model", data, "-o", tmp_path / "out.csv", "--explain")
    assert f"{data} has a column '{name}'" in fails(*common)


def test_texts_with_nothing_in_them_are_answered_alike(attnpool, predict, reviews, tmp_path, stdin):
    data = write_csv(tmp_path / "in.csv", [("id", "review"), ("1", ""), ("2", " \t")])
    frame = pl.read_csv(predict(data, "out.csv"))
    answers = set(frame.select(OWN).iter_rows())
    assert len(answers) == 1
    stdin("\n \t\n")
    probability = frame["probability"][0]
    for texts in (("", " \t"), ("-",), ("--data", data)):
        done = attnpool("explain", reviews / "model", *texts, "--format", "json")
        forms = json.loads(done.out)
        assert [max(form["probabilities"].values()) for form in forms] == [
            pytest.approx(probability)
        ] * 2
    for command in (("evaluate", reviews / "model"), ("train", "-o", tmp_path / "m")):
        data = write_csv(tmp_path / "marked.csv", [("label", "review"), ("正面", " ")])
        assert "row 1: no text in 'review'" in attnpool(*command, data).err
