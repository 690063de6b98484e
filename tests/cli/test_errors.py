"""Bad input: one line on stderr, exit status 2, nothing written."""

import json
import shutil

import pytest
from tests.cli.files import write_csv

from attnpool.cli.training_options import POOLINGS as OFFERED
from attnpool.pooling import POOLINGS

HEAD = ("label", "review")


def train(data, out):
    return ("train", data, "-o", out)


def test_missing_file(fails, tmp_path):
    assert "no-such.csv" in fails(*train(tmp_path / "no-such.csv", tmp_path / "m"))


def test_missing_column_names_those_that_exist(fails, tmp_path):
    data = write_csv(tmp_path / "d.csv", [("grade", "words"), ("1", "好")])
    message = fails(*train(data, tmp_path / "m"))
    assert "grade" in message
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
        (("explain", "no-model", "好", "--format", "html", "-o", "a.json"), "--format html"),
        (("explain", "no-model", "好", "--overwrite"), "--overwrite"),
        (("explain", "no-model", "好", "--limit", "3"), "--limit does nothing without --data"),
        (("explain", "no-model", "好", "--text", "review"), "--text does nothing"),
        (("explain", "no-model", "好", "--label", "mark"), "--label does nothing"),
        (("explain", "no-model", "好", "--dataset", "hotel"), "--dataset does nothing"),
        (("explain", "no-model", "好", "--encoding", "big5"), "--encoding does nothing"),
        (("explain", "no-model", "-", "--skip-bad-rows"), "--skip-bad-rows does nothing"),
        (("explain", "no-model", "-", "--encoding", "klingon"), "klingon"),
        (("predict", "no-model", "x.csv", "-o", "o.doc"), ".parquet"),
        (("predict", "no-model", "x.csv", "-o", ""), "it is empty; give a path"),
        (("train", "x.csv", "-o", ""), "it is empty; give a path"),
        (("demo", "--out", ""), "it is empty; give a path"),
        (("tran", "x.csv"), "Did you mean 'train'? See: attnpool --help"),
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


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--pooling", "median"), "average, min_variance"),
        (("--pooling", "max", "--heads", "2"), "--heads 2"),
        (("--faithful", "--pooling", "max"), "leave --pooling out"),
        (("--faithful", "--pooling", "attention"), "leave --pooling out"),
        (("--faithful", "--heads", "2"), "leave --heads out"),
        (("--faithful", "--pooling", "mean_query", "--heads", "2"), "leave --heads out"),
        (("--faithful", "--architecture", "label", "--heads", "2"), "classifiers only"),
        (("--pooling", "mean_query", "--heads", "2"), "--heads 2 needs --pooling attention"),
        (("--seed", str(2**32)), "--seed"),
        (("--validation", "nan"), "nan"),
        (("--validation", "none.csv"), "none.csv"),
        (("--tokenizer", "runes"), "runes"),
        (("--cleanup", "soap"), "soap"),
        (("--max-length", "some"), "some"),
        (("--encoding", "klingon"), "klingon"),
        (("--dataset", "hotels"), "(did you mean hotel?); choose from 'hotel'"),
    ],
)
def test_options_are_checked_before_the_file_is_opened(fails, tmp_path, options, word):
    assert word in fails(*train(tmp_path / "no-such.csv", tmp_path / "m"), *options)


def test_the_poolings_of_the_command_are_those_of_the_library():
    assert tuple(POOLINGS) == OFFERED


def test_labels_of_a_validation_file_that_training_did_not_have(fails, reviews, tmp_path):
    held = write_csv(tmp_path / "held.csv", [HEAD, ("中性", "还行"), ("一般", "还行")])
    common = train(reviews / "train.csv", tmp_path / "m")
    message = fails(*common, "--validation", held)
    assert f"{held}, row 1: the label '中性' is not among those of the training" in message


def test_the_text_column_named_as_the_label(fails, reviews, tmp_path):
    common = train(reviews / "train.csv", tmp_path / "m")
    assert "which column is the text?" in fails(*common, "--label", "review")
    message = fails(*common, "--label", "review", "--text", "review")
    assert "'review' cannot be both a text and the label" in message


def test_an_explicit_share_wins_over_the_rows_of_the_set(attnpool, tmp_path):
    rows = [f"{('很差', '真好')[i % 2]}{i}\t{i % 2}" for i in range(40)]
    for name, some in (("train", rows), ("dev", rows[:6])):
        (tmp_path / f"{name}.txt").write_text("\n".join(some))
    (tmp_path / "class.txt").write_text("差\n好\n")
    common = ("train", tmp_path, "--dataset", "thucnews-titles-10", "--json")
    for options, held in (((), 6), (("--validation", "0.1"), 4), (("--validation", "0"), 0)):
        done = attnpool(*common, "-o", tmp_path / f"m{held}", *options)
        assert json.loads(done.out)["n_validation"] == held


def test_explain_what_the_model_does_not_know(fails, reviews):
    for options, word in [(("--target", "中性"), "正面"), (("--method", "guess"), "attention")]:
        assert word in fails("explain", reviews / "model", "好", *options)


def test_evaluate_a_label_the_model_does_not_know(fails, reviews, tmp_path):
    data = write_csv(tmp_path / "d.csv", [HEAD, ("中性", "还行"), ("一般", "还行")])
    message = fails("evaluate", reviews / "model", data)
    assert "row 1" in message
    assert "中性" in message


def test_pairs_are_not_for_a_classifier(fails, tmp_path):
    data = write_csv(tmp_path / "d.csv", [("label", "text_a", "text_b"), ("1", "好", "好的")])
    assert "--text" in fails(*train(data, tmp_path / "m"), "--task", "classify")


def test_a_column_of_numbers_is_no_label(fails, tmp_path):
    rows = [(f"{i / 7:.3f}", f"很好{i}") for i in range(21)]
    data = write_csv(tmp_path / "d.csv", [HEAD, *rows])
    assert "the labels of all 21 texts are different" in fails(*train(data, tmp_path / "m"))
