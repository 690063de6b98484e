"""Labels of one value in several spellings, and labels that a model does not know."""

import itertools
import json
import unicodedata

import polars as pl
import pytest
from tests.cli.files import write_csv

from attnpool import TextClassifier, TextMatcher, load, report
from attnpool.errors import InputError

TEXTS = [("the lamp is broken", "the lamp works well")[i % 2] + f" {i}" for i in range(40)]
NOTE = "2 rows have labels the model does not know ('5', 'x'): counted as wrong"


def written(folder, spelling, extra=()):
    """The rows in one spelling of 0 and 1, and further labels."""
    texts, kind = [*TEXTS, *[f"the pump leaks {i}" for i in range(len(extra))]], spelling[0]
    labels = [*(spelling[1][i % 2] for i in range(40)), *extra]
    path = folder / f"{'-'.join(map(str, spelling[1]))}-{len(extra)}.{kind}"
    if kind == "csv":
        write_csv(path, [("label", "text"), *zip(labels, texts, strict=True)])
    elif kind == "parquet":
        pl.DataFrame({"label": labels, "text": texts}).write_parquet(path)
    else:
        rows = [{"label": a, "text": b} for a, b in zip(labels, texts, strict=True)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


NUMBERS = [
    ("csv", ("0", "1")),
    ("csv", ("0.0", "1.0")),
    ("csv", (" 0", "1 ")),
    ("csv", ("0e0", "1E0")),
    ("csv", ("０", "１")),
    ("parquet", (0, 1)),
    ("parquet", (0.0, 1.0)),
    ("parquet", ("0.0", "1.0")),
    ("jsonl", (0, 1)),
    ("jsonl", (0.0, 1.0)),
    ("jsonl", ("0", "1.0")),
]
BOOLEANS = [
    ("csv", ("false", "true")),
    ("csv", ("False", "True")),
    ("csv", ("FALSE", "TRUE")),
    ("parquet", (False, True)),
    ("jsonl", (False, True)),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A model for each pair of labels that a file may be trained with."""
    folder = tmp_path_factory.mktemp("labels")
    for names in (("0", "1"), ("0.0", "1.0"), ("false", "true"), ("True", "False")):
        labels = [names[i % 2] for i in range(40)]
        TextClassifier(epochs=8).fit(TEXTS, labels).save(folder / "-".join(names))
    return folder


@pytest.mark.parametrize(
    ("model", "spelling"),
    [
        *itertools.product(("0-1", "0.0-1.0"), NUMBERS),
        *itertools.product(("false-true",), BOOLEANS),
    ],
)
def test_a_label_is_known_in_any_spelling(attnpool, models, tmp_path, model, spelling):
    done = attnpool("evaluate", models / model, written(tmp_path, spelling), "--json")
    form = json.loads(done.out)
    assert form["accuracy"] == 1
    assert list(form["per_class"]) == load(models / model).classes_.tolist()
    assert form["unknown_labels"] == {}


def test_trained_on_one_spelling_and_validated_on_another(attnpool, tmp_path):
    whole, point = (written(tmp_path, NUMBERS[i]) for i in (0, 1))
    for train, held in ((whole, point), (point, whole)):
        model = tmp_path / train.stem
        assert attnpool("train", train, "-o", model, "--validation", held).status == 0
        form = json.loads(attnpool("evaluate", model, held, "--json").out)
        assert form["accuracy"] == load(model).metrics_["accuracy"] == 1
        shown = attnpool("explain", model, "--data", held, "--limit", "4", "--format", "lines").out
        assert "✗" not in shown


def test_a_file_with_two_spellings_has_one_class_for_both(attnpool, tmp_path):
    rows = [(f"{i % 2}{'.0' * (i > 20)}", text) for i, text in enumerate(TEXTS)]
    data = write_csv(tmp_path / "r.csv", [("label", "text"), *rows])
    attnpool("train", data, "-o", tmp_path / "m")
    assert load(tmp_path / "m").classes_.tolist() == ["0", "1"]


@pytest.mark.parametrize("names", [("1.1", "1.10"), ("007", "7"), ("1", "true"), ("a", "A")])
def test_other_labels_stay_apart(attnpool, tmp_path, names):
    rows = [(names[i % 2], text) for i, text in enumerate(TEXTS)]
    data = write_csv(tmp_path / "r.csv", [("label", "text"), *rows])
    attnpool("train", data, "-o", tmp_path / "m")
    assert set(load(tmp_path / "m").classes_) == set(names)
    assert json.loads(attnpool("evaluate", tmp_path / "m", data, "--json").out)["accuracy"] == 1


@pytest.fixture
def held(tmp_path):
    return written(tmp_path, NUMBERS[0], extra=("5", "x"))


def test_evaluate_counts_an_unknown_label_as_wrong(attnpool, models, held):
    form = json.loads(attnpool("evaluate", models / "0-1", held, "--json").out)
    assert form["n"] == 42
    assert form["accuracy"] == pytest.approx(40 / 42)
    assert form["majority_accuracy"] == pytest.approx(20 / 42)
    assert form["unknown_labels"] == {"5": 1, "x": 1}
    assert form["per_class"]["5"]["recall"] == form["per_class"]["x"]["f1"] == 0
    assert form["warnings"][0] == NOTE
    shown = attnpool("evaluate", models / "0-1", held).out
    assert f"warning: {NOTE}\n" in shown
    assert [line.split()[::4] for line in shown.splitlines()[-2:]] == [["5", "1"], ["x", "1"]]


def test_unknown_labels_are_skipped_where_asked(attnpool, models, held):
    form = json.loads(attnpool("evaluate", models / "0-1", held, "--skip-bad-rows", "--json").out)
    assert (form["n"], form["accuracy"], form["skipped"]) == (40, 1, 2)
    assert form["unknown_labels"] == {}
    assert list(form["per_class"]) == ["0", "1"]


@pytest.mark.parametrize("command", ["evaluate", "report", "train"])
@pytest.mark.parametrize("skip", [(), ("--skip-bad-rows",)])
def test_only_unknown_labels_are_an_error(fails, models, tmp_path, command, skip):
    data = written(tmp_path, NUMBERS[0])
    other = written(tmp_path, ("csv", ("负面", "正面")))
    words = {
        "evaluate": ("evaluate", models / "0-1", other),
        "report": ("report", models / "0-1", other, "-o", tmp_path / "r.html"),
        "train": ("train", data, "-o", tmp_path / "m", "--validation", other),
    }[command]
    message = fails(*words, *skip)
    assert "row 1: the label '负面' is not among " in message
    assert message.endswith(": '0', '1'; check --label, or fix the labels\n")


def test_report_and_explain_show_them_as_wrong(attnpool, models, held, tmp_path):
    out = tmp_path / "r.html"
    assert attnpool("report", "--lang", "en", models / "0-1", held, "-o", out).status == 0
    page = out.read_text("utf-8")
    assert f"{NOTE.replace(chr(39), '&#39;')}." in page
    asked = ("--data", held, "--format", "lines")
    lines = attnpool("explain", models / "0-1", *asked).out
    assert lines.count("✗") == 2
    done = attnpool(
        "report", "--lang", "en", models / "0-1", held, "-o", tmp_path / "s.html", "--skip-bad-rows"
    )
    assert "40 rows, 2 bad rows left out" in done.out
    assert "does not know" not in (tmp_path / "s.html").read_text("utf-8")


@pytest.mark.parametrize("skip", [False, True])
def test_validation_counts_them_as_wrong(attnpool, held, tmp_path, skip):
    options = ("--validation", held, *["--skip-bad-rows"] * skip)
    data = written(tmp_path, NUMBERS[0])
    done = attnpool("train", data, "-o", tmp_path / "m", *options)
    said = "2 validation rows have labels that no training rows have: counted as wrong"
    assert done.status == 0
    assert (f"warning: {said}\n" in done.out) is not skip
    metrics = load(tmp_path / "m").metrics_
    assert metrics["n_validation"] == (40 if skip else 42)
    assert metrics["accuracy"] == pytest.approx(1 if skip else 40 / 42)


def test_candidates_that_do_not_name_all_labels(attnpool, held, tmp_path):
    model = TextMatcher(architecture="label", epochs=3)
    model.fit(TEXTS, [str(i % 2) for i in range(40)]).save(tmp_path / "m")
    asked = ("evaluate", tmp_path / "m", held, "--json", "--candidates")
    form = json.loads(attnpool(*asked, "0,1").out)
    assert (
        form["warnings"][0] == "2 rows have labels that are not ranked ('5', 'x'): counted as wrong"
    )
    assert form["accuracy"] <= 40 / 42
    form = json.loads(attnpool(*asked, "0.0,1.0,5,x").out)
    assert form["unknown_labels"] == {}
    assert list(form["per_class"]) == ["0.0", "1.0", "5", "x"]


def test_pairs_with_an_unknown_label(attnpool, tmp_path):
    rows = [(i % 2, text, TEXTS[i ^ 1] if i % 2 else text) for i, text in enumerate(TEXTS)]
    head = ("label", "text_a", "text_b")
    train = write_csv(tmp_path / "t.csv", [head, *rows])
    held = write_csv(tmp_path / "h.csv", [head, *rows, ("maybe", "a", "b")])
    for name in ("siamese", "triplet"):
        model = tmp_path / name
        options = ("--architecture", name, "--validation", held)
        assert attnpool("train", train, "-o", model, *options).status == 0
        form = json.loads(attnpool("evaluate", model, held, "--json").out)
        assert form["unknown_labels"] == {"maybe": 1}
        clean = json.loads(attnpool("evaluate", model, train, "--json").out)
        assert form["roc_auc"] == clean["roc_auc"]
        assert form["accuracy"] == pytest.approx(clean["accuracy"] * 40 / 41)


def test_python_validates_scores_explains_and_reports_them():
    labels = [str(i % 2) for i in range(40)]
    held = ([*TEXTS, "the pump leaks"], [*labels, "5"])
    model = TextClassifier(epochs=8).fit(TEXTS, labels, validation=held)
    assert model.metrics_["accuracy"] == model.score(*held) == pytest.approx(40 / 41)
    said = "1 validation row has a label that no training rows have: counted as wrong"
    assert said in model.metrics_["warnings"]
    assert model.metrics_["unknown_labels"] == 1
    assert [one.correct for one in model.explain(held[0], labels=held[1])].count(False) == 1
    page = report(model, *held)
    assert "1 row has a label the model does not know (&#39;5&#39;): counted as wrong." in page
    with pytest.raises(InputError, match="validation row 1 has the label '5', which is not in"):
        TextClassifier(epochs=1).fit(TEXTS, labels, validation=(TEXTS, ["5"] * 40))


def test_a_match_and_a_target_are_known_in_any_spelling(attnpool, models, tmp_path):
    rows = [(f"{i % 2}.0", text, TEXTS[i ^ 1]) for i, text in enumerate(TEXTS)]
    data = write_csv(tmp_path / "t.csv", [("label", "text_a", "text_b"), *rows])
    assert attnpool("train", data, "-o", tmp_path / "m", "--match", "0").status == 0
    assert load(tmp_path / "m").classes_.tolist() == ["1.0", "0.0"]
    asked = ("explain", models / "0.0-1.0", "the lamp", "--target", "1", "--format", "json")
    assert json.loads(attnpool(*asked).out)["target"] == "1.0"


def test_equivalent_labels_are_one(attnpool, tmp_path):
    for form in ("NFC", "NFD"):
        rows = "".join(
            f"{unicodedata.normalize(form, name)},{name} number {i}\n"
            for i in range(20)
            for name in ("café", "thé")
        )
        (tmp_path / f"{form}.csv").write_text(f"label,text\n{rows}", "utf-8")
    assert attnpool("train", tmp_path / "NFC.csv", "-o", tmp_path / "m").status == 0
    figures = json.loads(attnpool("evaluate", tmp_path / "m", tmp_path / "NFD.csv", "--json").out)
    assert figures["unknown_labels"] == {}


def test_the_majority_class_is_one_that_the_model_can_give(attnpool, models, tmp_path):
    data = tmp_path / "maj.csv"
    data.write_text("label,text\n" + "maybe,a b\n" * 6 + "0,c d\n" * 2 + "1,e f\n" * 3, "utf-8")
    figures = json.loads(attnpool("evaluate", models / "0-1", data, "--json").out)
    assert (figures["majority_class"], figures["majority_accuracy"]) == ("1", 3 / 11)
    assert (
        attnpool("report", "--lang", "en", models / "0-1", data, "-o", tmp_path / "r.html").status
        == 0
    )
    assert "maybe" not in (tmp_path / "r.html").read_text("utf-8").split("majority class")[1][:200]
    done = attnpool("explain", models / "0-1", "--data", data, "--format", "lines")
    assert "6 rows have labels the model does not know ('maybe')" in done.err
    done = attnpool(
        "explain", models / "0-1", "--data", data, "--skip-bad-rows", "--format", "json"
    )
    assert len(json.loads(done.out)) == 5


@pytest.mark.parametrize("how", ["map", "dataset"])
def test_rules_and_datasets_count_an_unknown_label_as_wrong_too(attnpool, tmp_path, how):
    options = {
        "map": ("--label-map", "1,2=bad", "--label-map", "4,5=good"),
        "dataset": ("--dataset", "hotel"),
    }[how]
    names = ("1", "5") if how == "map" else ("0", "1")
    lines = [f"{names[i % 2]},{('too loud', 'very nice')[i % 2]} {i}" for i in range(40)]
    train, held = tmp_path / "t.csv", tmp_path / "h.csv"
    train.write_text("\n".join(["label,review", *lines, ""]), "utf-8")
    held.write_text("\n".join(["label,review", *lines[:10], "3,odd", ",none", ""]), "utf-8")
    words = ("train", train, "-o", tmp_path / "m", *options)
    assert attnpool(*words, "--validation", train).status == 0
    done = attnpool("evaluate", tmp_path / "m", held, "--bad-rows", tmp_path / "b.csv", "--json")
    figures = json.loads(done.out)
    assert (figures["n"], figures["skipped_rows"]) == (10, [11, 12])
    held.write_text("\n".join(["label,review", *lines[:10], "3,odd", ""]), "utf-8")
    figures = json.loads(attnpool("evaluate", tmp_path / "m", held, "--json").out)
    assert (figures["n"], figures["unknown_labels"]) == (11, {"3": 1})
    words = ("train", train, "-o", tmp_path / "n", *options, "--validation", held)
    assert attnpool(*words).status == 0
