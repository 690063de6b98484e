"""What a model costs where it is used: real contenders in processes of their own, and the page."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.deploy import __main__ as command
from benchmarks.deploy import page, targets
from benchmarks.deploy.answers import fasttext_file
from benchmarks.deploy.contenders import (
    COMPACT,
    FASTTEXT,
    MODEL2VEC,
    OURS,
    SMALL,
    WHOLE,
    Job,
    compared,
    fasttext,
)
from benchmarks.deploy.environments import INSTALLED, Environments, disk_usage, file_size
from benchmarks.deploy.measuring import SPLIT, measure, typical
from benchmarks.deploy.scale import Scale
from benchmarks.deploy.store import Store
from benchmarks.deploy.workers import Worker, cold_starts
from benchmarks.results import between
from benchmarks.sets import Split, cleaned
from benchmarks.speed.report import machine

from attnpool.data.demo_rows import load_demo
from benchmarks import contenders as baselines
from benchmarks import fasttext_model

DOCS = Path(__file__).parents[2] / "docs"
SCALE = Scale(rounds=1, singles=2, train=120, test=40, kept=2_000, tuned=False)


def rows(english=False):
    parts = [load_demo("sentiment", part) for part in ("train", "test")]
    split = Split(
        "hotel", "reviews", "", *((p.texts[0], p.labels) for p in parts), (), english=english
    )
    return SCALE.cut(split)


@pytest.fixture(scope="module")
def environments(tmp_path_factory):
    """This interpreter in place of every environment."""
    folder = tmp_path_factory.mktemp("environments")
    for name in INSTALLED:
        programs = folder / name / "bin"
        programs.mkdir(parents=True)
        for program, start in {"python": "", "attnpool": " -m attnpool"}.items():
            (programs / program).write_text(f'#!/bin/sh\nexec "{sys.executable}"{start} "$@"\n')
            (programs / program).chmod(0o755)
    return Environments(folder)


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("models"))
    return Job(rows(), SCALE, store, store)


@pytest.fixture(scope="module")
def measured(job, environments):
    return measure(job, environments)


@pytest.fixture
def docs(tmp_path):
    text = (DOCS / "deploy.md").read_text("utf-8")
    for place in page.tables({"sets": {}}):
        text = between(text, place, page.NOTHING)
    (tmp_path / "deploy.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_set_is_measured(measured):
    of = measured["contenders"]
    assert measured["test"] == 40
    assert set(of) == {WHOLE, COMPACT, SMALL, FASTTEXT, "TF-IDF + logistic regression"}
    for one in of.values():
        assert one["batch"]["units"] == 40
        assert one["one"]["rounds"] == 2
        assert one["bytes"] > 0
        assert one["cold"]["processor"] > 0
    assert [name for name, one in of.items() if "alike" in one] == list(OURS)
    assert of[WHOLE]["alike"] == 40
    assert of[COMPACT]["alike"] >= 39
    assert of[WHOLE]["right"] > 22
    # Without torch: the environment is the same here.
    assert of[COMPACT]["cold"]["memory"] < of[WHOLE]["cold"]["memory"] / 2
    assert of[COMPACT]["bytes"] < of[WHOLE]["bytes"]
    assert set(measured["explaining"]) == set(OURS)
    assert set(measured["logits"]) == {WHOLE, COMPACT}
    assert measured[SPLIT]["rounds"] == 2


def test_a_model_is_trained_once(measured, job, capsys):
    models = [one.train(job) for one in compared(job.split)]
    assert all(model.exists() for model in models)
    assert capsys.readouterr().out == ""


def test_fasttext_reads_a_file_as_it_was_trained(measured, job):
    texts, labels = cleaned(job.split)[0], job.split.train[1]
    setting = baselines.FASTTEXT[0]
    model = baselines.fit_fasttext(texts, labels, False, setting, 0)
    model.quantise(texts, labels, SCALE.kept)
    asked = [*job.split.test[0], "", " Ａ b"]
    names = sorted(set(labels))
    answers = fasttext_file.load(str(fasttext(job)))["predict"](asked)
    assert [names[int(one.removeprefix("__label__"))] for one in answers] == model(asked).tolist()


@pytest.mark.parametrize(("english", "units"), [(True, "a b 好吃"), (False, "A b 好 吃")])
def test_fasttext_reads_words_or_characters(english, units):
    text = " A b\n好吃 "
    assert fasttext_model.units(text, english=english) == units
    assert fasttext_file.units(text, english) == units


def test_the_page_has_what_was_measured(measured, docs):
    found = {"sets": {"hotel": measured | {"machine": machine()}}}
    found["installed"] = {"light": {"bytes": 136 << 20, "distributions": 20}}
    page.write(docs, found)
    text = (docs / "deploy.md").read_text("utf-8")
    assert page.read(docs) == found
    for place, part in page.tables(found).items():
        assert between(text, place, part) == text
    assert "| `attnpool` | 136 MiB | 20 |" in text
    lines = [line for line in text.splitlines() if line.startswith(f"| {COMPACT} |")]
    assert len(lines) == 1
    assert lines[0].split(" | ")[6] == "1.00"
    assert f"{measured['contenders'][COMPACT]['alike']:,} of 40" in text


def test_the_page_is_what_its_figures_say():
    text = (DOCS / "deploy.md").read_text("utf-8")
    for place, part in page.tables(page.read(DOCS)).items():
        assert between(text, place, part) == text, f"run make deploy: {place} is behind"


def test_a_quick_run_leaves_the_results_alone(docs, monkeypatch):
    monkeypatch.setattr(command, "ROOT", docs)
    command.main(["--data", "x", "--docs", str(docs), "--only", "--quick"])
    assert not (docs / "deploy.json").exists()
    assert (docs / "build" / "deploy" / "deploy.json").exists()


def test_what_is_cut_short_is_made_anew(tmp_path):
    store, made = Store(tmp_path), []

    def write(folder):
        (folder / "model").write_text("")
        made.append(folder)
        if len(made) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.make("set/model", ["a"], write)
    first = store.make("set/model", ["a"], write)
    assert store.make("set/model", ["a"], write) == first
    assert len(made) == 2
    other = store.make("set/model", ["b"], write)
    assert [path.name for path in other.parent.iterdir()] == [other.name]
    assert (other / "model").exists()


def test_rows_are_cut_and_stay_pairs():
    split, demo = rows(), load_demo("sentiment", "train")
    whole = dict(zip(demo.texts[0], demo.labels, strict=True))
    assert len(split.train[0]) == 120
    assert all(whole[text] == label for text, label in zip(*split.train, strict=True))
    assert set(split.train[1]) == set(whole.values())
    assert SCALE.settings([1, 2]) == (1,)
    assert Scale().settings([1, 2]) == (1, 2)


def test_model2vec_is_for_english_alone(monkeypatch, capsys):
    monkeypatch.setattr("benchmarks.deploy.contenders.find_spec", lambda name: None)
    assert MODEL2VEC not in [one.name for one in compared(rows(english=True))]
    assert "left out: model2vec" in capsys.readouterr().out
    monkeypatch.setattr("benchmarks.deploy.contenders.find_spec", lambda name: name)
    assert MODEL2VEC in [one.name for one in compared(rows(english=True))]
    assert MODEL2VEC not in [one.name for one in compared(rows())]


def test_a_worker_that_fails_says_why(environments, tmp_path):
    (tmp_path / "texts.json").write_text("[]")
    python = environments.program("scikit-learn")
    model = tmp_path / "none.joblib"
    with (
        Worker(python, "joblib_file", model, tmp_path / "texts.json") as worker,
        pytest.raises(RuntimeError, match=r"none\.joblib"),
    ):
        worker.batch("predict")


def test_memory_is_that_of_the_command_alone():
    held = np.ones(1 << 30, dtype=np.uint8)  # of which a child's peak must not tell
    commands = {
        "little": [sys.executable, "-c", "pass"],
        "much": [sys.executable, "-c", "print(len(bytes(10**8)) and sum(b'1' * 10**8))"],
    }
    found = cold_starts(commands, 2)
    assert found["little"]["rounds"] == 2
    assert found["little"]["memory"] < 100e6 < found["much"]["memory"] < held.nbytes
    assert found["little"]["processor"] < found["much"]["processor"]


def test_a_command_that_fails_stops_the_run(capfd):
    with pytest.raises(subprocess.CalledProcessError):
        cold_starts({"bad": [sys.executable, "-c", "raise SystemExit('no model')"]}, 1)
    assert "no model" in capfd.readouterr().err


def test_the_text_of_a_cold_start_is_one_that_a_command_line_takes():
    texts = ["", "-o", "a\nb", "好", "很好", "非常好", "x" * 9]
    assert texts[typical(texts)] == "非常好"


def test_sizes_on_disk(tmp_path):
    (tmp_path / "a").write_bytes(b"1" * 5000)
    alone = disk_usage(tmp_path)
    assert 5000 <= alone < 5000 + 3 * 4096
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert disk_usage(tmp_path) - alone < 4096
    assert file_size(tmp_path / "a") == 5000
    assert file_size(tmp_path) == 10_000


def record(**changes):
    """A set where every target is just reached."""
    cold = {"processor": 0.35, "memory": 90e6}
    whole = {"right": 1800}
    compact = {"bytes": 12 << 20, "alike": 2000, "cold": cold} | changes
    small = {"alike": 1990, "right": 1796}
    one = {
        "title": "hotel reviews",
        "test": 2000,
        "contenders": {WHOLE: whole, COMPACT: compact, SMALL: small},
        "logits": {WHOLE: {"rate": 100}, COMPACT: {"rate": 70}},
        SPLIT: {"seconds": 0.0003},
    }
    installed = {"light": {"bytes": 140 << 20, "distributions": 20}}
    return {"sets": {"hotel": one, "sst2": one}, "installed": installed}


def missed(found):
    return [of.figure for of in targets.targets(found) if not of.reached]


def test_targets_are_told_from_the_record():
    found = record()
    assert missed(found) == []
    assert len(targets.targets(found)) == 9
    hotel = found["sets"]["hotel"]
    hotel["contenders"][SMALL] = {"alike": 1989, "right": 1800}
    hotel[SPLIT]["seconds"] = 0.00031
    hotel["logits"][COMPACT]["rate"] = 69
    found["installed"]["light"]["bytes"] += 1
    assert [figure.split(": ")[-1] for figure in missed(found)] == [
        "texts to logits, beside the folded tables in torch",
        "one text read and split, without making its `Explanation`",
        *["answers alike; accuracy"] * 2,
        "light installation, as `du -m` counts",
    ]
    dear = record(bytes=(12 << 20) + 1, alike=1999, cold={"processor": 0.36, "memory": 91e6})
    assert len(missed(dear)) == 4
    assert targets.targets({"sets": {}}) == []


def test_accuracy_may_be_off_either_way():
    for right, reached in ((1796, True), (1795, False), (1804, True), (1805, False)):
        found = record()
        found["sets"]["hotel"]["contenders"][SMALL]["right"] = right
        assert (not missed(found)) == reached


def test_a_share_is_never_rounded_up():
    shares = (1, 0.99999, 0.995, 1573 / 1575, 0)
    assert [targets.percent(share) for share in shares] == [
        "100 %",
        "99.99 %",
        "99.5 %",
        "99.87 %",
        "0 %",
    ]


def test_the_record_is_json(measured):
    assert json.loads(json.dumps(measured)) == measured
