import json

import pytest
from tests.cli.files import write_csv


def test_report_writes_a_page_on_every_row(attnpool, reviews, tmp_path):
    out = tmp_path / "page.html"
    done = attnpool("report", "--lang", "en", reviews / "model", reviews / "test.csv", "-o", out)
    assert done.status == 0
    assert done.out.startswith(f"wrote {out}: ")
    page = out.read_text("utf-8")
    for words in (
        "model on test.csv",
        "accuracy",
        "macro F1",
        "What drives each class",
        "validation rows",
    ):
        assert words in page
    assert (
        attnpool(
            "report", "--lang", "en", reviews / "model", reviews / "test.csv", "-o", out
        ).status
        == 2
    )


def test_the_accuracy_is_that_of_evaluate(attnpool, reviews, tmp_path):
    out = tmp_path / "page.html"
    attnpool(
        "report",
        "--lang",
        "en",
        reviews / "model",
        reviews / "test.csv",
        "-o",
        out,
        "--method",
        "attention",
    )
    found = json.loads(attnpool("evaluate", reviews / "model", reviews / "test.csv", "--json").out)
    page = out.read_text("utf-8")
    assert f"<dd>{found['accuracy']:.1%}</dd>" in page
    assert f"<dd>{found['macro_f1']:.3f}</dd>" in page
    assert "What drives each class" in page


@pytest.mark.parametrize("head", [("review",), ("label", "review")])
def test_rows_without_labels_are_shown(attnpool, reviews, tmp_path, head):
    texts = [("房间很干净",), ("隔音太差",)]
    rows = texts if len(head) == 1 else [("", "房间很干净"), ("负面", "隔音太差")]
    data = write_csv(tmp_path / "new.csv", [head, *rows])
    done = attnpool("report", "--lang", "en", reviews / "model", data, "-o", tmp_path / "page.html")
    assert done.status == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.count('<article class="sample">') == 2
    assert ("macro F1" in page) == (len(head) == 2)


def test_bad_input_is_one_line(fails, reviews, tmp_path):
    asked = ("report", reviews / "model", reviews / "test.csv", "-o")
    assert ".html" in fails(*asked, tmp_path / "page.txt")
    assert "unknown method" in fails(*asked, tmp_path / "page.html", "--method", "magic")
    data = write_csv(tmp_path / "other.csv", [("label", "review"), ("紫色", "房间很干净")])
    assert "紫色" in fails("report", reviews / "model", data, "-o", tmp_path / "page.html")


@pytest.mark.parametrize("kind", ["siamese", "alignment", "triplet"])
def test_pairs_are_shown_with_score_and_verdict(attnpool, matching, tmp_path, kind):
    out = tmp_path / "page.html"
    done = attnpool("report", "--lang", "en", matching / kind, matching / "held.csv", "-o", out)
    assert done.status == 0, done.err
    page = out.read_text("utf-8")
    assert page.count('<p class="name">B</p>') == page.count('<article class="sample">') == 20
    assert page.count("threshold") == 20
    assert "macro F1" in page


def test_a_text_is_shown_with_its_label(attnpool, matching, tmp_path):
    out = tmp_path / "page.html"
    done = attnpool("report", "--lang", "en", matching / "label", matching / "texts.csv", "-o", out)
    assert done.status == 0, done.err
    assert out.read_text("utf-8").count('<article class="sample">') == 40
