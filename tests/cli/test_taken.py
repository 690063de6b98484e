"""`train` says in one line what it took of the file."""

import json

import pytest
import xlsxwriter

from attnpool.data.demo_rows import load_demo


@pytest.fixture
def train(attnpool, tmp_path):
    def call(data, *options):
        done = attnpool("train", data, "-o", tmp_path / "m", *options)
        assert done.status == 0
        return done.out

    return call


@pytest.fixture(scope="module")
def lines():
    rows = load_demo("sentiment")
    return list(zip(rows.labels, rows.texts[0], strict=True))[:40]


@pytest.mark.parametrize(
    ("encoding", "suffix", "mark", "said"),
    [
        ("gb18030", ".csv", ",", "GB18030; comma-separated"),
        ("utf-16", ".tsv", "\t", "UTF-16; tab-separated"),
        ("utf-8-sig", ".csv", ";", "UTF-8; semicolon-separated"),
    ],
)
def test_the_first_line_says_columns_encoding_separator_tokenizer_and_classes(
    train, lines, tmp_path, encoding, suffix, mark, said
):
    data = tmp_path / f"r{suffix}"
    text = "\n".join(f"{label}{mark}{text}" for label, text in [("情感", "评论"), *lines])
    data.write_text(text, encoding)
    first, *_ = train(data).splitlines()
    assert first == (
        f"read {data}: text '评论'; label '情感'; {said}; tokenizer characters; 2 classes"
    )


def test_a_workbook_names_its_sheet(train, lines, tmp_path):
    with xlsxwriter.Workbook(tmp_path / "r.xlsx") as book:
        for name in ("rows", "more"):
            sheet = book.add_worksheet(name)
            for i, row in enumerate([("label", "review"), *lines]):
                sheet.write_row(i, 0, row)
    assert "; sheet 'rows', the first of several; " in train(tmp_path / "r.xlsx").splitlines()[0]


def test_a_matcher_names_its_match(train, tmp_path):
    rows = load_demo("pairs")
    pairs = list(zip(rows.labels, *rows.texts, strict=True))[:40]
    data = tmp_path / "p.tsv"
    data.write_text("\n".join("\t".join(row) for row in [("label", "text_a", "text_b"), *pairs]))
    said = "texts 'text_a', 'text_b'; label 'label'; UTF-8; tab-separated; tokenizer characters"
    first, *_ = train(data, "--match", "不匹配").splitlines()
    assert first == f"read {data}: {said}; 2 classes; a match is '不匹配'"


def test_json_has_the_same(train, lines, tmp_path):
    data = tmp_path / "r.jsonl"
    data.write_text("".join(json.dumps({"label": a, "text": b}) + "\n" for a, b in lines))
    assert json.loads(train(data, "--json"))["read"] == {
        "dataset": None,
        "text": ["text"],
        "label": "label",
        "encoding": "utf-8",
        "encoding_assumed": False,
        "separator": None,
        "header": True,
        "sheet": None,
        "tokenizer": "characters",
        "classes": 2,
        "match": None,
    }
