"""The commands with pairs, triplets, and texts with labels."""

import json
import re

import numpy as np
import polars as pl
import pytest
from tests.cli.files import TRIPLETS, write_csv

from attnpool import load
from attnpool.architectures import ARCHITECTURES
from attnpool.models.registry import MATCHERS

PAIR = ("怎么退款", "如何申请退款")


def answers(attnpool, *arguments):
    done = attnpool(*arguments)
    assert (done.status, done.err) == (0, "")
    return json.loads(done.out)


def test_the_architectures_of_the_command_are_those_of_the_library():
    assert set(MATCHERS) == set(ARCHITECTURES)


@pytest.mark.parametrize(
    ("name", "architecture"), [("siamese", "siamese"), ("triplets", "triplet"), ("label", "label")]
)
def test_the_number_of_text_columns_says_what_is_trained(matching, name, architecture):
    assert load(matching / name).architecture == architecture


def test_validation_rows_of_a_file_are_pairs(matching):
    assert load(matching / "siamese").metrics_["n_validation"] == 20
    assert load(matching / "siamese").metrics_["n_train"] == 40


def test_validation_rows_of_a_file_are_triplets(attnpool, matching, tmp_path):
    data = matching / "triplets.csv"
    common = ("train", data, "-o", tmp_path / "m", *TRIPLETS, "--validation", data, "--json")
    form = answers(attnpool, *common)
    len_rows = len(pl.read_csv(data))
    assert (form["n_train"], form["n_validation"]) == (len_rows * 2, len_rows * 2)


def test_what_training_says(attnpool, matching, tmp_path):
    done = attnpool(
        *("train", matching / "pairs.csv", "-o", tmp_path / "m", "--architecture", "triplet")
    )
    assert "validation pairs, which chose when to stop and the threshold" in done.out
    assert f"a match is '{load(tmp_path / 'm').classes_[1]}'" in done.out


def test_the_label_of_a_match_can_be_named(attnpool, fails, matching, tmp_path):
    first = str(load(matching / "siamese").classes_[0])
    common = ("train", matching / "pairs.csv", "-o", tmp_path / "m", "--match")
    assert "no pair has this label" in fails(*common, "no such")
    done = attnpool(*common, first)
    assert f"a match is '{first}'\n" in done.out
    model = load(tmp_path / "m")
    assert str(model.classes_[1]) == first
    form = answers(attnpool, "evaluate", tmp_path / "m", matching / "held.csv", "--json")
    assert form["match"] == first
    shown = answers(attnpool, "explain", tmp_path / "m", *PAIR, "--format", "json")
    assert shown["score"] == pytest.approx(shown["probabilities"][first])
    assert shown["verdict"]["match"] == (shown["prediction"] == first)


def test_the_card_says_what_the_model_is(matching, reviews):
    card = (matching / "triplet" / "README.md").read_text("utf-8")
    assert "# A matcher of two texts of attnpool" in card
    assert "by cosine distance" in card
    assert 'model.predict([("…", "…")])' in card
    label = (matching / "label" / "README.md").read_text("utf-8")
    assert 'model.predict(["…"], candidates=["…", "…"])' in label
    plain = (reviews / "model" / "README.md").read_text("utf-8")
    assert "# A text classifier of attnpool" in plain
    assert "pair" not in plain


def test_evaluate_pairs(attnpool, matching):
    form = answers(attnpool, "evaluate", matching / "siamese", matching / "held.csv", "--json")
    assert form["n"] == 20
    assert form["f1"] == form["per_class"][form["match"]]["f1"]
    model = load(matching / "siamese")
    assert form["match"] == str(model.classes_[1])
    frame = pl.read_csv(matching / "held.csv", infer_schema=False)
    odds = model.decision_function(list(frame.select("text_a", "text_b").iter_rows()))
    is_match = (frame["label"] == form["match"]).to_numpy()
    # The share of (match, other) the model puts in the right order.
    ahead = odds[is_match][:, None] - odds[~is_match]
    share = ((ahead > 0) + 0.5 * (ahead == 0)).mean()
    assert form["roc_auc"] == pytest.approx(share, abs=1e-3)
    table = attnpool("evaluate", matching / "siamese", matching / "held.csv").out
    assert f"ROC AUC {form['roc_auc']:.3f}" in table


def test_evaluate_where_there_is_no_curve(attnpool, matching, tmp_path):
    frame = pl.read_csv(matching / "held.csv", infer_schema=False)
    frame.filter(pl.col("label") == frame["label"][0]).write_csv(tmp_path / "one.csv")
    arguments = ("evaluate", matching / "siamese", tmp_path / "one.csv")
    assert answers(attnpool, *arguments, "--json")["roc_auc"] is None
    assert "not defined" in attnpool(*arguments).out


@pytest.mark.parametrize("name", ["siamese", "triplets"])
def test_evaluate_triplets(attnpool, matching, name):
    arguments = ("evaluate", matching / name, matching / "triplets.csv", *TRIPLETS)
    form = answers(attnpool, *arguments, "--json")
    frame = pl.read_csv(matching / "triplets.csv")
    share = load(matching / name).triplet_accuracy(list(frame.iter_rows()))
    known = form.pop("known")
    few = "only 20 triplets; results from fewer than 50 are not reliable"
    assert len(frame) == 20
    assert form.pop("warnings") == [few]
    counts = {"n": 20, "skipped": 0, "skipped_rows": []}
    assert form == {"triplet_accuracy": share, "ordered": share, "chance": 0.5, **counts}
    shown = attnpool(*arguments).out
    assert f"ordered right {share:.3f} of 20 triplets, chance 0.500\nwarning: {few}\n" in shown
    # The siamese model knows none of the triplets; the other was trained on most of them.
    trained = 18 if name == "triplets" else 0
    assert known == {"trained": trained, "validation": 2 if trained else 0, "of": 20}
    said = (
        "18 of 20 triplets were trained on and 2 chose when training stopped; these figures are "
        "too optimistic.\n"
    )
    assert shown.startswith(said) == bool(trained)


def test_triplets_know_a_match_by_number_and_by_name(attnpool, matching, tmp_path):
    lines = ["怎么退款\t如何退款\t1", "怎么退款\t今天下雨\t0"] * 3
    (tmp_path / "d.txt").write_text("\n".join(lines), encoding="utf-8")
    common = ("evaluate", matching / "triplets", tmp_path / "d.txt", "--dataset", "lcqmc")
    form = answers(attnpool, *common, "--json")
    assert form["match"] == "1"
    assert {name: of["n"] for name, of in form["per_class"].items()} == {"0": 3, "1": 3}


def test_explain_a_pair(attnpool, matching, tmp_path):
    arguments = ("explain", matching / "alignment", *PAIR)
    form = answers(attnpool, *arguments, "--format", "json")
    assert form["task"] == "match"
    assert form["texts"] == list(PAIR)
    assert [len(tokens) for tokens in form["tokens"]] == [4, 6]
    assert form["verdict"]["threshold"] == 0.5
    assert form["verdict"]["match"] == (form["score"] >= 0.5)
    assert np.array(form["alignment"]).shape == (4, 6)
    assert np.array(form["alignment"]).sum(axis=1) == pytest.approx(np.ones(4))
    arguments += ("--lang", "en")
    shown = attnpool(*arguments).out
    assert "threshold 0.5" in shown
    assert {line[:3] for line in shown.splitlines()} >= {"A  ", "B  "}
    assert attnpool(*arguments, "-o", tmp_path / "page.html").status == 0
    assert "threshold" in (tmp_path / "page.html").read_text("utf-8")


def test_explain_several_pairs(attnpool, matching, stdin):
    other = ("发票怎么开", "")
    common = ("explain", matching / "siamese")
    forms = answers(attnpool, *common, *PAIR, *other, "--format", "json")
    assert [tuple(form["texts"]) for form in forms] == [PAIR, other]
    stdin("\n".join("\t".join(pair) for pair in (PAIR, other)))
    assert answers(attnpool, *common, "-", "--format", "json") == forms


def test_explain_a_file_of_pairs(attnpool, matching):
    common = ("explain", matching / "triplet", "--data", matching / "held.csv")
    forms = answers(attnpool, *common, "--limit", "5", "--format", "json")
    assert len(forms) == 5
    assert {len(form["texts"]) for form in forms} == {2}
    assert all(form["label"] for form in forms)
    assert forms[0]["verdict"]["score"] == "cosine"
    target = forms[0]["label"]
    aimed = answers(attnpool, *common, "--limit", "2", "--format", "json", "--target", target)
    assert {form["target"] for form in aimed} == {target}


def test_explain_ranks_labels_that_training_never_saw(attnpool, matching):
    common = ("explain", matching / "label", "房间很干净", "--format", "json")
    assert set(answers(attnpool, *common)["probabilities"]) == {"正面", "负面"}
    form = answers(attnpool, *common, "--labels", "正面, 天气", "--target", "天气")
    assert set(form["probabilities"]) == {"正面", "天气"}
    assert form["texts"] == ["房间很干净", "天气"]


@pytest.mark.parametrize("explain", [(), ("--explain",)])
@pytest.mark.parametrize("name", ["siamese", "triplet"])
def test_predict_pairs(attnpool, matching, tmp_path, name, explain):
    out = tmp_path / "out.parquet"
    done = attnpool("predict", matching / name, matching / "held.csv", "-o", out, *explain)
    assert (done.status, done.err) == (0, "")
    frame = pl.read_parquet(out)
    given = pl.read_csv(matching / "held.csv", infer_schema=False)
    assert frame.select(given.columns).equals(given)
    model = load(matching / name)
    names = [str(name) for name in model.classes_]
    parts = [f"{part}_{side}" for side in (1, 2) for part in ("start", "end", "weights", "value")]
    assert frame.columns == [
        *(*given.columns, "prediction", "probability", *(f"probability_{n}" for n in names)),
        *("score", *(parts if explain else ())),
    ]
    explained = model.explain(list(given.select("text_a", "text_b").iter_rows()))
    assert frame["prediction"].to_list() == [e.prediction for e in explained]
    assert frame["score"].to_list() == pytest.approx([e.score for e in explained], abs=1e-5)
    if explain:
        assert frame.schema["value_2"] == pl.List(pl.Float16)
        half = explained[3].sides[1].values.astype("float16")
        assert frame["value_2"][3].to_list() == pytest.approx(half.tolist(), rel=1e-3)


def test_predict_with_new_labels(attnpool, matching, tmp_path):
    frames = []
    for explain in ((), ("--explain",)):
        out = tmp_path / f"out{len(explain)}.parquet"
        done = attnpool(
            *("predict", matching / "label", matching / "texts.csv", "-o", out),
            *("--labels", "正面,天气", *explain),
        )
        assert done.status == 0
        frames.append(pl.read_parquet(out))
    own = ["prediction", "probability", "probability_正面", "probability_天气"]
    assert frames[0].columns == ["label", "review", *own]
    assert frames[1].columns == ["label", "review", *own, "start", "end", "weights", "value"]
    assert frames[0]["probability_天气"].to_list() == pytest.approx(
        frames[1]["probability_天气"].to_list(), abs=1e-5
    )


def test_a_column_called_score_is_named(fails, matching, tmp_path):
    data = write_csv(tmp_path / "d.csv", [("text_a", "text_b", "score"), ("好", "很好", "1")])
    message = fails("predict", matching / "siamese", data, "-o", tmp_path / "o.csv")
    assert "has a column 'score'" in message


def test_evaluate_and_report_with_new_labels(attnpool, matching, tmp_path):
    rows = [("label", "review"), ("正面", "房间很干净"), ("天气", "今天下雨"), ("天气", "明天下雪")]
    rows += [("负面", f"隔音很差{i}") for i in range(3)]
    data = write_csv(tmp_path / "d.csv", rows)
    common = matching / "label", data, "--labels", "正面,负面,天气"
    form = json.loads(attnpool("evaluate", *common, "--json").out)
    assert form["per_class"]["天气"]["n"] == 2
    assert form["n"] == 6
    attnpool("report", "--lang", "en", *common, "-o", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "天气" in page
    assert "removing the coloured" not in page  # its measures know the model's own labels


def test_explain_says_how_the_labels_rank(attnpool, matching):
    asked = ("explain", matching / "label", "房间很干净", "--labels", "正面,负面,天气,体育,财经")
    line = attnpool(*asked).out.splitlines()[0]
    shares = re.findall(r"(\S+) [<>]?([\d.]+)%", line.split(" · ")[0])
    assert len(shares) == 4  # the answer, and the three behind it
    assert len({name for name, _ in shares}) == 4
    assert [float(p) for _, p in shares] == sorted((float(p) for _, p in shares), reverse=True)
