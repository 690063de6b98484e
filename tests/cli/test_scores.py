"""Scores: grouped by rules, recognised, in order; baselines and warnings beside the figures."""

import json

import pytest
from tests.cli.files import write_csv

from attnpool import load
from attnpool.data.demo_rows import load_demo

RULES = ("--label-map", "1,2,3=差评", "--label-map", "4,5=好评")
BAD, GOOD = ("1", "2", "3"), ("4", "5")


def reviews_with_scores(path, count=120, split="train"):
    rows = load_demo("sentiment", split)
    scored = [
        (text, (GOOD[i // 2 % 2] if label == "正面" else BAD[i // 2 % 3]))
        for i, (label, text) in enumerate(zip(rows.labels, rows.texts[0], strict=True))
    ]
    return write_csv(path, [("评论内容", "评分"), *scored[:count]])


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    from attnpool.cli import run

    folder = tmp_path_factory.mktemp("scores")
    data = reviews_with_scores(folder / "train.csv")
    held = reviews_with_scores(folder / "held.csv", split="test")
    assert run(["train", str(data), "-o", str(folder / "model"), *RULES]) == 0
    return folder, data, held


def test_scores_are_grouped_and_the_model_keeps_the_rules(attnpool, grouped, tmp_path):
    folder, _, held = grouped
    model = load(folder / "model")
    assert set(model.classes_) == {"差评", "好评"}
    assert model.reading_["label_map"] == {
        **dict.fromkeys(BAD, "差评"),
        **dict.fromkeys(GOOD, "好评"),
    }
    form = json.loads(attnpool("evaluate", folder / "model", held, "--json").out)
    assert list(form["per_class"]) == ["好评", "差评"]
    assert form["accuracy"] > form["majority_accuracy"]
    out = tmp_path / "page.html"
    assert attnpool("report", "--lang", "en", folder / "model", held, "-o", out).status == 0
    assert "majority class (<bdi>" in out.read_text("utf-8")
    shown = attnpool(
        "explain", folder / "model", "--data", held, "--limit", "5", "--format", "json"
    )
    assert {one["label"] for one in json.loads(shown.out)} <= {"差评", "好评"}
    done = attnpool("predict", folder / "model", held, "-o", tmp_path / "out.csv")
    assert done.status == 0
    assert "评分" in (tmp_path / "out.csv").read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (("1,2,3=差评",), "the label '4' is in no rule of --label-map: '1,2,3=差评'"),
        (("1,2=差评", "2,3,4,5=好评"), "--label-map: the label '2' is in two rules"),
        (("1,2",), "--label-map '1,2': give LABEL,LABEL=NAME"),
        (("1,2,3=0", "4,5=1"), "'1' names a group and is also a label that becomes '0'; choose"),
    ],
)
def test_rules_that_do_not_fit_are_one_line(fails, grouped, tmp_path, rules, message):
    options = [word for rule in rules for word in ("--label-map", rule)]
    assert message in fails("train", grouped[1], "-o", tmp_path / "m", *options)


def test_a_held_file_with_an_unknown_score_is_one_line(fails, grouped, tmp_path):
    data = write_csv(tmp_path / "d.csv", [("评论内容", "评分"), ("房间", "6")])
    message = fails("evaluate", grouped[0] / "model", data)
    assert "row 1: the label '6' is not among the model's: '好评', '差评'; check --label" in message


def test_triplets_have_no_label_to_map(fails, matching, tmp_path):
    columns = ("--text", "anchor", "--text", "positive", "--text", "negative")
    message = fails("train", matching / "triplets.csv", "-o", tmp_path / "m", *columns, *RULES)
    assert "leave --label-map out" in message


def test_labels_in_order_are_said_to_look_like_scores(attnpool, grouped, tmp_path):
    advice = (
        'labels 1 to 5 look like scores, in order; to group them: --label-map "1,2=low" '
        '--label-map "3,4,5=high"'
    )
    done = attnpool("train", grouped[1], "-o", tmp_path / "m")
    assert f"warning: {advice}\n" in done.out
    done = attnpool("train", grouped[1], "-o", tmp_path / "n", "--json")
    assert advice in json.loads(done.out)["warnings"]
    done = attnpool("train", grouped[1], "-o", tmp_path / "o", *RULES)
    assert "look like scores" not in done.out


def test_numbers_are_shown_in_numeric_order(attnpool, fails, tmp_path):
    texts = [f"{word}{i}" for i in range(6) for word in ("差劲", "一般", "很好")]
    rows = [("评分", "评论"), *zip(["1", "2", "10"] * 6, texts, strict=True)]
    data = write_csv(tmp_path / "d.csv", rows)
    assert attnpool("train", data, "-o", tmp_path / "m").status == 0
    assert load(tmp_path / "m").classes_.tolist() == ["1", "10", "2"]  # as scikit-learn has it
    assert "| classes | `1`, `2`, `10` |" in (tmp_path / "m" / "README.md").read_text("utf-8")
    form = json.loads(attnpool("evaluate", tmp_path / "m", data, "--json").out)
    assert list(form["per_class"]) == ["1", "2", "10"]
    shown = attnpool("evaluate", tmp_path / "m", data).out.splitlines()
    table = shown[[line.split()[:1] for line in shown].index(["class"]) + 1 :]
    assert [line.split()[0] for line in table] == ["1", "2", "10"]
    attnpool("report", "--lang", "en", tmp_path / "m", data, "-o", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    heads = [f'<th scope="col"><bdi>{name}</bdi></th>' for name in ("1", "2", "10")]
    assert "".join(heads) in page
    (tmp_path / "page.html").unlink()
    other = write_csv(tmp_path / "e.csv", [("评分", "评论"), ("3", "很好")])
    assert "the model's: '1', '2', '10';" in fails("evaluate", tmp_path / "m", other)
    asked = ("explain", tmp_path / "m", "很好", "--target", "3")
    assert "the labels are '1', '2', '10'" in fails(*asked)


def test_training_says_baseline_warnings_and_how_many_rows_in_all(attnpool, reviews, tmp_path):
    done = attnpool("train", reviews / "train.csv", "-o", tmp_path / "m")
    assert ", majority class (" in done.out
    assert "then trained anew on all 700 rows\n" in done.out
    assert "warning" not in done.out
    metrics = load(tmp_path / "m").metrics_
    assert metrics["majority_class"] in ("正面", "负面")
    card = (tmp_path / "m" / "README.md").read_text("utf-8")
    assert f"; majority class ({metrics['majority_class']}): " in card
    assert 0.4 < metrics["majority_accuracy"] < 0.7


def test_few_rows_are_warned_of(attnpool, tmp_path):
    rows = [("label", "review"), ("好", "房间干净"), ("差", "隔音太差")]
    data = write_csv(tmp_path / "d.csv", rows)
    warnings = [
        "only 2 training rows; results from fewer than 50 are not reliable",
        "classes with fewer than 5 training rows: '好' (1), '差' (1)",
        "too few different rows to set any aside, so accuracy was not measured",
    ]
    done = attnpool("train", data, "-o", tmp_path / "m")
    assert [line for line in done.out.splitlines() if line.startswith("warning")] == [
        f"warning: {one}" for one in warnings
    ]
    done = attnpool("train", data, "-o", tmp_path / "n", "--json")
    assert json.loads(done.out)["warnings"] == load(tmp_path / "n").metrics_["warnings"] == warnings
    assert warnings[0] in (tmp_path / "m" / "README.md").read_text("utf-8")
    only = "only 2 rows; results from fewer than 50 are not reliable"
    assert only in json.loads(attnpool("evaluate", tmp_path / "m", data, "--json").out)["warnings"]
    assert f"warning: {only}\n" in attnpool("evaluate", tmp_path / "m", data).out
    attnpool("report", "--lang", "en", tmp_path / "m", data, "-o", tmp_path / "page.html")
    assert f">Warning: {only}.</p>" in (tmp_path / "page.html").read_text("utf-8")


def test_few_validation_rows_are_warned_of(attnpool, grouped, tmp_path):
    done = attnpool("train", grouped[1], "-o", tmp_path / "m", *RULES)
    few = "only 12 validation rows; results from fewer than 50 are not reliable"
    assert [line for line in done.out.splitlines() if "warning" in line] == [f"warning: {few}"]
    done = attnpool("train", grouped[1], "-o", tmp_path / "n", *RULES, "--json")
    assert json.loads(done.out)["warnings"] == load(tmp_path / "n").metrics_["warnings"] == [few]
    done = attnpool("train", grouped[1], "-o", tmp_path / "o", *RULES, "--validation", "0")
    assert "warning" not in done.out


def test_a_model_no_better_than_the_majority_class_is_said_to_be(attnpool, reviews, tmp_path):
    wrong = [("label", "review")]
    rows = load_demo("sentiment", "test")
    for label, text in zip(rows.labels, rows.texts[0], strict=True):
        wrong.append(("负面" if label == "正面" else "正面", text))
    data = write_csv(tmp_path / "d.csv", wrong)
    done = attnpool("evaluate", reviews / "model", data)
    assert "warning: no better than always predicting the majority class '" in done.out
    attnpool("report", "--lang", "en", reviews / "model", data, "-o", tmp_path / "page.html")
    assert "no better than always predicting" in (tmp_path / "page.html").read_text("utf-8")


def test_dozens_of_numeric_classes_of_pairs_are_pointed_out(attnpool, tmp_path):
    values = [f"{(i % 26) ** 2 / 125:.3f}" for i in range(78)]
    pairs = [(value, f"pump {i % 5}", f"lamp {i % 7}") for i, value in enumerate(values)]
    data = write_csv(tmp_path / "d.csv", [("score", "sentence1", "sentence2"), *pairs])
    done = attnpool("train", data, "--label", "score", "-o", tmp_path / "m")
    advice = (
        "warning: the 26 labels are numbers from 0.000 to 5.000, as scores and measurements are"
    )
    assert sum(line.startswith(advice) for line in done.out.splitlines()) == 1
