"""The page on trust: real runs on the bundled rows, their figures, what people marked."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from benchmarks.results import between
from benchmarks.trust import cost, figures, measuring, methods, models, page, people
from benchmarks.trust import plan as parts
from benchmarks.trust import rationales as marked
from benchmarks.trust.__main__ import main
from benchmarks.trust.parallel import at_once
from benchmarks.trust.run_cache import Runs
from benchmarks.trust.subjects import Subject
from benchmarks.trust.variants import DEFAULT, VARIANTS

from attnpool import TextClassifier, TextMatcher
from attnpool.data.demo_rows import load_demo
from attnpool.explanation import Side

DOCS = Path(__file__).parents[2] / "docs"
SMALL = {"dim": 16, "attention_dim": 8, "epochs": 4}


def demo(task):
    rows, held = (load_demo(task, part) for part in ("train", "test"))
    if task == "pairs":
        train, test = (
            (list(zip(*part.texts, strict=True))[:200], part.labels[:200]) for part in (rows, held)
        )
        return Subject("pairs", TextMatcher, SMALL, train, test)
    train, test = ((part.texts[0][:400], part.labels[:400]) for part in (rows, held))
    return Subject(task, TextClassifier, SMALL, train, test)


@pytest.fixture
def bundled(monkeypatch):
    """The bundled rows in place of the public files."""
    monkeypatch.setattr(cost, "ENOUGH", 0.0)
    made = {"hotel": demo("sentiment"), "thucnews-titles": demo("titles"), "lcqmc": demo("pairs")}
    monkeypatch.setattr(parts, "subject", lambda name, folder: made[name])
    rows = load_demo("sentiment", "all")
    told: list[marked.Marked] = []
    for text, label, evidence in zip(rows.texts[0], rows.labels, rows.evidence, strict=True):
        words = [{"sentiment_word": word} for word in evidence]
        told.append(marked.Marked(text, label, None, marked._occurrences(text, words)))
    told = told[:400]
    twice = [marked.Marked(row.text, row.label, None, row.people * 2) for row in told[:100]]
    reads = {"car-reviews": ("one", lambda _: told), "yelp": ("two", lambda _: twice)}
    monkeypatch.setattr(parts, "SOURCES", reads)


@pytest.fixture
def docs(tmp_path):
    text = (DOCS / "trust.md").read_text("utf-8")
    for place in page.tables({"methods": {}, "every": {}, "models": {}, "people": {}}):
        text = between(text, place, page.NOTHING)
    (tmp_path / "trust.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_whole_on_bundled_rows(unchecked, bundled, docs, capsys):
    how = ["--data", "x", "--texts", "6", "--jobs", "1"]
    how += ["--runs", str(docs / "runs"), "--docs", str(docs), "--variant", DEFAULT, "sparsemax"]
    main([*how, "--seeds", "1", "--only", *parts.NAMES, "every-pair", "models"])
    text = (docs / "trust.md").read_text("utf-8")
    assert page.NOTHING not in text[: text.index("## Against people")]
    assert "nan" not in text.lower()
    found = json.loads((docs / "trust.json").read_text("utf-8"))
    assert list(found["methods"]) == ["hotel", "thucnews-titles", "lcqmc"]
    for of_set in found["methods"].values():
        assert tuple(of_set["methods"]) == methods.ORDER
        assert of_set["texts"] == 6
        assert of_set["methods"]["leave_one_out"]["tau"]["mean"] == pytest.approx(1)
        fall = {k: of["comprehensiveness"]["mean"] for k, of in of_set["methods"].items()}
        assert fall["leave_one_out"] > fall["random"]
    every = found["every"]["lcqmc"]
    assert (every["title"], every["texts"], every["seeds"]) == ("pairs, of 6 held rows", 6, 1)
    # The same model and rows as above, whose random orders alone are fewer.
    same = found["methods"]["lcqmc"]["differences"]["contribution - leave_one_out"]
    assert every["differences"]["contribution - leave_one_out"] == same
    for of_set in found["models"].values():
        assert list(of_set["variants"]) == [DEFAULT, "sparsemax"]
        assert 0 < of_set["variants"]["sparsemax"]["overlap"]["mean"] < 1
    assert found["models"]["hotel"]["variants"][DEFAULT]["accuracy"]["mean"] == pytest.approx(
        found["methods"]["hotel"]["accuracy"]
    )
    capsys.readouterr()
    # A second seed goes on where the first stopped.
    main([*how, "--seeds", "2", "--only", "hotel"])
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("seed 0: kept")
    assert second.startswith("hotel default 6 texts seed 1: ")
    after = json.loads((docs / "trust.json").read_text("utf-8"))
    assert after["methods"]["hotel"]["seeds"] == 2
    assert after["models"] == found["models"]


def test_every_pair_is_asked(unchecked, bundled, docs, monkeypatch):
    monkeypatch.setattr(parts, "FULL", 6)
    parts.Plan(docs, docs, Runs(docs / "runs"), texts=6, seeds=1).run("every-pair")
    text = (docs / "trust.md").read_text("utf-8")
    assert "| pairs, all 200 held rows | contribution − leave one out |" in text


def test_planted_words_are_found(unchecked, bundled, docs):
    parts.Plan(docs, docs, Runs(docs / "runs"), texts=80, seeds=1).run("rationales")
    text = (docs / "trust.md").read_text("utf-8")
    assert page.NOTHING not in text[text.index("## Against people") :]
    assert "nan" not in text.lower()
    of = json.loads((docs / "trust.json").read_text("utf-8"))["people"]["car-reviews"]
    assert of["texts"] == 80
    for name in ("contribution", "leave_one_out", people.TO_LABEL):
        for measure in ("token_f1", "iou_f1", "auprc"):
            assert of["differences"][f"{name} - random"][measure]["low"] > 0.02


def test_the_page_is_what_its_figures_say():
    text = (DOCS / "trust.md").read_text("utf-8")
    for place, part in page.tables(page.read(DOCS)).items():
        assert between(text, place, part) == text, f"run make trust: {place} is behind"


def test_a_method_costs_what_it_does():
    subject = demo("sentiment")
    model = subject.fit(0)
    texts = subject.asked(60)
    cheap, dear = (cost.cost(model, texts, name) for name in ("random", "leave_one_out"))
    assert dear["passes"] > cheap["passes"] > 0.5
    assert dear["texts_per_second"] < cheap["texts_per_second"]


@pytest.mark.parametrize("task", ["titles", "pairs"])
def test_the_question_asked_is_the_answer_given(task):
    subject = demo(task)
    model = subject.fit(0)
    items = subject.asked(12)
    request = measuring.ask(model, items)
    explained = model.explain(items)
    assert [model.classes_[i] for i in request.targets] == model.predict(items).tolist()
    spans = [
        side.spans for k in range(len(request.texts)) for side in (e.sides[k] for e in explained)
    ]
    np.testing.assert_array_equal(request.tokens.spans, np.concatenate(spans))


def test_the_same_rows_are_asked_of_every_model():
    subject = demo("titles")
    drawn = subject.asked(30)
    assert drawn == subject.asked(30)
    assert len(set(drawn)) == 30
    assert set(drawn) <= set(subject.test[0])
    assert drawn != subject.test[0][:30]


def test_variants_are_parameters_there_are():
    known = VARIANTS
    assert next(iter(known)) == DEFAULT
    assert {"sparsemax", "entmax15", "single tokens, no n-grams"} <= set(known)
    for given in known.values():
        TextClassifier(**given)


def run(**fall):
    """A run of two texts with these means of comprehensiveness and sufficiency."""
    return {
        "accuracy": 0.5,
        "overlap": 0.25,
        "deletion": {
            name: {"comprehensiveness": [a - 0.1, a + 0.1], "sufficiency": [b - 0.1, b + 0.1]}
            for name, (a, b) in fall.items()
        },
    }


@pytest.mark.parametrize(
    ("contribution", "no_worse"),
    [
        ((0.5, 0.2), (True, True)),
        ((0.495, 0.205), (True, True)),
        ((0.48, 0.2), (False, True)),
        ((0.5, 0.22), (True, False)),  # more is left to fall: worse
        ((0.6, 0.1), (True, True)),
    ],
)
def test_no_worse_minds_the_sign(contribution, no_worse):
    runs = [run(contribution=contribution, leave_one_out=(0.5, 0.2))] * 2
    found = methods.difference(runs, "contribution", "leave_one_out")
    assert tuple(found["no_worse"].values()) == no_worse
    assert found["sufficiency"]["low"] == pytest.approx(contribution[1] - 0.2)


def test_shares_by_hand():
    runs = [
        run(random=(0.1, 0), attention=(0.2, 0), contribution=(0.5, 0), leave_one_out=(0.5, 0)),
        run(random=(0.1, 0), attention=(0.3, 0), contribution=(0.3, 0), leave_one_out=(0.5, 0)),
    ]
    found = models.of_variant(runs)
    assert found["attention_share"]["mean"] == pytest.approx(0.375)
    assert found["attention_share"]["sd"] == pytest.approx(0.125 * 2**0.5)
    assert found["contribution_share"]["mean"] == pytest.approx(0.75)
    assert (found["seeds"], found["overlap"]) == (2, {"mean": 0.25, "sd": 0.0})
    assert np.isnan(models.share(0.2, 0.1, 0.1))


def test_intervals_are_over_texts_of_their_means_over_seeds():
    nan = float("nan")
    found = figures.interval([[0.0, 1.0, nan, nan], [1.0, 0.0, 0.5, nan]])
    assert (found["mean"], found["low"], found["high"]) == (0.5, 0.5, 0.5)
    assert figures.interval([[nan]])["mean"] is None
    assert figures.written(figures.interval([[nan]])) == "–"
    assert figures.written({"mean": -0.25, "low": -0.5, "high": -0.0001}) == (
        "−0.250 (−0.500 to 0.000)"
    )


def test_what_is_kept_is_not_measured_again(tmp_path):
    asked = []

    def measure(answer):
        asked.append(answer)
        return {"answer": answer}

    assert Runs(tmp_path).make("a b", partial(measure, 1)) == {"answer": 1}
    assert Runs(tmp_path).make("a b", partial(measure, 2)) == {"answer": 1}
    again = Runs(tmp_path, again=True, since=(tmp_path / "a-b.json").stat().st_mtime + 1)
    assert again.get("a b") is None
    assert again.make("a b", partial(measure, 3)) == {"answer": 3}
    assert asked == [1, 3]
    assert [file.name for file in tmp_path.iterdir()] == ["a-b.json"]


@pytest.mark.parametrize("processes", [1, 2])
def test_jobs_at_once(processes):
    jobs = [partial(divmod, n, 3) for n in (7, 8)]
    assert sorted(at_once(jobs, processes)) == [(2, 1), (2, 2)]


def test_words_that_are_marked():
    html = (
        '<span>It\'s</span> <span class="x active">a <b>bad</b></span> <span class="active"></span>'
    )
    assert marked.word_marks(html) == [False, True]
    assert marked.word_marks('<span class="inactive">a</span> b &amp; c <i>d</i>') == [False]
    assert marked.word_spans(" to be  to\nbe").tolist() == [[1, 3], [4, 6], [8, 10], [11, 13]]
    assert marked.word_spans("").shape == (0, 2)


def test_car_reviews_are_one_text_a_content(tmp_path):
    (tmp_path / "rationale_zh").mkdir()
    rows = [
        "油耗低，真低,油耗,1,低",
        "油耗低，真低,价格,1,贵",
        "价高,价格,-1,高",
        "价高,价格,1,高",
        "还行,,0,",
    ]
    file = tmp_path / "rationale_zh" / "car_reviews.csv"
    head = "content_id,content,subject,sentiment_value,sentiment_word"
    file.write_text("\n".join([head, *(f"1,{row}" for row in rows)]), encoding="utf-8")
    both, plain = marked.car_reviews(tmp_path)
    assert (both.text, both.label) == ("油耗低，真低", "1")
    assert both.people[0].nonzero()[0].tolist() == [2, 5]
    assert (plain.text, plain.people) == ("还行", ())


def test_people_who_answered_otherwise_do_not_count(tmp_path):
    (tmp_path / "rationale_en").mkdir()
    span = '<span class=""active"">{}</span> <span>{}</span>'.format
    every = '<span class=""active"">a</span> <span class=""active"">b</span>'
    answers = [
        ("yes", span("a", "b")),
        ("no", span("a", "b")),
        ("yes", every),
        ("yes", span("a", "b")),
    ]
    lines = [f'1,a b,{answer},"{html}"' for answer, html in answers] + [
        f'0,c d,no,"{span("c", "d")}"'
    ]
    head = "Input.label,Input.text,Answer.Q1Answer,Answer.html_output"
    for words in (50, 100):
        file = tmp_path / "rationale_en" / f"yelp_{words}words.csv"
        file.write_text("\n".join([head, *(lines if words == 50 else [])]), encoding="utf-8")
    two, one = marked.yelp(tmp_path)
    assert [marks.tolist() for marks in two.people] == [[True, False, False]] * 2
    assert (one.text, one.label, one.people) == ("c d", "0", ())


def test_a_word_has_what_its_tokens_have():
    side = Side(
        "bad! no.",
        np.array([[0, 3], [3, 4], [5, 7], [7, 8]]),
        np.ones((1, 4)) / 4,
        np.array([1.0, 0.5, -2.0, 0.25]),
        8,
    )
    units = np.array([[0, 4], [5, 8]])
    np.testing.assert_allclose(people.unit_values(side, units), [1.5, -1.75])
    np.testing.assert_allclose(people.unit_values(side, units[1:]), [-1.75])
    np.testing.assert_allclose(people.unit_values(side, side.spans), side.values)


def test_people_are_held_against_each_other():
    marks = [np.array([1, 1, 0, 0], bool), np.array([1, 1, 0, 0], bool)]
    side = Side("abcd", np.array([[i, i + 1] for i in range(4)]), np.ones((1, 4)) / 4,
                np.array([0.1, 0.0, 0.7, 0.2]), 4)  # fmt: skip
    sides = {"attention": side, "contribution": side}
    found = people.of_text(marked.Marked("abcd", "x", None, tuple(marks)), sides, 50, 0)
    assert set(found[people.PEOPLE].values()) == {1.0}
    assert found["attention"]["token_f1"] == 0
    assert found["attention"]["reciprocal_rank"] == pytest.approx(1 / 3)
    assert found["random"]["token_f1"] == pytest.approx(0.5, abs=0.12)
    assert measuring.SIZE in found


@pytest.mark.real
def test_the_marked_rows(real_data):
    cars, reviews = marked.car_reviews(real_data), marked.yelp(real_data)
    assert len(cars) == 5070
    assert sum(bool(row.people) for row in cars) > 800
    assert len(reviews) == 374
    assert sum(len(row.people) > 1 for row in reviews) > 300
