"""Bad input to matchers: one line on stderr, exit status 2, nothing written."""

import json

import pytest
import torch
from tests.cli.files import TRIPLETS, write_csv

HEAD = ("label", "text_a", "text_b")
ROWS = [("1", "怎么退款", "如何退款"), ("0", "怎么退款", "今天下雨")] * 6


@pytest.fixture
def pairs(tmp_path):
    return write_csv(tmp_path / "pairs.csv", [HEAD, *ROWS])


@pytest.fixture
def texts(tmp_path):
    return write_csv(tmp_path / "texts.csv", [("label", "review"), ("好", "很干净"), ("差", "脏")])


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--task", "guess"), "guess"),
        (("--architecture", "mosaic"), "mosaic"),
        (("--task", "classify", "--architecture", "label"), "--architecture label is for --task"),
        (("--task", "classify", "--text", "a", "--text", "b"), "reads one text column, not 2"),
        (("--task", "match", "--balance"), "--balance is for classifiers"),
        (("--architecture", "siamese", "--balance"), "--balance is for classifiers"),
        ((*TRIPLETS, "--label", "x"), "leave --label out"),
        ((*TRIPLETS, "--architecture", "siamese"), "siamese reads two text columns, not 3"),
        ((*TRIPLETS, "--text", "more"), "4 text columns"),
        (("--text", "a", "--text", "a"), "--text a is given twice"),
        (("--architecture", "label", "--text", "a", "--text", "b"), "one text column, not 2"),
        (("--architecture", "interaction", "--heads", "2"), "one head"),
        (("--architecture", "alignment", "--pooling", "max"), "pools with attention"),
    ],
)
def test_options_that_contradict_each_other(fails, tmp_path, options, word):
    # Before the file is looked for: there is none.
    assert word in fails("train", tmp_path / "no.csv", "-o", tmp_path / "m", *options)


def test_what_the_rows_do_not_hold(fails, pairs, texts, tmp_path):
    for data, options, word in (
        (pairs, ("--task", "classify"), "has pairs (text_a, text_b); name the one"),
        (pairs, ("--balance",), "--balance is for classifiers"),
        (pairs, ("--architecture", "label"), "label reads one text column"),
        (texts, ("--match", "好"), "--match is for pairs"),
        (texts, ("--task", "match"), "--architecture label"),
        (texts, ("--architecture", "triplet"), "triplet reads two or three text columns"),
    ):
        message = fails("train", data, "-o", tmp_path / "m", *options)
        assert str(data) in message or "leave it out" in message
        assert word in message


def test_ragged_rows_of_pairs(fails, attnpool, tmp_path):
    lines = ["\t".join((a, b, label)) for label, a, b in ROWS]
    lines[4] = "怎么退款\t如何退款"
    (tmp_path / "d.txt").write_text("\n".join(lines), encoding="utf-8")
    common = ("train", tmp_path / "d.txt", "--dataset", "lcqmc", "-o", tmp_path / "m")
    assert "row 5: 2 fields where 3 are expected" in fails(*common)
    assert json.loads(attnpool(*common, "--skip-bad-rows", "--json").out)["skipped"] == 1


def test_triplets_without_positives(fails, tmp_path):
    for label in ("0", "1"):
        data = write_csv(
            tmp_path / "d.csv", [HEAD, *[(label, "退款", f"下雨{i}") for i in range(9)]]
        )
        message = fails("train", data, "-o", tmp_path / "m", "--architecture", "triplet")
        assert f"all 9 pairs have the label '{label}'" in message
    rows = [(f"标签{i}", "退款", "下雨") for i in range(5)]
    data = write_csv(tmp_path / "d.csv", [HEAD, *rows])
    message = fails("train", data, "-o", tmp_path / "m", "--architecture", "triplet")
    assert "5 labels ('标签0', '标签1', '标签2', '标签3' and 1 more); triplets need two" in message


def test_a_triplet_without_one_of_its_texts(fails, attnpool, tmp_path):
    rows = [(f"问{i}", f"问题{i}", "下雨") for i in range(12)]
    rows[2] = ("问", " ", "下雨")
    data = write_csv(tmp_path / "d.csv", [("anchor", "positive", "negative"), *rows])
    common = ("train", data, "-o", tmp_path / "m", *TRIPLETS)
    assert f"{data}, row 3: one of its texts is empty" in fails(*common)
    form = json.loads(attnpool(*common, "--skip-bad-rows", "--json").out)
    assert form["skipped"] == 1
    assert form["n_train"] + form["n_validation"] == 22


def test_one_text_where_two_are_needed(fails, matching, stdin):
    common = ("explain", matching / "siamese")
    assert "one text; this model compares two" in fails(*common, "怎么退款")
    assert "3 texts, one left over" in fails(*common, "怎么", "退", "款")
    stdin("怎么退款\t如何退款\n怎么退款\n")
    assert "stdin, line 2 has one text" in fails(*common, "-")


def test_a_file_of_texts_for_a_matcher(fails, matching, texts, tmp_path):
    model, column = matching / "siamese", ("--text", "review")
    for command in (
        ("evaluate", model, texts),
        ("explain", model, "--data", texts),
        ("predict", model, texts, "-o", tmp_path / "o.csv"),
    ):
        message = fails(*command, *column)
        assert f"{texts} has one text per row (review); this model compares two" in message


def test_a_file_of_pairs_for_a_classifier(fails, matching, reviews, pairs, tmp_path):
    columns = ("--text", "text_a", "--text", "text_b")
    for model in (reviews / "model", matching / "label"):
        for command in (
            ("evaluate", model, pairs),
            ("explain", model, "--data", pairs),
            ("predict", model, pairs, "-o", tmp_path / "o.csv"),
        ):
            assert f"{pairs} has pairs (text_a, text_b)" in fails(*command, *columns)


def test_triplets_where_pairs_are_read(fails, matching, tmp_path):
    model, data = matching / "triplets", matching / "triplets.csv"
    for command in (
        ("explain", model, "--data", data),
        ("predict", model, data, "-o", tmp_path / "o.csv"),
    ):
        assert "3 texts per row (anchor, positive, negative)" in fails(*command)
    assert "has 3 texts per row" in fails("evaluate", matching / "label", data, *TRIPLETS)


def test_labels_to_rank(fails, matching, reviews):
    common = ("explain", matching / "label", "很好")
    for labels, word in (
        ("正面", "give two or more"),
        ("正面,正面", "each once"),
        ("正面,,负面", "one of the labels is empty"),
    ):
        assert word in fails(*common, "--labels", labels)
    message = fails(*common, "--labels", "好,坏", "--target", "正面")
    assert "unknown target '正面'; the labels are '好', '坏'" in message
    for model in (reviews / "model", matching / "label" / ".." / "alignment"):
        assert "is for models of --architecture label" in fails(
            "explain", model, "很", "好", "--labels", "好,坏"
        )


def test_triplets_that_tell_nothing(fails, tmp_path):
    head = ("anchor", "positive", "negative")
    data = write_csv(tmp_path / "d.csv", [head, *[(f"退款{i}", "下雨", "下雨") for i in range(9)]])
    message = fails("train", data, "-o", tmp_path / "m", *TRIPLETS)
    assert "in all 9 triplets positive and negative are the same text" in message


def test_labels_to_rank_are_for_models_that_rank(fails, matching):
    for command, more in (("evaluate", ()), ("report", ("-o", "no.html"))):
        message = fails(
            command, matching / "siamese", matching / "pairs.csv", *more, "--labels", "a,b"
        )
        assert "--candidates is for models of --architecture label" in message


def test_a_label_that_is_not_ranked(attnpool, fails, matching, tmp_path):
    data = write_csv(tmp_path / "d.csv", [("label", "review"), ("正面", "很好"), ("天气", "下雨")])
    done = attnpool("evaluate", matching / "label", data)
    assert "1 row has a label that is not ranked ('天气'): counted as wrong" in done.out
    data = write_csv(tmp_path / "d.csv", [("label", "review"), ("天气", "下雨")])
    message = fails("evaluate", matching / "label", data)
    assert "row 1: the label '天气'" in message
    assert "name all with --candidates" in message
    known = ("--labels", "正面,负面,天气", "--faithfulness")
    assert "leave --candidates out" in fails("evaluate", matching / "label", data, *known)


def test_memory_that_does_not_suffice_is_one_line(fails, matching, monkeypatch):
    def exhaust(*_, **__):
        return torch.zeros(1 << 46)

    monkeypatch.setattr("attnpool.estimators.matcher.TextMatcher.predict_proba", exhaust)
    message = fails("evaluate", matching / "siamese", matching / "held.csv")
    assert "not enough memory" in message
