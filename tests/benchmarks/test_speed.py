"""What the page of benchmarks rests on: the twin equal to the model, jobs in turn, the tables."""

import importlib.util
import json

import numpy as np
import pytest
import torch
from benchmarks.speed import (
    __main__ as command,
)
from benchmarks.speed import (
    answering,
    explaining,
    growth,
    limit,
    measuring,
    memory,
    profile,
    report,
    training,
)
from benchmarks.speed.contenders.fasttext import FastText
from benchmarks.speed.contenders.ours import PLAINER, Ours
from benchmarks.speed.contenders.tfidf import Tfidf
from benchmarks.speed.contenders.twin import Twin
from benchmarks.speed.contenders.twin_from_model import copied
from benchmarks.speed.contenders.twin_text import TwinText, collate, normal
from benchmarks.speed.measuring import Job, alternate, figures, measured, ratio
from benchmarks.speed.rows import real, synthetic
from benchmarks.speed.run import Run
from benchmarks.speed.scale import QUICK

from attnpool import TextClassifier

ROWS = real(None).cut(80, 30)
ODD = ["", " ", "好", "ＡＢＣ abc", "房间\x00很\ud800干净", "没见过的字：龘"]


@pytest.fixture(scope="module")
def fitted():
    return {
        name: TextClassifier(**{"epochs": 2, "linear": False, **params}).fit(*ROWS.train)
        for name, params in {
            "default": {},
            "plainer": PLAINER,
            "wide": {"kernel_sizes": (5, 3), "heads": 2, "ngrams": (2,)},
        }.items()
    }


@pytest.mark.parametrize("name", ["default", "plainer", "wide"])
def test_the_twin_gives_the_models_answers(fitted, name):
    model = fitted[name]
    texts = [*ROWS.test[0], *ODD]
    for explanation, (logits, weights) in zip(
        model.explain(texts), copied(model).answer(texts), strict=True
    ):
        shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        np.testing.assert_allclose(shares, explanation.distribution, atol=1e-5)
        margin = logits.max() - logits.mean()
        assert explanation.logit == pytest.approx(float(margin), abs=1e-5)
        np.testing.assert_allclose(weights.T, explanation.sides[0].weights, atol=1e-5)


def test_the_twin_has_the_models_weights_and_no_others(fitted):
    for model in fitted.values():
        ours = sum(p.numel() for p in model.model_.parameters())
        # Without n-grams the twin's table of them is the one row that is always 0.
        extra = 0 if model.ngrams else 128
        assert sum(p.numel() for p in copied(model).model.parameters()) == ours + extra


def test_the_twin_learns_the_same_vocabulary():
    model = TextClassifier(epochs=1, linear=False).fit(*ROWS.train, validation=None)
    other = copied(model).text
    learned = TwinText.learn(ROWS.train[0], (2, 3), 1, 2, 400_000)
    assert set(learned.vocabulary) == set(other.vocabulary)
    assert set(learned.ngrams) == set(other.ngrams)
    assert learned.limit == other.limit


@pytest.mark.parametrize("fused", [False, True])
def test_the_twin_learns(fused):
    torch.manual_seed(0)
    rows = real(None).cut(200, 60)
    trained = Twin(fused=fused, epochs=4).train(rows)
    assert trained.gone_through == 4 * 180
    right = np.mean(
        [a == b for a, b in zip(trained.labels(rows.test[0]), rows.test[1], strict=True)]
    )
    assert right > 0.6


def test_text_is_read_as_the_model_reads_it():
    assert normal("Ａ b\n\u3000Ｃ") == "abc"
    text = TwinText({"a": 2, "b": 3}, {"ab": 1, "aba": 2}, (2, 3), 4)
    ids, rows = text.encode("ABabab")
    assert ids.tolist() == [2, 3, 2, 3]
    assert rows.tolist() == [[1, 2], [0, 0], [1, 0], [0, 0]]
    assert collate([text.encode("")])[0].tolist() == [[0]]


def test_jobs_take_turns():
    order = []
    jobs = [
        Job(name, lambda n=name: order.append(n), rounds) for name, rounds in (("a", 3), ("b", 2))
    ]
    assert {name: len(took) for name, took in alternate(jobs, quiet=True).items()} == {
        "a": 3,
        "b": 2,
    }
    assert "".join(order) == "ababa"


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves only when something sleeps."""

    class Clock:
        now = 0.0

        def perf_counter(self):
            return self.now

        def sleep(self, seconds):
            self.now += seconds

    made = Clock()
    monkeypatch.setattr(measuring, "time", made)
    return made


def test_what_takes_longer_is_slower(clock):
    jobs = [Job(name, lambda s=s: clock.sleep(s), 3, 10) for name, s in (("a", 0.01), ("b", 0.03))]
    found = measured(jobs)
    assert found["a"]["seconds"] == pytest.approx(0.01)
    assert ratio(found, "a", "b") == pytest.approx(3)
    assert ratio(found, "a", "c") is None


def test_a_clock_that_tells_no_difference_is_refused(clock, monkeypatch):
    measuring.check_clock()
    monkeypatch.setattr(clock, "sleep", lambda seconds: setattr(clock, "now", clock.now + 0.5))
    with pytest.raises(RuntimeError, match=r"1\.0 times as long"):
        measuring.check_clock()


def test_the_median_is_what_counts():
    found = figures([1.0, 9.0, 2.0], 4)
    assert (found["seconds"], found["rate"], found["least"], found["most"]) == (2.0, 2.0, 1.0, 9.0)


def test_synthetic_texts_have_the_length_and_the_characters_of_real_ones():
    rows = synthetic(ROWS, 50, 12)
    assert [len(text) for text in rows.train[0]] == [12] * 50
    assert set("".join(rows.train[0])) <= set("".join(ROWS.train[0]))
    assert set(rows.train[1]) == set(ROWS.train[1])
    assert rows.train != rows.test


def test_operations_are_those_of_the_matrix_products():
    a, b = torch.rand(3, 5), torch.rand(5, 7)
    assert limit.operations(lambda: a @ b) == 2 * 3 * 5 * 7
    assert limit.gflops([1.0, 3.0, 2.0]) == 2 * limit.SIZE**3 / 2 / 1e9


def test_memory_is_that_of_a_process_of_its_own():
    held = np.ones(1 << 30, dtype=np.uint8)  # of which a child's peak must not tell
    found = memory.in_child(memory.Job("attnpool", "answer", train=60, test=20))
    assert found["texts"] == 20
    assert 0 < found["before"] <= found["peak"] < held.nbytes


def test_a_process_that_fails_says_why():
    assert "KeyError" in memory.in_child(memory.Job("nobody", "train"))["failed"]


def test_where_the_time_goes_is_found(fitted):
    texts = ROWS.test[0] * 40
    lines = profile.by_line(lambda: fitted["default"].explain(texts))
    assert lines
    assert all(one["line"] and 0 < one["share"] <= 1 for one in lines)
    kinds = profile.by_kind(lambda: fitted["plainer"].explain(texts))
    assert sum(kinds.values()) == pytest.approx(1, abs=0.05)
    assert kinds["matrix products"] > 0


@pytest.mark.parametrize(
    ("operator", "kind"),
    [
        ("addmm", "matrix products"),
        ("_fused_adamw_", "optimiser"),
        ("searchsorted", "n-gram search, sort, unique"),
        ("embedding_dense_backward", "look-up, gather, scatter"),
        ("_coalesce", "n-gram search, sort, unique"),
        ("copy_", "copies and padding"),
        ("tanh", "element by element"),
    ],
)
def test_kinds_of_work(operator, kind):
    assert profile.kind(operator) == kind


@pytest.fixture
def run(monkeypatch):
    """A run of the real contenders at hand without further libraries, as small as it goes."""
    run = Run(None, QUICK)
    run.rows = ROWS
    contenders = {
        "attnpool": lambda: Ours("attnpool", epochs=1),
        "attnpool, attention alone": lambda: Ours("alone", epochs=1, linear=False),
        "the same in plain PyTorch": lambda: Twin("the same in plain PyTorch", epochs=1),
        "TF-IDF + logistic regression": Tfidf,
    }
    if importlib.util.find_spec("fasttext"):
        contenders["fastText"] = FastText
    for place in (answering, report):
        monkeypatch.setattr(place, "CONTENDERS", contenders)
    monkeypatch.setattr("benchmarks.speed.run.CONTENDERS", contenders)
    monkeypatch.setattr(explaining, "_there", lambda module: False)
    run.names = list(contenders)
    return run


def test_a_run_makes_a_page(run, tmp_path):
    found = {
        "training": training.measure(run),
        "prediction": answering.prediction(run),
        "single": answering.single(run),
        "explaining": explaining.measure(run),
    }
    assert found["prediction"]["difference"] < 1e-5
    # Once without validation's rows and once, trained anew, with them.
    assert found["training"]["contenders"]["attnpool"]["units"] == 72 + 80
    point = {
        "attnpool": {
            "train": {"seconds": 2.0, "texts": 100, "before": 1 << 20, "peak": 3 << 20},
            "answer": {"failed": "MemoryError"},
        }
    }
    found["growth"] = {"rows": {"1000": point}, "length": {}, "heads": {}}
    found["memory"] = {"contenders": point}
    for part in found.values():
        part["machine"] = report.machine()
    page = tmp_path / "BENCHMARKS.md"
    page.write_text(report.PAGE.read_text("utf-8"), encoding="utf-8")
    report.save(tmp_path / "benchmarks.json", page, found)
    text = page.read_text("utf-8")
    assert json.loads((tmp_path / "benchmarks.json").read_text("utf-8")) == found
    for made in report.tables(found).values():
        assert made in text
    assert "| 1,000 | 2.00 s, 50/s | 3 MiB | failed | failed |" in text
    rows = [line for line in report.summary(found).splitlines() if line.startswith("| attnpool |")]
    assert rows[0].split("|")[3].strip() == "1.00"
    assert rows[0].split("|")[9].strip() == "3 MiB"


def test_the_page_has_a_place_for_every_part():
    page = report.PAGE.read_text("utf-8")
    for name in ("summary", "machine", *command.PARTS):
        assert f"<!-- {name} -->\n" in page
        assert f"<!-- end of {name} -->" in page


def test_growth_measures_every_point(run, monkeypatch):
    asked = []

    def told(job):
        asked.append((job.contender, job.task, job.synthetic, job.params))
        return {"failed": ""}

    # What a child does is tested above; here only which are asked for.
    monkeypatch.setattr(growth, "in_child", told)
    found = growth.measure(run)
    assert [set(point) for point in found["rows"].values()] == [{"attnpool", growth.TWIN}] * 2
    assert found["rows"]["400"][growth.TWIN] == {}
    assert ("attnpool", "train", (400, growth.TITLE), {}) in asked
    assert (growth.TWIN, "answer", (40, 100), {"epochs": 2}) in asked
    assert ("attnpool", "train", (40, 100), {"epochs": 2, "heads": 2}) in asked
