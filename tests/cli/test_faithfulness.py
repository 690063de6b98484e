"""`--faithfulness`: how far to trust a picture, as a user of the command line gets it."""

import json
import re

import pytest

from attnpool.attribution_methods import METHODS
from attnpool.view.report.of_model import measured_rows

TEXT = "房间很干净，但是隔音太差"


def test_an_explanation_carries_its_own_numbers(attnpool, reviews):
    command = ["explain", reviews / "model", TEXT, "--method", "contribution", "--format", "json"]
    assert json.loads(attnpool(*command).out)["faithfulness"] is None
    found = json.loads(attnpool(*command, "--faithfulness").out)["faithfulness"]
    assert set(found) == {"comprehensiveness", "sufficiency", "random"}
    assert found["comprehensiveness"] > found["random"]["comprehensiveness"]
    assert found["sufficiency"] < found["random"]["sufficiency"]


def test_the_terminal_says_them_in_words(attnpool, reviews):
    assert "Removing" not in attnpool("explain", "--lang", "en", reviews / "model", TEXT).out
    said = " ".join(
        attnpool("explain", "--lang", "en", reviews / "model", TEXT, "--faithfulness").out.split()
    )
    assert re.search(
        r"Removing the coloured tokens lowers the probability by 0\.\d\d; removing random ones\b",
        said,
    )
    assert "no better than chance" not in said
    one = attnpool("explain", "--lang", "en", reviews / "model", "好", "--faithfulness").out
    assert "The faithfulness of a single token cannot be measured" in " ".join(one.split())


def test_a_report_says_what_each_of_its_colourings_is_worth(attnpool, reviews, tmp_path):
    page = tmp_path / "p.html"
    attnpool("report", "--lang", "en", reviews / "model", reviews / "test.csv", "-o", page)
    said = re.findall(
        r"removing the coloured tokens lowers the probability of the prediction by ([0-9.]+)",
        page.read_text("utf-8"),
    )
    moved, looked = map(float, said)
    assert moved > looked
    assert re.search(r"On (\d+ of )?these rows, removing the", page.read_text("utf-8"))


@pytest.mark.parametrize(
    ("method", "names"),
    [
        ("attention", ["attention", "contribution"]),
        ("leave_one_out", ["leave_one_out", "attention"]),
    ],
)
def test_what_else_a_report_is_coloured_by(attnpool, reviews, tmp_path, method, names):
    (tmp_path / "few.csv").write_text(
        "\n".join((reviews / "test.csv").read_text("utf-8").splitlines()[:9]), "utf-8"
    )
    page = tmp_path / "p.html"
    attnpool(
        "report",
        "--lang",
        "en",
        reviews / "model",
        tmp_path / "few.csv",
        "-o",
        page,
        "--method",
        method,
    )
    found = re.findall(r'data-colouring="(\w+)"', page.read_text("utf-8"))
    assert found == names


def test_rows_that_say_nothing_of_others_are_not_measured(attnpool, reviews, tmp_path):
    page = tmp_path / "p.html"
    for rows in (["好", "很好", "差"], [""] * 9, ["很好，" * 9_000] * 6):
        lines = "".join(f"{number},{text}\n" for number, text in enumerate(rows))
        (tmp_path / "rows.csv").write_text(f"id,text\n{lines}", encoding="utf-8")
        attnpool(
            "report", reviews / "model", tmp_path / "rows.csv", "-o", page, "--overwrite",
            "--text", "text",
        )  # fmt: skip
        assert "removing the coloured" not in page.read_text("utf-8")


def test_few_rows_are_measured_for_a_page():
    asked = ["好" * 150] * 300
    assert len(measured_rows(asked)) == 100
    assert len(measured_rows(["好" * 1_500] * 300)) == 13
    assert len(measured_rows(["好" * 30_000, *asked])) == 100
    assert len(measured_rows([("好" * 1_000, "差" * 1_000)] * 300)) == 10


def test_random_figures_are_those_of_the_text_wherever_it_stands(attnpool, reviews):
    def figures(*texts):
        done = attnpool(
            "explain",
            reviews / "model",
            *texts,
            "--faithfulness",
            "--format",
            "json",
        )
        return json.loads(done.out)["faithfulness"] if len(texts) == 1 else [
            one["faithfulness"] for one in json.loads(done.out)
        ]  # fmt: skip

    assert figures("隔音很差", TEXT, TEXT)[1:] == [figures(TEXT)] * 2


def test_they_name_the_class_that_is_not_the_answer(attnpool, reviews):
    command = ["explain", reviews / "model", TEXT, "--faithfulness"]
    answer = json.loads(attnpool(*command, "--format", "json").out)["prediction"]
    other = "负面" if answer == "正面" else "正面"
    of_other, of_answer = (
        " ".join(attnpool(*command, "--lang", "en", "--target", one).out.split())
        for one in (other, answer)
    )
    assert f"the probability of {other}" in of_other
    assert "the probability of" not in of_answer


def test_help_names_every_method(attnpool):
    for command in ("explain", "report"):
        words = attnpool(command, "--help").out.replace("│", " ").replace(",", " ").split()
        missing = [name for name in METHODS if not {name, f"{name};", f"{name}."} & set(words)]
        assert not missing


def test_random_colours_are_not_said_to_be_where_the_model_looked(attnpool, reviews, tmp_path):
    page = tmp_path / "p.html"
    attnpool("explain", "--lang", "en", reviews / "model", TEXT, "--method", "random", "-o", page)
    assert "Amber is random" in page.read_text("utf-8")


def test_one_row_has_no_interval(attnpool, reviews, tmp_path):
    lines = (reviews / "test.csv").read_text("utf-8").splitlines()
    (tmp_path / "one.csv").write_text("\n".join(lines[:2]), encoding="utf-8")
    out = attnpool("evaluate", reviews / "model", tmp_path / "one.csv", "--faithfulness").out
    assert "on 1 row:" in out
    assert "interval" not in out
    assert not re.search(r"[0-9] to -?[0-9.]+\)", out)


def test_contributions_add_up_to_the_logit(attnpool, reviews):
    done = attnpool(
        "explain", reviews / "model", TEXT, "--method", "contribution", "--format", "json"
    )
    form = json.loads(done.out)
    values = sum(token["value"] for token in form["tokens"][0])
    assert values + form["base"] + form["bias"] == pytest.approx(form["logit"], abs=1e-4)


def test_evaluate_sets_the_methods_beside_a_random_order(attnpool, reviews, tmp_path):
    lines = (reviews / "test.csv").read_text("utf-8").splitlines()[:31]
    (tmp_path / "few.csv").write_text("\n".join(lines), "utf-8")
    command = ["evaluate", reviews / "model", tmp_path / "few.csv", "--faithfulness"]
    found = json.loads(attnpool(*command, "--json").out)["faithfulness"]
    assert found["n"] == 30
    methods = found["methods"]
    assert {"random", "attention", "contribution", "leave_one_out"} <= set(methods)
    of = {name: methods[name]["comprehensiveness"]["mean"] for name in methods}
    assert of["contribution"] > of["attention"] > of["random"]
    table = attnpool(*command).out
    assert all(name in table for name in methods)


def test_the_attention_of_a_faithful_model_comes_nearer_to_leaving_tokens_out(
    attnpool, reviews, tmp_path
):
    attnpool("train", reviews / "train.csv", "-o", tmp_path / "faithful", "--faithful")
    lines = (reviews / "test.csv").read_text("utf-8").splitlines()[:81]
    (tmp_path / "few.csv").write_text("\n".join(lines), "utf-8")
    config = json.loads((tmp_path / "faithful" / "config.json").read_text("utf-8"))
    assert (config["model"]["pooling"], config["model"]["heads"]) == ("mean_query", 1)

    def share(model):
        done = attnpool("evaluate", model, tmp_path / "few.csv", "--faithfulness", "--json")
        methods = json.loads(done.out)["faithfulness"]["methods"]
        chance, looked, left_out = (
            methods[name]["comprehensiveness"]["mean"]
            for name in ("random", "attention", "leave_one_out")
        )
        return (looked - chance) / (left_out - chance)

    assert share(tmp_path / "faithful") > share(reviews / "model") + 0.1
