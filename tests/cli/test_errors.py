"""Bad input: one line on stderr, exit status 2, nothing written."""

import json
import shutil

import pytest
from tests.cli.files import write_csv

HEAD = ("label", "review")


@pytest.fixture
def fails(attnpool, tmp_path):
    """Run a command line that must fail, and give its one line."""

    def call(*arguments):
        before = sorted(p for p in tmp_path.rglob("*"))
        done = attnpool(*arguments)
        assert done.status == 2
        assert done.out == ""
        assert done.err.count("\n") == 1
        assert done.err.startswith("attnpool: ")
        assert "Traceback" not in done.err
        assert sorted(p for p in tmp_path.rglob("*")) == before
        return done.err

    return call


def train(data, out):
    return ("train", data, "-o", out)


def test_missing_file(fails, tmp_path):
    assert "no-such.csv" in fails(*train(tmp_path / "no-such.csv", tmp_path / "m"))


def test_missing_column_names_those_that_exist(fails, tmp_path):
    data = write_csv(tmp_path / "d.csv", [("rating", "words"), ("1", "好")])
    message = fails(*train(data, tmp_path / "m"))
    assert "rating" in message
    assert "words" in message


def test_a_row_without_a_label_says_which_and_can_be_skipped(fails, attnpool, tmp_path):
    rows = [HEAD, *[("好", "房间干净"), ("差", "房间很差")] * 10, ("", "没有标签")]
    data = write_csv(tmp_path / "d.csv", rows)
    message = fails(*train(data, tmp_path / "m"))
    assert "d.csv" in message
    assert "21" in message
    assert "--skip-bad-rows" in message
    done = attnpool(*train(data, tmp_path / "m"), "--skip-bad-rows", "--json")
    assert json.loads(done.out)["skipped"] == 1


def test_one_class_only(fails, tmp_path):
    data = write_csv(tmp_path / "d.csv", [HEAD, *[("好", "房间干净")] * 9])
    assert "at least two classes" in fails(*train(data, tmp_path / "m"))


def test_empty_file(fails, tmp_path):
    (tmp_path / "d.csv").write_bytes(b"")
    assert "empty" in fails(*train(tmp_path / "d.csv", tmp_path / "m"))


def test_not_text_at_all(fails, tmp_path):
    (tmp_path / "d.csv").write_bytes(b"label,review\n1,\xff\xfe\xff\x80\x81\n" * 20)
    assert "--encoding" in fails(*train(tmp_path / "d.csv", tmp_path / "m"))


def test_an_output_that_is_no_model_stays(fails, reviews, tmp_path):
    place = tmp_path / "thesis"
    place.mkdir()
    (place / "chapter.txt").write_text("years of work")
    for more in ((), ("--overwrite",)):
        assert "not a model" in fails(*train(reviews / "train.csv", place), *more)


def test_a_model_is_replaced_only_with_overwrite(fails, reviews, tmp_path):
    shutil.copytree(reviews / "model", tmp_path / "m")
    assert "--overwrite" in fails(*train(reviews / "train.csv", tmp_path / "m"))


@pytest.mark.parametrize("command", ["evaluate", "explain", "predict"])
def test_a_damaged_model(fails, reviews, tmp_path, command):
    shutil.copytree(reviews / "model", tmp_path / "m")
    with (tmp_path / "m" / "model.safetensors").open("r+b") as file:
        file.truncate(1000)
    arguments = {
        "evaluate": ("evaluate", tmp_path / "m", reviews / "test.csv"),
        "explain": ("explain", tmp_path / "m", "好"),
        "predict": ("predict", tmp_path / "m", reviews / "test.csv", "-o", tmp_path / "o.csv"),
    }
    assert "model.safetensors is cut short" in fails(*arguments[command])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("bake",), "bake"),
        (("train",), "DATA"),
        (("train", "x.csv"), "--output"),
        (("train", "x.csv", "-o"), "-o"),
        (("train", "x.csv", "-o", "m", "--colour"), "--colour"),
        (("train", "x.csv", "-o", "m", "--heads", "many"), "--heads"),
        (("train", "x.csv", "-o", "m", "--heads", "0"), "--heads"),
        (("train", "x.csv", "-o", "m", "--heads", "2", "--pooling", "max"), "--heads"),
        (("train", "x.csv", "-o", "m", "--dataset", "hotels"), "hotel"),
        (("explain", "no-model", "好"), "no-model"),
        (("explain", "no-model"), "--data"),
        (("explain", "no-model", "好", "--format", "mosaic"), "mosaic"),
        (("predict", "no-model", "x.csv", "-o", "o.xlsx"), ".parquet"),
    ],
)
def test_wrong_usage(fails, arguments, word, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert word in fails(*arguments)


def test_options_that_make_no_sense(fails, reviews, tmp_path):
    common = train(reviews / "train.csv", tmp_path / "m")
    for options, word in [
        (("--pooling", "median"), "average"),
        (("--validation", "1.5"), "1.5"),
        (("--validation", "none.csv"), "none.csv"),
        (("--tokenizer", "runes"), "runes"),
        (("--cleanup", "soap"), "soap"),
        (("--max-length", "0"), "length"),
        (("--text", "title"), "title"),
        (("--label", "stars"), "stars"),
        (("--encoding", "klingon"), "klingon"),
    ]:
        assert word in fails(*common, *options)


def test_explain_what_the_model_does_not_know(fails, reviews):
    for options, word in [(("--target", "中性"), "正面"), (("--method", "guess"), "attention")]:
        assert word in fails("explain", reviews / "model", "好", *options)


def test_evaluate_a_label_the_model_does_not_know(fails, reviews, tmp_path):
    data = write_csv(tmp_path / "d.csv", [HEAD, ("正面", "很好"), ("中性", "还行")])
    message = fails("evaluate", reviews / "model", data)
    assert "row 2" in message
    assert "中性" in message


def test_pairs_are_not_for_a_classifier(fails, tmp_path):
    data = write_csv(tmp_path / "d.csv", [("label", "text_a", "text_b"), ("1", "好", "好的")])
    assert "--text" in fails(*train(data, tmp_path / "m"))
