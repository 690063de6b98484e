"""What runs leave beside their outputs: whose it is, what is cleared, and what an output keeps."""

import logging
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from attnpool import TextClassifier
from attnpool.persistence import exchange, unfinished
from attnpool.persistence.atomic import replace_file

ROWS = (["好房", "差房"] * 8, [0, 1] * 8)
SECONDS = 20


@pytest.fixture(scope="module")
def model():
    return TextClassifier(dim=8, epochs=1).fit(*ROWS)


def beside(place, end):
    """A name that a run to this place might have given."""
    return place.with_name(f"{unfinished._marked(place)}-{end}")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


KINDS = {
    "a folder": lambda path: path.mkdir(),
    "a file": lambda path: path.write_text("old"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_stood_there_is_put_back_or_removed_whatever_it_is(kind, tmp_path):
    place = tmp_path / "model"
    for number in range(2):
        KINDS[kind](beside(place, f"{number}.former"))
    (beside(place, "2") / "half").mkdir(parents=True)
    assert unfinished.former(place) == beside(place, "0.former")
    unfinished.clear_leftovers(place)
    assert names(tmp_path) == ["model"]
    assert place.is_dir() == (kind == "a folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes have names here")
@pytest.mark.parametrize("end", ["0", "0.former"])
def test_links_and_pipes_that_somebody_put_there_are_left_alone(end, tmp_path):
    """Nothing is waited for, nothing is moved to the place, and the rest is cleared."""
    (tmp_path / "elsewhere").mkdir()
    place = tmp_path / "model"
    beside(place, f"link-{end}").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(beside(place, f"pipe-{end}"))
    (beside(place, "half") / "a").mkdir(parents=True)
    assert unfinished.former(place) is None
    program = "import sys, pathlib; from attnpool.persistence.atomic import check_writable; "
    program += "check_writable(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", program, place], check=True, timeout=SECONDS)
    left = {beside(place, f"{what}-{end}").name for what in ("link", "pipe")}
    assert set(names(tmp_path)) == {"elsewhere", *left}


def test_one_that_cannot_be_cleared_keeps_no_other(tmp_path, monkeypatch):
    place = tmp_path / "model"
    for end in "abc":
        (beside(place, end) / "half").mkdir(parents=True)
    remove = unfinished.remove

    def refused(output):
        if output.name.endswith("-b"):
            raise PermissionError(output)
        remove(output)

    monkeypatch.setattr(unfinished, "remove", refused)
    unfinished.clear_leftovers(place)
    assert names(tmp_path) == [beside(place, "b").name]


@pytest.mark.parametrize("exchanges", [True, False])
def test_runs_that_live_are_not_taken_for_killed_ones(
    model, tmp_path, caplog, monkeypatch, exchanges
):
    if not exchanges:
        monkeypatch.setattr(exchange, "exchange", lambda *_: False)
    place = tmp_path / "model"
    model.save(place)
    errors = []

    def write():
        try:
            for _ in range(15):
                model.save(place, overwrite=True)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] or not exchanges  # in two steps there is a moment without a model
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []
    assert names(tmp_path) == ["model"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no copies of processes here")
def test_a_process_forked_meanwhile_holds_no_output(tmp_path):
    place = tmp_path / "model"
    with unfinished.unfinished(place) as folder:
        child = os.fork()
        if child == 0:
            time.sleep(3 * SECONDS)
            os._exit(0)
        folder.rename(place)
    try:
        got = threading.Event()

        def wait():
            with unfinished.held(place):
                got.set()

        threading.Thread(target=wait, daemon=True).start()
        assert got.wait(SECONDS)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("wanted", [0o600, 0o640, 0o664])
def test_what_is_replaced_hands_on_its_permissions(model, tmp_path, wanted):
    file, folder = tmp_path / "out.csv", tmp_path / "model"
    of_folder = wanted | (wanted & 0o444) >> 2
    file.touch()
    file.chmod(wanted)
    model.save(folder)
    folder.chmod(of_folder)

    def fill(part):
        assert not mode(part.parent) & ~of_folder, "others see it before it is whole"
        part.write_text("new")

    replace_file(file, fill)
    model.save(folder, overwrite=True)
    assert (mode(file), mode(folder)) == (wanted, of_folder)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no copies of processes here")
@pytest.mark.parametrize("exchanges", [True, False])
def test_a_model_whose_folder_may_not_be_changed_is_replaced(model, monkeypatch, exchanges):
    """As before, by whoever may write beside it; nothing of it is left."""
    if not exchanges:
        monkeypatch.setattr(exchange, "exchange", lambda *_: False)
    with TemporaryDirectory() as place:  # where others may go, unlike pytest's own
        above = Path(place)
        above.chmod(0o777)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                if os.geteuid() == 0:
                    os.seteuid(65534)  # root may change anything
                model.save(above / "model")
                (above / "model").chmod(0o555)
                model.save(above / "model", overwrite=True)
                status = 0
            except BaseException as error:
                os.write(2, repr(error).encode())
            os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert names(above) == ["model"]
