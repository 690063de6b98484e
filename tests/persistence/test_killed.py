"""Whenever a process is killed, what stands at the place of its output is whole."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest
from tests.persistence.kills import EXCHANGES, LOCKS, NATIVE, killed

import attnpool
from attnpool import InputError, TextClassifier
from attnpool.cli import run
from attnpool.data.formats import forks
from attnpool.persistence.unfinished import unfinished

TEXTS = ["好房", "差房", "好", "差"]
TRIAL = 1 << 16  # bytes that are written first to see whether there is room
ROWS = (["好房", "差房"] * 8, [0, 1] * 8)


@pytest.fixture(scope="module")
def models():
    """Two models that answer differently."""
    made = [TextClassifier(dim=512, epochs=n, seed=n).fit(*ROWS) for n in (1, 2)]
    answers = [one.predict_proba(TEXTS) for one in made]
    assert np.abs(answers[0] - answers[1]).max() > 1e-3
    return made, answers


def which(path, answers):
    """The number of the model that stands there."""
    found = attnpool.load(path).predict_proba(TEXTS)
    [number] = [i for i, one in enumerate(answers) if np.allclose(found, one)]
    return number


@pytest.mark.usefixtures("unchecked")
def test_a_model_stands_at_its_path_at_every_operation_of_a_save(models, tmp_path):
    (old, new), answers = models
    place = tmp_path / "model"
    at, seen = 0, []
    while True:
        old.save(place, overwrite=True)  # clears what the last one left
        assert [path.name for path in tmp_path.iterdir()] == ["model"]
        if not killed(
            lambda: new.save(place, overwrite=True), at, [str(tmp_path), ".json", ".attn"]
        ):
            break
        seen.append(which(place, answers))
        at += 1
    assert at > 20, at  # each file, its folder, the removal of the old ones
    assert seen == sorted(seen)  # first the old one, then the new one
    assert set(seen) == {0, 1}
    assert which(place, answers) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.usefixtures("unchecked")
def test_a_model_stands_there_while_its_weights_are_written(models, tmp_path):
    """By other code than Python's, which no hook sees."""
    (old, new), answers = models
    place = tmp_path / "model"
    old.save(place)
    size = (place / "model.safetensors").stat().st_size
    for bytes_ in range(TRIAL, size, (size - TRIAL) // 20):
        assert killed(lambda: new.save(place, overwrite=True), bytes_=bytes_)
        assert which(place, answers) == 0
    assert len(list(tmp_path.iterdir())) == 2
    new.save(place, overwrite=True)
    assert which(place, answers) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.skipif(not NATIVE, reason="the number of the system call is that of x86-64")
@pytest.mark.usefixtures("unchecked")
def test_without_an_exchange_the_old_model_is_put_back(models, tmp_path):
    (old, new), answers = models
    place = tmp_path / "model"
    at, seen, gaps = 0, [], 0
    while True:
        old.save(place, overwrite=True)
        words = [str(tmp_path), ".json", ".attn"]
        work = lambda: new.save(place, overwrite=True)  # noqa: E731
        if not killed(work, at, words, without=[EXCHANGES]):
            break
        if not place.exists():
            gaps += 1
            with pytest.raises(InputError, match=r"a run that was killed left it as .*former"):
                attnpool.load(place)
            with pytest.raises(InputError, match="--overwrite"):
                new.save(place)  # which puts the old one back before it looks
            assert which(place, answers) == 0
        seen.append(which(place, answers))
        at += 1
    assert gaps
    assert seen == sorted(seen)
    assert set(seen) == {0, 1}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.skipif(not NATIVE, reason="the number of the system call is that of x86-64")
@pytest.mark.parametrize("without", [[LOCKS], [EXCHANGES, LOCKS]])
@pytest.mark.usefixtures("unchecked")
def test_without_locks_nothing_is_cleared_and_nothing_is_waited_for(models, tmp_path, without):
    (old, new), answers = models
    place = tmp_path / "model"
    old.save(place)
    assert killed(lambda: new.save(place, overwrite=True), bytes_=TRIAL)
    left = {path.name for path in tmp_path.iterdir()}
    assert len(left) == 2
    assert not killed(lambda: new.save(place, overwrite=True), without=without)
    assert {path.name for path in tmp_path.iterdir()} == left
    assert which(place, answers) == 1


OUTPUTS = {
    "compact file": ("export", "MODEL", "-o", "out.safetensors"),
    "page that answers": ("export", "MODEL", "-o", "out.html"),
    "report": ("report", "MODEL", "rows.csv", "-o", "out.html"),
    "explanation": ("explain", "MODEL", "好", "-o", "out.html"),
    "image": ("explain", "MODEL", "好", "-o", "out.svg"),
    "predictions": ("predict", "MODEL", "rows.csv", "-o", "out.csv"),
    "table": ("predict", "MODEL", "rows.csv", "-o", "out.parquet"),
    "sheet": ("predict", "MODEL", "rows.csv", "-o", "out.xlsx"),
    "bad rows": ("evaluate", "MODEL", "rows.csv", "--bad-rows", "out.csv"),
}


def _in_a_fresh_process(output):
    """The test below, where another has run polars in this process."""
    test = f"{__file__}::test_a_file_is_the_old_or_the_new_one_at_every_operation[{output}]"
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", test],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.usefixtures("unchecked")
def test_a_file_is_the_old_or_the_new_one_at_every_operation(models, tmp_path, monkeypatch, output):
    models[0][0].save(tmp_path / "m")
    (tmp_path / "in").mkdir()
    rows = "text,label\n好房,0\n差房,1\n,1\n"
    (tmp_path / "in" / "rows.csv").write_text(rows, "utf-8")
    places = {"MODEL": "../m", "rows.csv": "../in/rows.csv"}
    words = [places.get(word, word) for word in OUTPUTS[output]] + ["--overwrite"]
    if words[0] in ("report", "evaluate") and "--bad-rows" not in words:
        words.append("--skip-bad-rows")
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    place = tmp_path / "out" / next(word for word in words if word.startswith("out."))
    old = b"old"
    if place.suffix == ".safetensors":  # which replaces compact files alone
        models[0][1].export(place)
        old = place.read_bytes()
    place.write_bytes(old)
    if place.suffix == ".parquet":  # where polars has run, no copy may use it
        if "polars" in sys.modules and forks._threads_seen():
            _in_a_fresh_process(output)
            return
        import polars  # noqa: F401

        assert not killed(lambda: quiet(words))
    else:
        quiet(words)  # what it imports need not be imported in each copy
    new = place.read_bytes()
    assert new != old
    at, seen = 0, []
    while True:
        place.write_bytes(old)
        if not killed(lambda: quiet(words), at, [".attnpool-", place.name]):
            break
        content = place.read_bytes()
        same = content == new
        if place.suffix == ".xlsx" and content != old:  # which holds the time
            with zipfile.ZipFile(place) as sheet:
                same = sheet.testzip() is None
        assert content == old or same
        seen.append(content != old)
        at += 1
    assert at > 5
    assert seen == sorted(seen)
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def quiet(words):
    """The command, its output nowhere."""
    kept = os.dup(1)
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        assert run(words) == 0
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def test_what_a_killed_run_left_is_told_and_cleared(models, tmp_path, caplog):
    place = tmp_path / "model"
    assert killed(lambda: models[0][0].save(place), bytes_=TRIAL)
    [left] = tmp_path.iterdir()
    assert left.name.startswith(".attnpool-")
    (tmp_path / ".attnpool-mine").mkdir()  # of another place, or nobody's
    models[0][0].save(tmp_path / "other")
    assert left.exists()
    models[0][0].save(place)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"model", "other", ".attnpool-mine"}
    [said] = [record.getMessage() for record in caplog.records]
    assert left.name in said
    assert "killed" in said


def test_the_command_line_tells_what_it_cleared(process_of, tmp_path):
    place = tmp_path / "m.csv"
    held = os.fork()
    if held == 0:
        with unfinished(place) as folder:
            (folder / "half").touch()
            (tmp_path / "ready").touch()
            time.sleep(60)
        os._exit(0)
    wait_for(tmp_path / "ready")
    words = ("predict", tmp_path / "no-model", "no.csv", "-o", place)
    assert process_of(*words).err.count("\n") == 1  # a run that lives is left alone
    os.kill(held, signal.SIGKILL)
    os.waitpid(held, 0)
    [left] = tmp_path.glob(".attnpool-*")
    said = process_of(*words).err.splitlines()
    assert said[0].startswith(f"attnpool: {left.name} beside {place} was removed")
    assert len(said) == 2
    assert not left.exists()


def wait_for(path):
    for _ in range(1000):
        if path.exists():
            return
        time.sleep(0.01)
    raise TimeoutError(path)


@pytest.fixture
def process_of():
    import subprocess
    from types import SimpleNamespace

    def call(*words):
        command = [sys.executable, "-m", "attnpool", *map(str, words)]
        done = subprocess.run(command, capture_output=True, timeout=60, text=True)
        return SimpleNamespace(status=done.returncode, out=done.stdout, err=done.stderr)

    return call


def test_two_runs_side_by_side_leave_each_other_alone(models, tmp_path):
    (one, other), answers = models
    place = tmp_path / "model"
    with unfinished(place) as folder:  # a run that is not done
        (folder / "half").touch()
        one.save(place)
        other.save(place, overwrite=True)
        assert (folder / "half").exists()
    assert which(place, answers) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.usefixtures("unchecked")
def test_many_runs_into_one_folder_at_once(models, tmp_path, monkeypatch):
    """Each replaces the model; readers find one at every moment, and nobody seems killed."""
    made, answers = models
    place = tmp_path / "model"
    made[0].save(place)
    children = []

    def told(record):
        raise AssertionError(record.getMessage())

    monkeypatch.setattr(logging.getLogger("attnpool.persistence.unfinished"), "handle", told)
    for i in range(4):
        child = os.fork()
        if child == 0:
            try:
                for _ in range(8):
                    made[i % 2].save(place, overwrite=True)
            except BaseException as error:
                os.write(2, repr(error).encode())
                os._exit(1)
            os._exit(0)
        children.append(child)
    # One file of it at a time: which folder a path names may change between two files.
    while (ended := os.waitpid(children[0], os.WNOHANG))[0] == 0:
        for _ in range(200):
            assert json.loads((place / "config.json").read_bytes())["kind"] == "TextClassifier"
    statuses = [ended[1], *(os.waitpid(child, 0)[1] for child in children[1:])]
    assert statuses == [0, 0, 0, 0]
    assert which(place, answers) in (0, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
