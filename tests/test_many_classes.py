"""A model of thousands of classes: what it says and draws names those that matter."""

import json
import random
import re

import numpy as np
import pytest

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher
from attnpool.cli import run
from attnpool.sanitize import quoted_list
from attnpool.view import render

CLASSES = 2_000
LABELS = [f"class {i:04d}" for i in range(CLASSES)] * 2


def texts(n):
    draw = random.Random(0)
    return [" ".join(draw.choices([f"w{i}" for i in range(400)], k=6)) for _ in range(n)]


@pytest.fixture(scope="module")
def model():
    model = TextClassifier(epochs=1, dim=4, ngrams=(), char_ngrams=())
    return model.fit(texts(len(LABELS)), LABELS, validation=None)


@pytest.fixture(scope="module")
def explanations(model):
    return model.explain(texts(40), labels=LABELS[:40])


def test_a_list_is_cut_and_its_nearest_names_come_first():
    names = [f"class {i:04d}" for i in range(7_051)]
    message = quoted_list(names, near="CLASS 0700")
    assert message.startswith("'class 0700', ")
    assert message.endswith(" and 7,041 more")
    assert len(message) < 300
    assert quoted_list(["a", "b"]) == "'a', 'b'"
    assert len(quoted_list(["x" * 10_000] * 3, near="x" * 10_000)) < 200


@pytest.mark.parametrize("long", ["", "x" * 5_000])
@pytest.mark.parametrize(
    "ask",
    [
        lambda model, name: model.explain(["w1"], target=name),
        lambda _, name: TextClassifier(epochs=1).fit(
            ["a", "b"] * CLASSES, LABELS, validation=(["a"], [name])
        ),
        lambda _, name: TextClassifier(epochs=1, class_weight={name: 1.0}).fit(
            ["a", "b"] * CLASSES, LABELS
        ),
        lambda _, name: TextMatcher(epochs=1, match_label=name).fit(
            [("a", "b")] * len(LABELS), LABELS
        ),
        lambda _, name: (
            TextMatcher(epochs=1, architecture="label")
            .fit(["a"] * 2, ["x", "y"])
            .predict(["a"], candidates=[name] * 2_000)
        ),
    ],
    ids=["target", "validation", "class_weight", "match_label", "candidates"],
)
def test_messages_that_name_classes_are_short(model, ask, long):
    with pytest.raises(InputError) as error:
        ask(model, f"Class 0700{long}")
    assert len(str(error.value)) < 900
    assert "Class 0700" in str(error.value)


def test_pages_and_pictures_are_small(explanations):
    page = render(explanations)
    assert len(page) < 1_000_000  # 32 MB before
    assert page.count('class="card') >= 40
    assert "1,997 more classes" in page or "1,996 more classes" in page
    for form in ("svg", "markdown", "terminal", "lines"):
        assert len(render(explanations[:5], form)) < 100_000


def test_a_card_says_what_it_leaves_out(explanations):
    card = render(explanations[:1])
    shown, share = re.search(r"and ([\d,]+) others, together ([\d.]+)%", card).groups()
    named = set(re.findall(r'title="(class \d+)"', card))
    one = explanations[0]
    assert {one.prediction, one.target, one.label} <= named
    assert len(named) + int(shown.replace(",", "")) == CLASSES
    rest = sum(p for name, p in one.probabilities.items() if name not in named)
    assert float(share) == pytest.approx(100 * rest, abs=0.06)


def test_json_is_complete(explanations):
    assert len(json.loads(render(explanations[:1], "json"))["probabilities"]) == CLASSES


@pytest.mark.parametrize("labelled", [True, False])
def test_reports_are_small(model, labelled):
    page = attnpool.report(model, texts(40), LABELS[:40] if labelled else None)
    assert len(page) < 400_000
    assert re.search(r"The model has 1,\d{3} more classes", page)
    assert page.count('<tr><th scope="row"><bdi>class') <= 30


def test_a_report_of_many_classes_among_its_rows_lists_the_most_frequent(model):
    rows = 80
    page = attnpool.report(model, texts(rows), [LABELS[i // 2] for i in range(rows)])
    more = re.search(r"And (\d+) more, with no more rows each", page)
    assert page.count('<tr><th scope="row"><bdi>class') == 30
    assert int(more[1]) >= 10


def test_a_report_of_tens_of_thousands_of_classes_takes_little_memory():
    from attnpool.view.report.corpus import columns
    from attnpool.view.report.figures import figures

    names = tuple(f"c{i}" for i in range(70_000))
    rows = [
        attnpool.Explanation(
            task="classify",
            sides=(),
            labels=names,
            distribution=np.full(len(names), 1 / len(names)),
            prediction=names[-1 - i % 2],
            target=names[0],
            method="attention",
            label=names[-1],
        )
        for i in range(50)
    ]
    corpus = columns(rows)
    assert corpus.classes == (names[-2], names[-1])
    assert corpus.absent == 69_998
    assert figures(corpus).accuracy == 0.5


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    model.save(folder / "model")
    with (folder / "rows.csv").open("w") as file:
        file.write("label,text\n")
        file.writelines(f"{a},{b}\n" for a, b in zip(LABELS[:60], texts(60), strict=True))
    return folder


def test_evaluate_shows_the_most_frequent_classes(saved, capsys):
    assert run(["evaluate", str(saved / "model"), str(saved / "rows.csv")]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") < 50
    assert "and 1,970 more, with no more rows each; --json has all classes" in out
    assert run(["evaluate", str(saved / "model"), str(saved / "rows.csv"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["per_class"]) == CLASSES


def test_the_card_of_a_model_names_some_classes(saved):
    card = (saved / "model" / "README.md").read_text("utf-8")
    assert len(card) < 3_000
    assert "`class 0019` and 1,980 more: all are in config.json" in card
    config = json.loads((saved / "model" / "config.json").read_text("utf-8"))
    assert len(config["classes"]) == CLASSES


def test_errors_of_commands_are_short(saved, capsys):
    assert run(["explain", str(saved / "model"), "w1", "--target", "Class 0700"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert len(error) < 600
    assert "the labels are 'class 0700', " in error
    assert " and 1,990 more" in error
