"""Full disks, sealed folders, signals, two runs at once: one line, and the old output is whole."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import attnpool
from attnpool import InputError, TextClassifier
from attnpool.persistence import atomic, model_folder
from attnpool.persistence.atomic import replace_file

ROWS = (["好房", "差房"] * 8, [0, 1] * 8)
ENV = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def model():
    return TextClassifier(dim=512, epochs=1).fit(*ROWS)  # 150 KB


@pytest.fixture
def disk(tmp_path):
    """A file system of half a megabyte, if this user may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(place)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    yield place if mounted else None
    if mounted:
        subprocess.run(["umount", "-l", str(place)], check=True)


def refusal(write, place):
    with pytest.raises(InputError) as caught:
        write()
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{place}: cannot write there: ")
    assert ".attnpool-" not in message
    return message


def names(folder):
    return sorted(path.name for path in folder.iterdir())


WRITERS = {
    "model": lambda model, place: model.save(place, overwrite=True),
    "model.safetensors": lambda model, place: model.export(place, dtype="float32", overwrite=True),
    "page.html": lambda model, place: model.export(place, overwrite=True),
    "text.csv": lambda model, place: replace_file(place, lambda f: f.write_bytes(b"x" * 200_000)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_is_full(model, disk, tmp_path, name):
    if disk is None:
        return  # tests/cli/test_outputs.py has the same with a limit on files
    place, write = disk / name, WRITERS[name]
    write(model, place)
    before = content(place)
    left = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    small = name == "model.safetensors"  # the others have more room than the trial takes
    (disk / "filler").write_bytes(bytes(left - (8_192 if small else 81_920)))
    message = refusal(lambda: write(model, place), place)
    assert ("no space left; " if small else "No space left on device; ") + "free some" in message
    assert content(place) == before
    assert names(disk) == sorted(["filler", name])


def content(place):
    if place.is_dir():
        return {path.name: path.read_bytes() for path in place.iterdir()}
    return place.read_bytes()


@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_may_only_be_read(model, disk, name):
    if disk is None:
        return
    place, write = disk / name, WRITERS[name]
    write(model, place)
    before = content(place)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert "Read-only file system" in refusal(lambda: write(model, place), place)
    assert content(place) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no copies of processes here")
@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_where_one_may_not_write(model, name, unchecked):
    with TemporaryDirectory() as above:  # where others may look, unlike pytest's own
        Path(above).chmod(0o755)
        folder = Path(above) / "theirs"
        folder.mkdir()
        place, write = folder / name, WRITERS[name]
        write(model, place)
        before = content(place)
        folder.chmod(0o555)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                if os.geteuid() == 0:
                    os.seteuid(65534)  # root may write anywhere
                assert content(place) == before
                assert "Permission denied" in refusal(lambda: write(model, place), place)
                status = 0
            except BaseException as error:
                os.write(2, repr(error).encode())
            os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        folder.chmod(0o755)
        assert content(place) == before
        assert names(folder) == [name]


def test_the_umask_is_respected_and_never_touched(model, tmp_path, monkeypatch):
    before = os.umask(0o027)
    try:

        def touched(mask):
            raise AssertionError("the umask of all threads was changed")

        monkeypatch.setattr(os, "umask", touched)
        for name, write in WRITERS.items():
            write(model, tmp_path / name)
    finally:
        monkeypatch.undo()
        os.umask(before)
    files = {path: path.stat().st_mode for path in tmp_path.rglob("*")}
    assert {stat.S_IMODE(mode) for path, mode in files.items() if path.is_file()} == {0o640}
    assert stat.S_IMODE(files[tmp_path / "model"]) == 0o750


def test_two_trainings_into_one_folder(model, tmp_path):
    """The faster one wins; the other is told, and what stands there is whole."""
    place = tmp_path / "model"

    def slow(folder):
        model.save(place)
        (folder / "config.json").write_text("half")

    with pytest.raises(InputError, match="exists by now; pass --overwrite") as caught:
        model_folder.write_folder(place, slow, overwrite=False)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == ["model"]
    found = attnpool.load(place).predict_proba(ROWS[0])
    np.testing.assert_array_equal(found, model.predict_proba(ROWS[0]))


def test_files_are_on_the_disk_before_they_are_swapped_in(tmp_path, monkeypatch):
    """Of each descriptor that is waited for, what it is; then nothing is waited for any more."""
    waited, swapped = [], []
    fsync, replace = os.fsync, atomic.Path.replace

    def wait(handle):
        waited.append(os.fstat(handle))
        if stat.S_ISREG(waited[-1].st_mode):
            os.write(handle, b"")  # Windows waits for no file that may only be read
        fsync(handle)

    def swap(part, place):
        swapped.append((part.stat().st_ino, len(waited)))
        return replace(part, place)

    monkeypatch.setattr(os, "fsync", wait)
    monkeypatch.setattr(atomic.Path, "replace", swap)
    replace_file(tmp_path / "a.txt", lambda file: file.write_text("whole"))
    [(file, before)] = swapped
    assert waited[0].st_ino == file
    assert stat.S_ISDIR(waited[1].st_mode)
    assert waited[before].st_ino == tmp_path.stat().st_ino


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_a_model_is_trained(tmp_path, number):
    rows = [f"{text} {i},{label}" for i in range(4000) for text, label in zip(*ROWS, strict=True)]
    (tmp_path / "rows.csv").write_text("\n".join(["text,label", *rows]), "utf-8")
    place = tmp_path / "model"
    TextClassifier(dim=8, epochs=1).fit(*ROWS).save(place)
    before = content(place)
    command = [sys.executable, "-m", "attnpool", "train", tmp_path / "rows.csv", "-o", place]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    child = subprocess.Popen([*command, "--overwrite"], env=ENV, **pipes)
    time.sleep(4)
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (128 + number, b"", b"attnpool: stopped\n")
    assert content(place) == before
    assert names(tmp_path) == ["model", "rows.csv"]


def test_threads_write_side_by_side(model, tmp_path):
    errors = []

    def write(number):
        try:
            for _ in range(5):
                model.save(tmp_path / "model", overwrite=True)
                model.save(tmp_path / f"model {number}", overwrite=True)
        except Exception as error:
            errors.append(error)

    model.save(tmp_path / "model")
    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert names(tmp_path) == ["model", *(f"model {number}" for number in range(4))]
