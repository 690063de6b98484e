"""What evaluate, report and explain say first where the model knows the rows from training."""

import json

import pytest
from tests.cli.files import write_csv

from attnpool.data.demo_rows import load_demo

FIGURES = "700 of 700 rows were trained on; these figures are too optimistic."
PREDICTIONS = (
    "700 of 700 rows were trained on; on new rows the model is less often right and less certain."
)


def test_evaluate_begins_with_it(attnpool, reviews):
    asked = ("evaluate", reviews / "model", reviews / "train.csv")
    assert attnpool(*asked).out.startswith(f"{FIGURES}\naccuracy ")
    form = json.loads(attnpool(*asked, "--json").out)
    assert form["known"] == {"trained": 700, "validation": 0, "of": 700}
    held = ("evaluate", reviews / "model", reviews / "test.csv")
    assert attnpool(*held).out.startswith("accuracy ")
    assert json.loads(attnpool(*held, "--json").out)["known"]["trained"] == 0


def test_report_begins_with_it(attnpool, reviews, tmp_path):
    out = tmp_path / "page.html"
    attnpool("report", "--lang", "en", reviews / "model", reviews / "train.csv", "-o", out)
    first, _ = out.read_text("utf-8").split('<p class="lead"')[1:3]
    assert FIGURES in first
    attnpool(
        "report", "--lang", "en", reviews / "model", reviews / "test.csv", "-o", out, "--overwrite"
    )
    assert "too optimistic" not in out.read_text("utf-8")


def test_explain_begins_with_it_and_keeps_its_json(attnpool, reviews, tmp_path):
    asked = ("explain", reviews / "model", "--data", reviews / "train.csv")
    said = PREDICTIONS.replace("700 of 700", "2 of 2")
    assert attnpool(*asked, "--limit", "2", "--lang", "en").out.startswith(said)
    done = attnpool(*asked, "--limit", "2", "--format", "json")
    assert len(json.loads(done.out)) == 2
    assert said in done.err
    attnpool(*asked, "--limit", "2", "--lang", "en", "-o", tmp_path / "page.html")
    assert f">{said}</p>" in (tmp_path / "page.html").read_text("utf-8")
    texts = attnpool("explain", reviews / "model", load_demo("sentiment").texts[0][0])
    assert "trained on" not in texts.out + texts.err
    held = attnpool("explain", reviews / "model", "--data", reviews / "test.csv", "--limit", "2")
    assert "trained on" not in held.out + held.err


def test_without_hashes_it_is_not_known(attnpool, reviews, tmp_path):
    model = tmp_path / "m"
    data = write_csv(tmp_path / "d.csv", [("label", "review"), ("好", "房间"), ("差", "隔音")])
    assert attnpool("train", data, "-o", model, "--no-hashes").status == 0
    assert not (model / "known_texts.safetensors").exists()
    assert json.loads(attnpool("evaluate", model, data, "--json").out)["known"] is None
    assert "trained on" not in attnpool("evaluate", model, data).out
    attnpool("report", "--lang", "en", model, data, "-o", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "If these rows are among the training rows, these figures are too optimistic." in page


@pytest.mark.parametrize("name", ["siamese", "triplet"])
def test_pairs_are_called_pairs(attnpool, matching, name):
    shown = attnpool("evaluate", matching / name, matching / "pairs.csv").out
    assert " of 40 pairs were trained on" in shown.splitlines()[0]
