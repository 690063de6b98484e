"""Rows that several processes answer: in order, replaced when they end, stopped together."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from attnpool.bulk import workers
from attnpool.bulk.outputs import FolderOutput, LineWriter
from attnpool.bulk.parts import Parts
from attnpool.bulk.predictor import Predictor
from attnpool.bulk.step import Step
from attnpool.data import Limit, stream
from attnpool.errors import InputError
from attnpool.tables import TextForm


def write_rows(path, count):
    path.write_text("id,review\n" + "".join(f"{i},好\n" for i in range(count)))
    return path


@pytest.fixture
def pool(compact, tmp_path):
    """What two processes make of forty rows, four at a time."""
    path = write_rows(tmp_path / "rows.csv", 40)
    step = Step(Predictor(compact, text="review"), ".csv", None, LineWriter(".csv", TextForm()))
    rows = stream(path, labelled=False, originals=True)
    return workers.worked(step, enumerate(rows.chunks(Limit(4, 999))), 2)


def test_a_process_that_ends_is_replaced(pool):
    first = next(pool)
    from multiprocessing import active_children

    for child in active_children():
        child.kill()
    pieces = [first, *pool]
    assert [count for count, _ in pieces] == [4] * 10
    lines = b"".join(piece for _, piece in pieces).decode().splitlines()
    assert [line.split(",")[0] for line in lines] == ["id", *map(str, range(40))]


def polars_threads(number, frame):
    import polars as pl

    return pl.thread_pool_size()


def test_processes_share_the_cores(compact, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "_cores", lambda: 6)
    path = write_rows(tmp_path / "rows.csv", 4)
    rows = stream(path, labelled=False, originals=True)
    step = Step(Predictor(compact, text="review"), ".csv", None, polars_threads)
    found = workers.worked(step, enumerate(rows.chunks(Limit(2, 99))), 2)
    assert [piece for _, piece in found] == [3, 3]


def as_usual():
    """Signals that what runs the tests may have switched off."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def wait_until_caught(process, number):
    """Until a process has a handler for a signal of its own; before, Python has its own ways."""
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")]
        if int(caught, 16) >> (number - 1) & 1:
            return
        time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to look into")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("moment", [0.1, 0.6, 1.0])
def test_what_is_stopped_with_its_processes_says_so_alone(compact, tmp_path, name, moment):
    """Ctrl-C comes to all of them, those too that are not ready for it."""
    path = write_rows(tmp_path / "rows.csv", 400_000)
    words = ["predict", compact, path, "-o", tmp_path / "o.csv", "--explain", "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "attnpool", *map(str, words)],
        stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=as_usual,
    )  # fmt: skip
    wait_until_caught(process, signal.SIGHUP)
    time.sleep(moment)
    os.killpg(process.pid, getattr(signal, name))
    _, err = process.communicate(timeout=60)
    lines = [line for line in err.splitlines() if "kept in" not in line]
    assert lines == ["attnpool: stopped"], err
    assert process.returncode == 128 + getattr(signal, name)


def test_what_ends_every_process_is_one_line(pool, monkeypatch):
    monkeypatch.setattr(workers, "_work", exit_at_once)
    with pytest.raises(InputError, match="ended before it had answered, and again"):
        list(pool)


def exit_at_once(number, rows):
    os._exit(9)


def test_a_process_of_a_run_that_was_begun_anew_writes_nothing(compact, tmp_path):
    path = write_rows(tmp_path / "rows.csv", 4)
    [chunk] = stream(path, labelled=False, originals=True).chunks(Limit(9, 999))
    folder = tmp_path / "parts"

    def begun(**options):
        return closing(Parts(folder, {"a": 1}, ".csv", **options))

    with begun(resume=False, overwrite=False) as parts:
        piece = FolderOutput(parts, TextForm(), list).piece
    left = Step(Predictor(compact, text="review"), ".csv", None, piece)
    left(0, chunk)
    with begun(resume=True, overwrite=False):
        left(1, chunk)
    with begun(resume=False, overwrite=True):
        with pytest.raises(InputError, match="another run is writing to it"):
            left(0, chunk)
        assert not [*folder.glob("*part-*")]
