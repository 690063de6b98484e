"""A run that was stopped, however, goes on: the result is that of one that was not."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
from tests.bulk.cases import TEXTS, write
from tests.persistence.kills import killed

from attnpool.bulk import workers
from attnpool.bulk.predictor import Predictor
from attnpool.cli import run
from attnpool.errors import InputError

OUTPUTS = ("out.csv", "out.jsonl", "folder/")


@pytest.fixture
def data(tmp_path):
    return write(tmp_path, "r.csv")


@pytest.fixture
def answer(compact, data, tmp_path, by_chunks):
    by_chunks(7)

    def call(out, *options):
        return run(["predict", str(compact), str(data), "-o", f"{tmp_path}/{out}", *options])

    return call


def content(tmp_path, out):
    if not out.endswith("/"):
        return (tmp_path / out).read_bytes()
    return {p.name: p.read_bytes() for p in (tmp_path / out).glob("part-*")}


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("out", OUTPUTS)
def test_killed_at_every_operation_and_resumed_it_is_the_same(answer, tmp_path, out):
    assert answer(out) == 0
    expected = content(tmp_path, out)
    at, kept = 0, set()
    while True:
        remove(tmp_path)
        stopped = killed(lambda: answer(out, "--resume"), at, [str(tmp_path), "part-", ".new"])
        if not stopped:
            break
        kept.add(len(list(tmp_path.glob("*/part-*"))))
        parts = tmp_path / f"{out}.parts"
        begun = (parts / "_run.json").exists() and not (parts / "_SUCCESS").exists()
        done = (tmp_path / out).is_file() and not begun
        assert answer(out, "--resume") == 2 * done
        assert content(tmp_path, out) == expected, at
        assert not [*tmp_path.rglob(".new*"), *tmp_path.glob("*.parts")]
        at += 1 + at // 25  # the first ones, then some of the others
    assert at > 30
    assert len(kept) > 4


@pytest.fixture
def large(data):
    """Rows whose parts are larger than what is written first to see whether there is room."""
    rows = "".join(f"{i},{'很好' * (900 * (i % 9 + 1))},x\n" for i in range(48))
    data.write_text(f"id,review,note\n{rows}", "utf-8")


@pytest.mark.usefixtures("unchecked", "large")
def test_killed_while_a_part_is_written(answer, tmp_path):
    assert answer("out.jsonl") == 0
    expected = (tmp_path / "out.jsonl").read_bytes()
    remove(tmp_path)
    assert killed(lambda: answer("out.jsonl"), bytes_=200_000)
    assert [*tmp_path.glob("out.jsonl.parts/.new*")]
    assert not (tmp_path / "out.jsonl").exists()
    assert answer("out.jsonl", "--resume") == 0
    assert (tmp_path / "out.jsonl").read_bytes() == expected


def test_killed_at_ten_moments_in_several_processes(compact, data, tmp_path, by_chunks):
    """By the clock, as a user or the system would."""
    code = (
        "import sys\nfrom attnpool.bulk import local\nfrom attnpool.data import Limit\n"
        "from attnpool.cli import main\nlocal.LIMIT = Limit(7, 10**9)\n"
        "if __name__ == '__main__':\n    main()"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    words = [sys.executable, script, "predict", compact, data, "-o", tmp_path / "out.csv"]
    by_chunks(7)
    assert run(["predict", str(compact), str(data), "-o", str(tmp_path / "whole.csv")]) == 0
    for _ in range(10):
        child = subprocess.Popen([*words, "--resume", "--workers", "2"])
        end = time.monotonic() + 60
        before = len(list(tmp_path.glob("out.csv.parts/part-*")))
        while child.poll() is None and time.monotonic() < end:
            if len(list(tmp_path.glob("out.csv.parts/part-*"))) > before:
                child.kill()
                break
            time.sleep(0.002)
        child.wait()
        if (tmp_path / "out.csv").exists():
            break
    if not (tmp_path / "out.csv").exists():
        subprocess.run([*words, "--resume"], check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_part_that_was_damaged_is_written_again(answer, tmp_path):
    assert answer("folder/") == 0
    expected = content(tmp_path, "folder/")
    (tmp_path / "folder" / "_SUCCESS").unlink()
    (tmp_path / "folder" / "part-00002.csv").write_bytes(b"cut")
    (tmp_path / "folder" / "part-00003.csv").unlink()
    assert answer("folder/", "--resume") == 0
    assert content(tmp_path, "folder/") == expected


def test_a_stopped_run_is_neither_mixed_nor_lost(answer, tmp_path, capsys, data, compact):
    assert answer("folder/") == 0
    capsys.readouterr()

    def refused(*options, out="folder/"):
        assert answer(out, *options) == 2
        found = capsys.readouterr().err
        assert found.count("\n") == 1
        return found

    assert "folder exists; pass --overwrite" in refused()
    assert answer("folder/", "--resume") == 0  # nothing is left to do
    capsys.readouterr()
    (tmp_path / "folder" / "_SUCCESS").unlink()
    assert "holds 7 finished parts of a run that was stopped; --resume goes on" in refused()
    assert "holds parts of another run, with other options; --overwrite" in refused(
        "--resume", "--explain"
    )
    data.write_bytes(data.read_bytes() + b"x,y,z\n")
    assert "another run, with other data;" in refused("--resume")
    assert answer("folder/", "--resume", "--overwrite") == 0
    capsys.readouterr()
    (tmp_path / "folder" / "_SUCCESS").unlink()
    shutil.copy(compact, tmp_path / "model.safetensors")
    with (tmp_path / "model.safetensors").open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\0")
    (tmp_path / "folder" / "notes.txt").write_text("mine")
    assert "folder holds other files ('notes.txt'); name a new folder" in refused("--overwrite")
    assert (tmp_path / "folder" / "notes.txt").read_text() == "mine"


@pytest.mark.usefixtures("unchecked", "large")
@pytest.mark.parametrize("out", ["out.csv", "folder/"])
def test_a_disk_without_room_keeps_what_was_written(answer, tmp_path, out, capfd):
    assert answer(out) == 0
    expected = content(tmp_path, out)
    remove(tmp_path)
    if (child := os.fork()) == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 10**9))
        os._exit(answer(out))
    _, status = os.waitpid(child, 0)
    said = capfd.readouterr().err
    assert os.waitstatus_to_exitcode(status) == 2
    assert "cannot write there: File too large; free some space" in said
    assert "kept in" in said
    assert [*tmp_path.glob("*/part-*")]
    assert answer(out, "--resume") == 0
    assert content(tmp_path, out) == expected


def test_what_is_kept_is_told(answer, tmp_path, capsys, monkeypatch):
    calls = iter(range(3))
    right = Predictor.answers

    def fail(self, items):
        if next(calls, None) is None:
            raise InputError("no more")
        return right(self, items)

    monkeypatch.setattr(Predictor, "answers", fail)
    assert answer("out.csv") == 2
    assert capsys.readouterr().err == (
        f"attnpool: 3 finished parts of {tmp_path}/out.csv are kept in {tmp_path}/out.csv.parts; "
        "the same command with --resume goes on\nattnpool: no more\n"
    )
    monkeypatch.undo()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.csv.parts", "r.csv"]


def test_two_runs_to_one_place(answer, tmp_path, capsys, monkeypatch):
    inside, go = threading.Event(), threading.Event()
    right = Predictor.answers

    def wait(self, items):
        inside.set()
        assert go.wait(60)
        return right(self, items)

    monkeypatch.setattr(Predictor, "answers", wait)
    first = threading.Thread(target=answer, args=("out.csv",))
    first.start()
    assert inside.wait(60)
    assert answer("out.csv", "--resume") == 2
    assert "another run is writing to it" in capsys.readouterr().err
    go.set()
    first.join()
    assert (tmp_path / "out.csv").exists()


def test_a_process_that_ends_is_replaced(compact):
    pool = workers.answered(Predictor(compact), ((i, TEXTS[i : i + 4]) for i in range(0, 40, 4)), 2)
    first, _ = next(pool)
    from multiprocessing import active_children

    for child in active_children():
        child.kill()
    assert [first, *(number for number, _ in pool)] == list(range(0, 40, 4))


def test_what_ends_every_process_is_one_line(compact, monkeypatch):
    monkeypatch.setattr(workers, "_answer", exit_at_once)
    with pytest.raises(InputError, match="ended before it had answered, and again"):
        list(workers.answered(Predictor(compact), [(0, ["好"])], 2))


def exit_at_once(items):
    os._exit(9)


def remove(tmp_path):
    for path in tmp_path.iterdir():
        if path.name != "r.csv":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_the_record_of_a_run_says_what_it_was(answer, tmp_path):
    assert answer("folder/", "--explain") == 0
    found = json.loads((tmp_path / "folder" / "_run.json").read_text("utf-8"))
    assert sorted(found) == ["data", "model", "options", "version"]
    assert found["options"]["explain"] is True
