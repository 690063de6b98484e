"""A short run of `fuzz.tables`, and that its cases see what goes wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import attnpool.data
from fuzz import child, tables

ROOT = Path(__file__).parents[2]
KILLS = ROOT / "tests" / "data" / "files"


def run(*words):
    """In a process of its own, without the checks of signatures that tests have."""
    return subprocess.run(
        [sys.executable, "-m", "fuzz.tables", *map(os.fspath, words)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_damaged_tables_are_read_or_refused(tmp_path):
    done = run("--cases", "40", "--out", tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (0, []), done.stderr[-2000:]
    assert done.stdout.startswith("tables: 40 cases, ")
    read, refused = (int(done.stdout.split()[i]) for i in (3, 5))
    assert read > 5
    assert refused > 5


def test_a_file_that_kills_its_reader_is_tried_again(tmp_path):
    for name in ("abort", "panic"):
        (tmp_path / name).mkdir()
        shutil.copy(KILLS / f"{name}.parquet", tmp_path / name / "case.parquet")
    done = run("--replay", tmp_path)
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert lines[0].startswith("abort: refused: ")
    assert lines[1].startswith("panic: refused: ")
    assert "2 cases, 0 read, 2 refused, 0 surprises" in lines[2]


def rows(**changed):
    whole = {"texts": (["a", "b"],), "labels": ["x", "y"], "originals": None}
    return SimpleNamespace(**(whole | changed))


@pytest.mark.parametrize(
    ("read", "detail"),
    [
        (lambda: rows(texts=(["a"], ["a", "b"])), "texts"),
        (lambda: rows(texts=(["a", "\udc80"],)), "surrogates"),
        (lambda: rows(labels=["x"]), "labels"),
        (lambda: rows(labels=["x", ""]), "a row without a label"),
        (lambda: {}["x"], "KeyError"),
        (lambda: sys.stdout.write("raw") and rows(), "raw"),
        (lambda: os.kill(os.getpid(), 9), "signal 9"),
    ],
)
def test_what_fits_nothing_is_a_surprise(read, detail, monkeypatch, tmp_path):
    (tmp_path / "case.csv").write_text("text,label\na,x\nb,y\n")
    assert tables.case(tmp_path / "case.csv").kind == child.OK
    monkeypatch.setattr(attnpool.data, "read", lambda *_, **__: read())
    found = tables.case(tmp_path / "case.csv")
    assert found.kind == child.SURPRISE
    assert detail in found.detail
