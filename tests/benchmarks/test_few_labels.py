"""The page on few labels: its splits, real runs on the bundled rows, what is kept, its tables."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.few_labels import baselines, contenders, page, protocol, record, teachers
from benchmarks.few_labels.__main__ import main
from benchmarks.results import between
from benchmarks.sets import Split

from attnpool.data.demo_rows import load_demo
from attnpool.data.item_keys import item_keys
from attnpool.teachers import open_teacher

DOCS = Path(__file__).parents[2] / "docs"
BASELINES = ("majority", "TF-IDF + LR", "fastText")


@pytest.fixture(autouse=True)
def bundled(monkeypatch):
    """The bundled rows in place of the public files; some texts are there twice."""

    def load(name, folder):
        rows = load_demo("titles" if "titles" in name else "sentiment", "all")
        texts, labels = rows.texts[0][:600], rows.labels[:600]
        texts += [f" {text}" for text in texts[:200]]
        labels += labels[:200]
        parts = (texts[:700], labels[:700]), (texts[700:], labels[700:])
        return Split(name, name, "", *parts, cleanup=(), english=name == "sst2")

    monkeypatch.setattr(protocol, "load", load)


@pytest.fixture
def docs(tmp_path):
    text = (DOCS / "few-labels.md").read_text("utf-8")
    for place in page.tables({}):
        text = between(text, place, page.NOTHING)
    (tmp_path / "few-labels.md").write_text(text, encoding="utf-8")
    return tmp_path


def run(docs, *more):
    main(["--data", "x", "--docs", str(docs), "--cache", str(docs / "cache"), *more])


@pytest.mark.parametrize("name", ["hotel", "thucnews-titles"])
@pytest.mark.parametrize("split", range(5))
def test_no_test_text_is_labelled_or_in_the_pool(name, split):
    rows = protocol.rows_of(name, Path())
    keys = item_keys(rows.clean)
    half = np.random.default_rng(12345).permutation(800)
    for size in ("50", "200", protocol.ALL):
        drawn = protocol.draw(rows, split, size, most_unlabelled=100)
        assert len(drawn.test) == 160
        assert not set(drawn.test) & set(half[:400])
        assert not np.isin(
            keys[np.concatenate([drawn.labelled, drawn.pool])], keys[drawn.test]
        ).any()
        assert not set(drawn.labelled) & set(drawn.pool)
        assert set(rows.labels[drawn.labelled]) == set(rows.labels)
        assert len(drawn.pool) == (0 if size == protocol.ALL else 100)
    small, large = (protocol.draw(rows, split, size) for size in ("50", "200"))
    np.testing.assert_array_equal(small.labelled, large.labelled[:50])
    np.testing.assert_array_equal(small.test, large.test)


def test_splits_have_other_rows_and_are_the_same_every_time():
    rows = protocol.rows_of("hotel", Path())
    first, second = (protocol.draw(rows, k, "50") for k in (0, 1))
    assert set(first.test) != set(second.test)
    again = protocol.draw(protocol.rows_of("hotel", Path()), 0, "50")
    for part in ("test", "labelled", "pool"):
        np.testing.assert_array_equal(getattr(again, part), getattr(first, part))


def test_the_order_decides_which_half_is_never_tested_on():
    rows = protocol.rows_of("hotel", Path())
    split = protocol.load("hotel", Path())
    order = np.random.default_rng(0).permutation(700)
    assert rows.texts == [split.train[0][i] for i in order] + split.test[0]
    assert rows.labels.tolist() == [split.train[1][i] for i in order] + split.test[1]


def test_runs_are_kept_as_they_are_done(docs, capsys, monkeypatch):
    for settings in ("TFIDF", "FASTTEXT"):
        monkeypatch.setattr(baselines, settings, getattr(baselines, settings)[1:3])
    how = ["--only", "hotel", "--sizes", "50", "--contenders", *BASELINES]
    run(docs, *how, "--splits", "0")
    assert len(capsys.readouterr().out.splitlines()) == 3
    before = record.read(docs)
    for contender in BASELINES:
        kept = before["hotel"]["50"][contender]["0"]
        right = record.right_of(kept)
        assert kept["n_test"] == len(right) == 160
        assert kept["accuracy"] == pytest.approx(right.mean(), abs=1e-6)
        assert (kept["labelled"], kept["unlabelled"] > 300) == (50, True)
    accuracy = {name: of["0"]["accuracy"] for name, of in before["hotel"]["50"].items()}
    assert accuracy["TF-IDF + LR"] > accuracy["majority"] + 0.1
    text = (docs / "few-labels.md").read_text("utf-8")
    assert f"{accuracy['TF-IDF + LR']:.3f}" in text
    assert "(1 of 5 splits)" in text
    # A second split is cut short at its second contender; the next run does what is missing.
    fit = contenders.FREE["TF-IDF + LR"]
    monkeypatch.setitem(contenders.FREE, "TF-IDF + LR", lambda drawn: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(docs, *how, "--splits", "0", "1")
    monkeypatch.setitem(contenders.FREE, "TF-IDF + LR", fit)
    capsys.readouterr()
    run(docs, *how, "--splits", "0", "1")
    done = [line.rsplit(" 1 ", 1)[0] for line in capsys.readouterr().out.splitlines()]
    assert done == ["hotel 50 TF-IDF + LR", "hotel 50 fastText"]
    assert (
        record.read(docs)["hotel"]["50"]["fastText"]["0"] == before["hotel"]["50"]["fastText"]["0"]
    )
    assert not list(docs.glob("*.new"))


def test_with_all_labels_there_is_no_pool():
    assert [contenders.compared("unlabelled", size) for size in ("1000", "all")] == [True, False]
    assert [contenders.splits_of(size) for size in ("1000", "all")] == [5, 3]


def test_a_text_is_read_once_over_all_runs(tmp_path, monkeypatch):
    read = []

    def encode(texts):
        read.extend(texts)
        return np.array([np.full(teachers.DIM, len(text)) for text in texts])

    monkeypatch.setitem(teachers.TEACHERS, "e5", lambda: encode)
    first = teachers.teacher_of(False, tmp_path, ("bracket-emoji",))
    texts = ["好", "很好", "好", "好[泪]"]
    np.testing.assert_array_equal(first(texts)[:, 0], [1, 2, 1, 4])
    assert read == ["好", "很好", "好   "]
    # Cut short between the vectors and their keys.
    with first.vectors_file.open("ab") as file:
        file.write(b"half a vector")
    again = teachers.teacher_of(False, tmp_path, ("bracket-emoji",))
    np.testing.assert_array_equal(again([*texts, "不太好"])[:, 0], [1, 2, 1, 4, 3])
    assert read == ["好", "很好", "好   ", "不太好"]
    third = teachers.teacher_of(False, tmp_path, ())
    np.testing.assert_array_equal(third(["不太好", "很好"])[:, 5], [3, 2])


def test_a_teacher_that_has_read_a_new_text_is_still_asked_by_way_of_its_cache(
    tmp_path, monkeypatch
):
    read = []

    def encode(texts):
        read.extend(texts)
        return np.ones((len(texts), teachers.DIM))

    monkeypatch.setitem(teachers.TEACHERS, "e5", lambda: encode)
    encoder = teachers.teacher_of(False, tmp_path, ())
    encoder(["好", "很好"])
    opened = open_teacher(encoder, np.array(["a", "b"]))
    opened.vectors(["很好", "好", "不好"], lambda n: None)
    assert read == ["好", "很好", "不好"]


def made(accuracy, n=200, seconds=2.0, labelled=200):
    right = np.arange(n) < round(accuracy * n)
    bits = record.packed(right)
    run = {"accuracy": accuracy, "seconds": seconds, "labelled": labelled, "unlabelled": 7000}
    return {**run, "n_test": n, "right": bits}


def test_tables_of_runs():
    runs = {
        "TF-IDF + LR": {str(k): made(0.8 + k / 100) for k in range(5)},
        "attnpool": {str(k): made(0.9 + k / 100, seconds=30.4) for k in range(5)},
        "teacher": {"0": made(0.85), "1": made(0.855)},
    }
    found = {"hotel": {"200": runs, "all": {"attnpool": {"0": made(0.9, labelled=4952)}}}}
    parts = page.tables(found)
    assert parts["sst2"] == page.NOTHING
    head, _, few, every = parts["hotel"].splitlines()
    assert head == "| labels | " + " | ".join(contenders.CONTENDERS) + " |"
    assert "| 0.820 ± 0.016, 2.0 s |" in few
    assert "| 0.920 ± 0.016, 30 s |" in few
    assert "| 0.853 ± 0.004, 2.0 s (2 of 5 splits) |" in few
    assert every.startswith("| all (4,952) | ")
    assert "0.900, 30" not in every
    assert "0.900, 2.0 s (1 of 3 splits)" in every
    less = parts["difference"].splitlines()[-1].split(" | ")
    assert less[3].startswith("+0.100 [+0.0")
    assert less[3].endswith("] ± 0.000")
    assert less[1] == ""
    row = parts["with a teacher"].splitlines()[-1]
    assert row.startswith(
        "| hotel reviews | 200 | 0.860 | 0.853 ± 0.004 (2 of 5 splits) | no, -0.00"
    )


def test_the_page_is_what_its_figures_say():
    text = (DOCS / "few-labels.md").read_text("utf-8")
    for place, part in page.tables(record.read(DOCS)).items():
        assert between(text, place, part) == text, f"run make few-labels: {place} is behind"


def test_a_quick_run_leaves_the_results_alone(docs, monkeypatch):
    from benchmarks.few_labels import __main__ as command

    monkeypatch.setattr(command, "ROOT", docs)
    how = ["--quick", "--only", "hotel", "--sizes", "50", "--contenders", "majority"]
    run(docs, *how)
    assert not (docs / "few-labels.json").exists()
    quick = json.loads((docs / "build" / "few-labels" / "few-labels.json").read_text("utf-8"))
    assert list(quick["hotel"]["50"]["majority"]) == ["0"]
