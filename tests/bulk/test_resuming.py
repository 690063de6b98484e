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
from tests.bulk.cases import write, write_model
from tests.persistence.kills import killed

from attnpool.bulk.parts import Parts, part_name, write_part
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
        stopped = killed(
            lambda: answer(out, "--resume"), at, [str(tmp_path), "part-", ".attnpool-new"]
        )
        if not stopped:
            break
        kept.add(len(list(tmp_path.glob("*/part-*"))))
        parts = tmp_path / f"{out}.parts"
        begun = (parts / "_run.json").exists() and (parts / "_joined").exists()
        done = (tmp_path / out).is_file() and not begun
        assert answer(out, "--resume") == 2 * done
        assert content(tmp_path, out) == expected, at
        assert not [*tmp_path.rglob(".attnpool-new*"), *tmp_path.glob("*.parts/_run.json")]
        at += 1 + at // 25  # the first ones, then some of the others
    assert at > 30
    assert len(kept) > 4


@pytest.mark.usefixtures("unchecked")
def test_killed_as_it_replaces_another_run_it_begins_anew(answer, tmp_path):
    assert answer("folder/") == 0
    expected = content(tmp_path, "folder/")
    for at in range(0, 60, 3):
        assert answer("folder/", "--overwrite", "--explain") == 0
        killed(lambda: answer("folder/", "--overwrite"), at, [str(tmp_path / "folder"), "part-"])
        assert answer("folder/", "--overwrite") == 0
        assert content(tmp_path, "folder/") == expected, at


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
    assert [*tmp_path.glob("out.jsonl.parts/.attnpool-new*")]
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
    (tmp_path / "folder" / "part-00000002.csv").write_bytes(b"cut")
    (tmp_path / "folder" / "part-00000003.csv").unlink()
    assert answer("folder/", "--resume") == 0
    assert content(tmp_path, "folder/") == expected


def test_a_stopped_run_is_neither_mixed_nor_lost(answer, tmp_path, capsys, data):
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
    assert "holds parts of another run, with other options (explain); --overwrite" in refused(
        "--resume", "--explain"
    )
    data.write_bytes(data.read_bytes() + b"x,y,z\n")
    assert "another run, with other data;" in refused("--resume")
    assert answer("folder/", "--resume", "--overwrite") == 0
    capsys.readouterr()
    (tmp_path / "folder" / "_SUCCESS").unlink()
    write_model(tmp_path, epochs=3)
    again = ["predict", str(tmp_path / "model.safetensors"), str(data), "-o", f"{tmp_path}/folder/"]
    assert run([*again, "--resume"]) == 2
    assert "another run, with another model;" in capsys.readouterr().err
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
    fail_after_three(monkeypatch)
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


def fail_after_three(monkeypatch):
    calls = iter(range(3))
    right = Predictor.answers

    def fail(self, items):
        if next(calls, None) is None:
            raise InputError("no more")
        return right(self, items)

    monkeypatch.setattr(Predictor, "answers", fail)


def remove(tmp_path):
    for path in tmp_path.iterdir():
        if path.name != "r.csv":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_the_record_of_a_run_says_what_it_was(answer, tmp_path):
    assert answer("folder/", "--explain") == 0
    found = json.loads((tmp_path / "folder" / "_run.json").read_text("utf-8"))
    names = "bad_rows data model options program replaces version"
    assert sorted(found) == names.split()
    assert found["options"]["explain"] is True


def test_what_is_not_ours_stays(answer, tmp_path, capsys):
    """Spark and Hadoop write `_SUCCESS`, and people name files as they like."""
    parts, elsewhere = tmp_path / "out.csv.parts", tmp_path / "real"
    for names in (("_SUCCESS", "thesis.txt"), ("_SUCCESS", "part-00000.csv"), ("_run.json",)):
        parts.mkdir()
        for name in names:
            (parts / name).write_text("mine")
        for options in ((), ("--overwrite",), ("--resume",)):
            assert answer("out.csv", *options) == 2
            assert "holds other files" in capsys.readouterr().err
            assert sorted(path.name for path in parts.iterdir()) == sorted(names)
        shutil.rmtree(parts)
    elsewhere.mkdir()
    (elsewhere / "thesis.txt").write_text("mine")
    parts.symlink_to(elsewhere)
    assert answer("out.csv", "--overwrite") == 2
    assert "is a link" in capsys.readouterr().err
    parts.unlink()
    assert answer("folder/") == 0
    for name in ("part-of-my-thesis.txt", ".new-ideas"):
        (tmp_path / "folder" / name).write_text("mine")
    assert answer("folder/", "--overwrite") == 2
    (tmp_path / "folder" / "part-of-my-thesis.txt").unlink()
    assert answer("folder/", "--overwrite") == 0
    assert (tmp_path / "folder" / ".new-ideas").read_text() == "mine"


def test_a_file_that_came_meanwhile_is_not_replaced(answer, tmp_path, capsys, monkeypatch):
    fail_after_three(monkeypatch)
    assert answer("out.csv") == 2
    monkeypatch.undo()
    (tmp_path / "out.csv").write_text("precious")
    capsys.readouterr()
    assert answer("out.csv", "--resume") == 2
    assert "out.csv exists; pass --overwrite" in capsys.readouterr().err
    assert (tmp_path / "out.csv").read_text() == "precious"
    assert answer("out.csv", "--resume", "--overwrite") == 0


def test_small_rows_do_not_pass_by_the_parts_of_others(answer, tmp_path, capsys, data, compact):
    (tmp_path / "out.csv.parts").mkdir()
    assert answer("folder/") == 0
    (tmp_path / "folder" / "_SUCCESS").unlink()
    (tmp_path / "out.csv.parts").rmdir()
    (tmp_path / "folder").rename(tmp_path / "out.csv.parts")
    small = tmp_path / "small.csv"
    small.write_text("review\n好\n")
    words = ["predict", str(compact), str(small), "-o", str(tmp_path / "out.csv")]
    capsys.readouterr()
    assert run([*words, "--resume"]) == 2
    assert "parts of another run, with other data" in capsys.readouterr().err
    assert run([*words, "--overwrite"]) == 0
    assert not (tmp_path / "out.csv.parts").exists()
    assert (tmp_path / "out.csv").read_text("utf-8").count("\n") == 2


@pytest.mark.parametrize("out", ["out.csv", "folder/"])
def test_data_that_change_meanwhile_are_noticed(answer, tmp_path, capsys, data, monkeypatch, out):
    right = Predictor.answers

    def append(self, items):
        with data.open("a") as file:
            file.write("x,好,y\n")
        return right(self, items)

    monkeypatch.setattr(Predictor, "answers", append)
    assert answer(out) == 2
    assert "changed" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
    assert not (tmp_path / "folder" / "_SUCCESS").exists()


def test_parts_beyond_a_hundred_thousand_stay_in_order(tmp_path):
    parts = Parts(tmp_path / "p", {}, ".csv", resume=False, overwrite=False)
    names = [part_name(number, ".csv") for number in (99_999, 100_000, 9_999_999, 10_000_000)]
    assert sorted(names) == names
    for number in (99_999, 100_000):
        path = tmp_path / "p" / part_name(number, ".csv")
        parts.add(write_part(path, lambda new: new.write_text("x")))
    parts.close()
    parts = Parts(tmp_path / "p", {}, ".csv", resume=True, overwrite=False)
    assert parts.has(99_999)
    assert parts.has(100_000)
    parts.close()


@pytest.mark.parametrize("made_up", ["", "[" * 10**5, "{}", '{"program": 1}', "null"])
def test_a_record_that_is_made_up_is_none_of_ours(answer, tmp_path, capsys, made_up):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "_run.json").write_text(made_up)
    assert answer("folder/", "--overwrite") == 2
    assert "holds other files ('_run.json')" in capsys.readouterr().err
