"""JSON documents: arrays, wrapped ones, and every form that pandas writes."""

import json
from pathlib import Path

import pytest

from attnpool.data import read

ROWS = [{"label": 1, "text": "好\n的"}, {"label": 0, "text": "差"}, {"label": 1, "text": "行"}]
COLUMNS = {name: [row[name] for row in ROWS] for name in ("label", "text")}
FORMS = {
    "records": ROWS,
    "data": {"data": ROWS},
    "any key": {"version": "1", "reviews": ROWS},
    "several lists": {"features": [{"name": "label"}], "rows": ROWS, "num_rows_total": 3},
    "web service": {"rows": [{"row_idx": i, "row": row} for i, row in enumerate(ROWS)]},
    "nested": {"result": {"records": ROWS}, "status": "ok"},
    "columns": {n: {str(i): v for i, v in enumerate(c)} for n, c in COLUMNS.items()},
    "named index": {n: {f"r{i}": v for i, v in enumerate(c)} for n, c in COLUMNS.items()},
    "index": {str(i): row for i, row in enumerate(ROWS)},
    "split": {
        "columns": ["label", "text"],
        "index": [0, 1, 2],
        "data": [list(row.values()) for row in ROWS],
    },
    "table": {
        "schema": {"fields": [{"name": "index"}], "primaryKey": ["index"]},
        "data": [{"index": i, **row} for i, row in enumerate(ROWS)],
    },
    "list": COLUMNS,
    "wrapped columns": {"data": COLUMNS},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["r.json", "r.jsonl", "R.JSON"])
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_document_is_its_rows(write, form, name, indent, encoding):
    content = json.dumps(FORMS[form], ensure_ascii=False, indent=indent)
    rows = read(write(name, content, encoding), originals=True)
    assert rows.texts == (["好\n的", "差", "行"],)
    assert rows.labels == ["1", "0", "1"]
    assert rows.originals["text"] == ["好\n的", "差", "行"]


@pytest.mark.parametrize("key", ["said", "0"])
def test_columns_of_unknown_names(write, key):
    for form in (
        {key: {"0": "a", "1": "b"}, "mine": {"0": 1, "1": 0}},
        {"0": {key: "a", "mine": 1}, "1": {key: "b", "mine": 0}},
    ):
        rows = read(write("r.json", json.dumps(form)), text=[key], label="mine")
        assert (rows.texts, rows.labels) == ((["a", "b"],), ["1", "0"])


@pytest.mark.parametrize(
    "row", [{"text": "a", "label": 1}, {"text": "a", "label": 1, "tags": [{"x": 1}, {"x": 2}]}]
)
@pytest.mark.parametrize("indent", [None, 1])
def test_one_object_is_one_row(write, row, indent):
    assert read(write("r.jsonl", json.dumps(row, indent=indent))).texts == (["a"],)


def test_rows_of_an_array_are_numbered(write, fails):
    write("r.json", json.dumps([*ROWS, "x", {"text": "", "label": 1}, {"text": ["a"]}], indent=1))
    assert fails("r.json") == (
        "r.json, row 4: not a JSON object (2 more bad rows: 5, 6); "
        "fix the file, or use --skip-bad-rows"
    )
    assert len(read("r.json", skip_bad_rows=True)) == 3


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ([["a", 1]], "the rows are lists, without the names of columns"),
        ([1, 2], "no JSON object in it"),
        ({"train": ROWS, "test": ROWS}, "several lists of objects, under 'train', 'test'; save"),
        ({"text": ["a"], "label": [1, 2]}, "its columns are not of one length"),
        ({"meta": {"a": 1}}, "one column, so no labels"),
        ([], "no JSON object in it"),
        ({}, "no columns in it; give a file with a column of texts"),
    ],
)
def test_other_documents_are_one_line(write, fails, form, why):
    assert why in fails(write("r.json", json.dumps(form)))


def test_a_damaged_document(write, fails):
    write("r.json", json.dumps(ROWS, indent=1)[:-2])
    assert "not valid JSON" in fails("r.json") or "no line is a JSON object" in fails("r.json")


LISTED = [{"label": ["bad"], "text": "a"}, {"label": ["good"], "text": "b"}]
SEVERAL = [*LISTED, {"label": ["slow", "broken"], "text": "c"}, {"label": [1, 2], "text": "d"}]


def save(name, rows):
    if name.endswith(".parquet"):
        import polars as pl

        rows = [{**row, "label": [str(label) for label in row["label"]]} for row in rows]
        pl.DataFrame(rows, schema_overrides={"label": pl.List(pl.String)}).write_parquet(name)
    elif name.endswith(".jsonl"):
        Path(name).write_text("\n".join(map(json.dumps, rows)))
    elif name.endswith(".txt"):
        lines = (" ".join([*(f"__label__{x}" for x in r["label"]), r["text"]]) for r in rows)
        Path(name).write_text("\n".join(lines))
    else:
        Path(name).write_text(json.dumps(rows))
    return name


FILES = ["r.jsonl", "r.json", "r.parquet", "r.txt"]


@pytest.mark.parametrize("name", FILES)
def test_a_label_in_a_list_of_one(write, name):
    write("x", "")
    rows = read(save(name, [*LISTED, {"label": [], "text": "c"}]), skip_bad_rows=True)
    assert (rows.texts, rows.labels, rows.skipped) == ((["a", "b"],), ["bad", "good"], 1)


@pytest.mark.parametrize("name", FILES)
def test_several_labels_are_one_line(write, fails, name):
    write("x", "")
    unit = "row" if name in ("r.json", "r.parquet") else "line"
    assert fails(save(name, SEVERAL)) == (
        f"{name}, {unit} 3: 2 labels ('slow', 'broken'), and multilabel classification is not "
        "supported: keep one label per row, or train a model for each label "
        f"(1 more bad {unit}: 4); fix the file, or use --skip-bad-rows"
    )
    assert len(read(name, skip_bad_rows=True)) == 2
    # To predict, labels do not matter.
    assert read(name, labelled=False).texts == (["a", "b", "c", "d"],)


def test_lists_in_other_columns_stay_bad(write, fails):
    write("r.jsonl", '{"text": ["a"], "label": ["x"]}\n' * 2)
    assert "'text' holds a list" in fails("r.jsonl")
    write("r.jsonl", '{"text": "a", "label": [[0, 3, "x"]]}\n')
    assert "'label' holds a list" in fails("r.jsonl")
    assert read(write("r.csv", "label,text\n['bad'],a\n")).labels == ["['bad']"]


@pytest.mark.parametrize(
    "line", ["__label__bad too slow", "  __label__bad  too slow", "too slow __label__bad"]
)
@pytest.mark.parametrize("name", ["r.txt", "r.csv", "r.tsv"])
def test_fasttext(write, line, name):
    rows = read(write(name, f"{line}\n\n__label__好 very good, quick\n"), originals=True)
    assert [text.strip() for text in rows.texts[0]] == ["too slow", "very good, quick"]
    assert rows.labels == ["bad", "好"]
    assert rows.originals.columns == ["label", "text"]


def test_fasttext_without_a_label(write, fails):
    write("r.txt", "__label__bad too slow\nquick\n")
    assert "r.txt, line 2: no label" in fails("r.txt")
    assert read("r.txt", labelled=False).texts == (["too slow", "quick"],)


def test_a_row_with_too_many_values_is_a_bad_row(write, fails):
    document = {"columns": ["text", "label"], "data": [["a", 1], ["b", 0, "x"], ["c", 0]]}
    name = write("r.json", json.dumps(document))
    assert fails(name).startswith("r.json, row 2: not a JSON object")
    assert read(name, skip_bad_rows=True).texts == (["a", "c"],)
