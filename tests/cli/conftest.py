import io
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest
from tests.cli.files import TRIPLETS, write_csv

from attnpool.cli import run
from attnpool.data.demo_rows import load_demo


@dataclass
class Outcome:
    status: int
    out: str
    err: str


@pytest.fixture
def attnpool(capsys):
    """Run one command line in this process."""

    def call(*arguments):
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return call


@pytest.fixture
def process():
    """Run one command line in a process of its own, as a shell would."""

    def call(*arguments, first="", **options):
        words = [a if isinstance(a, bytes) else str(a) for a in arguments]
        code = f"{first}\nfrom attnpool.cli import main; main()"
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen([sys.executable, "-c", code, *words], **options)

    return call


@pytest.fixture
def fails(attnpool, tmp_path):
    """Run a command line that must fail, and give its one line."""

    def call(*arguments):
        before = sorted(p for p in tmp_path.rglob("*"))
        done = attnpool(*arguments)
        assert done.status == 2
        assert done.out == ""
        assert done.err.count("\n") == 1
        assert done.err.startswith("attnpool: ")
        assert "Traceback" not in done.err
        assert sorted(p for p in tmp_path.rglob("*")) == before
        return done.err

    return call


@pytest.fixture
def predict(attnpool, reviews, tmp_path):
    """Predict the rows of a file, quietly, and give the file that was written."""

    def call(data, out, *options):
        done = attnpool("predict", reviews / "model", data, "-o", tmp_path / out, *options)
        assert (done.status, done.err) == (0, "")
        return tmp_path / out

    return call


@pytest.fixture
def stdin(monkeypatch):
    def give(text, encoding="utf-8"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode(encoding))))

    return give


@pytest.fixture(scope="session")
def reviews(once):
    """A folder with train.csv, test.csv and a model trained on the first; few.csv for a glance."""
    return once("reviews", _reviews)


def _reviews(folder):
    for split in ("train", "test"):
        rows = load_demo("sentiment", split)
        lines = zip(rows.labels, rows.texts[0], strict=True)
        write_csv(folder / f"{split}.csv", [("label", "review"), *lines])
        if split == "train":
            few = zip(rows.labels[:50], rows.texts[0][:50], strict=True)
            write_csv(folder / "few.csv", [("label", "review"), *few])
    _train(folder / "train.csv", "-o", folder / "model", "--seed", "1")


def _train(*arguments):
    assert run(["train", *map(os.fspath, arguments)]) == 0


@pytest.fixture(scope="session")
def matching(once):
    """A folder with pairs.csv, held.csv, triplets.csv, texts.csv and a model of most kinds."""
    return once("matching", _matching)


def _matching(folder):
    rows = load_demo("pairs")
    pairs = list(zip(rows.labels, *rows.texts, strict=True))[:60]
    head = ("label", "text_a", "text_b")
    write_csv(folder / "pairs.csv", [head, *pairs[:40]])
    write_csv(folder / "held.csv", [head, *pairs[40:]])
    names = sorted(set(rows.labels))
    match = [(a, b) for label, a, b in pairs if label == names[1]][:20]
    triplets = [(a, b, match[(i + 9) % len(match)][1]) for i, (a, b) in enumerate(match)]
    write_csv(folder / "triplets.csv", [("anchor", "positive", "negative"), *triplets])
    texts = load_demo("sentiment")
    lines = list(zip(texts.labels, texts.texts[0], strict=True))[:40]
    write_csv(folder / "texts.csv", [("label", "review"), *lines])
    for name, data, *options in (
        ("siamese", "pairs.csv", "--validation", folder / "held.csv"),
        ("alignment", "pairs.csv", "--architecture", "alignment"),
        ("triplet", "pairs.csv", "--architecture", "triplet"),
        ("triplets", "triplets.csv", *TRIPLETS),
        ("label", "texts.csv", "--architecture", "label"),
    ):
        _train(folder / data, "-o", folder / name, *options)
