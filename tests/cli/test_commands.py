import json
import re
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from tests.cli.files import write_csv

from attnpool import load


def test_train_prints_one_json_object(attnpool, reviews, tmp_path):
    done = attnpool("train", reviews / "few.csv", "-o", tmp_path / "m", "--json")
    form = json.loads(done.out)
    assert done.status == 0
    assert done.err == ""
    assert set(form) >= {
        *("accuracy", "macro_f1", "n_train", "n_validation", "epochs", "seconds"),
        *("texts_per_second", "padding_share"),
    }
    assert form["n_train"] + form["n_validation"] == 50
    assert form["padding_share"] < 0.2


def test_evaluate_reads_as_training_did(attnpool, reviews):
    form = json.loads(attnpool("evaluate", reviews / "model", reviews / "test.csv", "--json").out)
    assert form["n"] == 200
    assert form["accuracy"] >= 0.88
    assert set(form["per_class"]) == {"正面", "负面"}
    table = attnpool("evaluate", reviews / "model", reviews / "test.csv").out
    assert f"{form['accuracy']:.3f}" in table
    assert "正面" in table


def test_explain_texts_in_every_format(attnpool, reviews, tmp_path, stdin):
    texts = ("房间很干净，但是隔音太差", "服务热情")
    shown = attnpool("explain", reviews / "model", *texts)
    assert "隔音" in re.sub("[⟦⟧⟨⟩+−]", "", shown.out)
    one = json.loads(attnpool("explain", reviews / "model", texts[0], "--format", "json").out)
    assert one["texts"] == [texts[0]]
    several = json.loads(attnpool("explain", reviews / "model", *texts, "--format", "json").out)
    assert [form["texts"][0] for form in several] == list(texts)
    stdin("\n".join(texts))
    assert (
        json.loads(attnpool("explain", reviews / "model", "-", "--format", "json").out) == several
    )
    done = attnpool("explain", reviews / "model", *texts, "-o", tmp_path / "page.html")
    assert done.status == 0
    assert "<!doctype html>" in (tmp_path / "page.html").read_text("utf-8").lower()
    assert (
        attnpool("explain", reviews / "model", texts[0], "-o", tmp_path / "page.html").status == 2
    )


def test_explain_target_and_heads(attnpool, reviews):
    arguments = ("explain", reviews / "model", "房间很干净", "--target", "负面", "--format", "json")
    assert json.loads(attnpool(*arguments).out)["target"] == "负面"
    plain = attnpool("explain", reviews / "model", "房间很干净").out
    assert len(attnpool("explain", reviews / "model", "房间很干净", "--heads").out) > len(plain)


def test_explain_a_file_knows_the_true_labels(attnpool, reviews):
    done = attnpool(
        *("explain", reviews / "model", "--data", reviews / "test.csv"),
        *("--limit", "5", "--format", "json"),
    )
    forms = json.loads(done.out)
    assert len(forms) == 5
    assert {form["label"] for form in forms} <= {"正面", "负面"}


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_predict_writes_what_the_model_says(attnpool, reviews, tmp_path, suffix):
    out = tmp_path / f"out.{suffix}"
    done = attnpool("predict", reviews / "model", reviews / "test.csv", "-o", out, "--explain")
    assert done.status == 0
    read = {"csv": pl.read_csv, "jsonl": pl.read_ndjson, "parquet": pl.read_parquet}[suffix]
    frame = read(out)
    model = load(reviews / "model")
    assert frame.columns[:3] == ["label", "review", "prediction"]
    texts = frame["review"].to_list()
    assert frame["prediction"].to_list() == model.predict(texts).tolist()
    first = model.explain(texts[:1])[0].sides[0]
    starts, weights = frame["start"][0], frame["weights"][0]
    if suffix == "csv":
        starts, weights = json.loads(starts), json.loads(weights)
    assert list(starts) == first.spans[:, 0].tolist()
    found = np.array([list(head) for head in weights])
    if suffix == "parquet":  # float16, see docs/scale.md
        np.testing.assert_array_equal(found, first.weights.astype(np.float16))
    else:
        np.testing.assert_allclose(found, first.weights, atol=1e-7)
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


def test_predict_needs_no_labels(attnpool, reviews, tmp_path):
    data = write_csv(tmp_path / "new.csv", [("review",), ("房间很干净",), ("",)])
    done = attnpool("predict", reviews / "model", data, "-o", tmp_path / "out.csv")
    assert done.status == 0
    assert pl.read_csv(tmp_path / "out.csv").height == 2


def test_datasets_lists_every_named_set(attnpool):
    names = [d["name"] for d in json.loads(attnpool("datasets", "--json").out)]
    assert {"hotel", "thucnews-titles", "sst2"} <= set(names)
    shown = attnpool("datasets").out
    assert all(name in shown for name in names)


def test_a_named_set_brings_its_cleanup_and_its_labels(attnpool, tmp_path):
    rows = [("label", "review"), *[(i % 2, f"[哈哈]{'好棒'[: i % 2 + 1]}天{i}") for i in range(40)]]
    data = write_csv(tmp_path / "weibo_senti_100k.csv", rows)
    common = ("train", data, "--dataset", "weibo-senti-100k")
    assert attnpool(*common, "-o", tmp_path / "m").status == 0
    model = load(tmp_path / "m")
    assert model.cleanup == ("bracket-emoji",)
    assert model.classes_.tolist() == ["正面", "负面"]
    assert attnpool(*common, "-o", tmp_path / "n", "--cleanup", "none").status == 0
    assert load(tmp_path / "n").cleanup == ()


def test_version_and_help_of_every_command(attnpool):
    assert attnpool().out == attnpool("--help").out
    assert attnpool("--version").out.startswith("attnpool ")
    for command in ("demo", "train", "evaluate", "explain", "predict", "datasets"):
        done = attnpool(command, "--help")
        assert done.status == 0
        assert "--help" in done.out
        assert command in attnpool("--help").out


def test_help_and_import_do_not_load_torch():
    code = (
        "import sys; from attnpool.cli import run; status = run(['--help']);"
        "import attnpool; dir(attnpool);"
        "heavy = {'torch', 'numpy', 'sklearn', 'matplotlib', 'polars', 'jinja2'};"
        "heavy &= set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy or status else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_explaining_is_by_contribution_unless_another_method_is_named(attnpool, reviews, tmp_path):
    def methods(*more):
        form = json.loads(attnpool("explain", reviews / "model", "房间很干净", *more).out)
        return form["method"], [token["value"] for token in form["tokens"][0]]

    default = methods("--format", "json")
    assert default == methods("--format", "json", "--method", "contribution")
    assert default[0] == "contribution"
    looked = methods("--format", "json", "--method", "attention")
    assert looked[0] == "attention"
    assert sum(looked[1]) == pytest.approx(1, abs=1e-5)
    # Attention is one click away on the page.
    page = tmp_path / "p.html"
    attnpool("explain", reviews / "model", "房间很干净", "-o", page)
    assert 'data-own="贡献"' in page.read_text("utf-8")
    assert '<div data-row="注意力"' in page.read_text("utf-8")
    attnpool(
        "predict", reviews / "model", reviews / "test.csv", "-o", tmp_path / "c.jsonl", "--explain"
    )
    attnpool(
        "predict", reviews / "model", reviews / "test.csv", "-o", tmp_path / "a.jsonl", "--explain",
        "--method", "attention",
    )  # fmt: skip
    moved, looked = (
        json.loads((tmp_path / name).read_text("utf-8").splitlines()[0])["value"]
        for name in ("c.jsonl", "a.jsonl")
    )
    assert min(moved) < 0 <= min(looked)
    assert sum(looked) == pytest.approx(1, abs=1e-5)


def test_a_method_for_predictions_that_are_not_explained_is_refused(attnpool, reviews, tmp_path):
    done = attnpool(
        "predict",
        reviews / "model",
        reviews / "test.csv",
        "-o",
        tmp_path / "o.csv",
        "--method",
        "lcs",
    )
    assert done.status == 2
    assert done.err == "attnpool: --method does nothing without --explain; leave it out\n"
