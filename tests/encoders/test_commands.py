"""Every command takes a model on an encoder; what makes no sense is one line."""

import json

import pytest

from attnpool.cli import run

from .conftest import LABELS, TEXTS


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "films.csv"
    lines = [f"{label},{text}" for text, label in zip(TEXTS, LABELS, strict=True)]
    path.write_text("\n".join(["label,text", *lines]) + "\n", "utf-8")
    return str(path)


@pytest.fixture(scope="module")
def model(rows, tiny, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("models") / "model")
    assert run(["train", rows, "-o", folder, "--encoder", tiny]) == 0
    return folder


def test_a_rate_that_leaves_out_the_encoder_is_not_said(rows, tiny, tmp_path, capsys):
    assert run(["train", rows, "-o", str(tmp_path / "own")]) == 0
    assert "texts a second" in capsys.readouterr().out
    assert run(["train", rows, "-o", str(tmp_path / "m"), "--encoder", tiny]) == 0
    out = capsys.readouterr().out
    assert "trained on" in out
    assert "texts a second" not in out


def test_evaluate_predict_explain_and_report(model, rows, tmp_path, capsys):
    assert run(["evaluate", model, rows, "--json", "--faithfulness"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n"] == len(TEXTS)
    assert "contribution" in figures["faithfulness"]["methods"]
    assert run(["predict", model, rows, "-o", str(tmp_path / "p.jsonl"), "--explain"]) == 0
    assert len((tmp_path / "p.jsonl").read_text("utf-8").splitlines()) == len(TEXTS)
    capsys.readouterr()
    assert run(["explain", model, "a wonderful film", "--format", "json"]) == 0
    one = json.loads(capsys.readouterr().out)
    values = sum(token["value"] for token in one["tokens"][0])
    assert values + one["base"] + one["bias"] == pytest.approx(one["logit"], abs=1e-4)
    assert run(["report", model, rows, "-o", str(tmp_path / "page.html")]) == 0


@pytest.mark.parametrize("layers", ["all", "1"])
def test_trained_and_whole(rows, tiny, layers, tmp_path):
    out = str(tmp_path / "m")
    asked = ["train", rows, "-o", out, "--encoder", tiny, "--train-encoder", layers]
    assert run([*asked, "--with-encoder", "--no-linear"]) == 0
    config = json.loads((tmp_path / "m" / "config.json").read_text("utf-8"))
    assert config["model"]["encoder"]["source"] is None
    assert config["model"]["encoder"]["trained"] == (-1 if layers == "all" else 1)
    assert run(["explain", out, "dull"]) == 0


BAD = {
    "no encoder to train": (["--train-encoder", "all"], "name it with --encoder"),
    "no encoder to write": (["--with-encoder"], "name it with --encoder"),
    "no encoder to download": (["--download"], "name it with --encoder"),
    "no layers": (["--encoder", "TINY", "--train-encoder", "some"], "give none, all or a number"),
    "fewer than none": (["--encoder", "TINY", "--train-encoder", "-1"], "--train-encoder -1: give"),
    "too many layers": (["--encoder", "TINY", "--train-encoder", "7"], "the encoder has 2 layers,"),
    "its own tokenizer": (["--encoder", "TINY", "--tokenizer", "words"], "has its own tokenizer"),
    "no folder": (["--encoder", "./none/of/these"], "no such folder"),
    "not stored here": (["--encoder", "nobody/nothing"], "allow the download (--download"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_options(case, rows, tiny, tmp_path, capsys):
    options, message = BAD[case]
    options = [tiny if option == "TINY" else option for option in options]
    assert run(["train", rows, "-o", str(tmp_path / "m"), *options]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert message in said[-1]
    assert not (tmp_path / "m").exists()
