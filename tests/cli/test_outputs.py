"""An output that cannot be written is told before anything is read, by the name it was given."""

import os
import resource
from secrets import token_hex

import pytest

COMMANDS = {
    "train": ("train", "no-such.csv", "-o"),
    "predict": ("predict", "no-model", "no-such.csv", "-o"),
    "explain": ("explain", "no-model", "好", "--format", "json", "-o"),
    "demo": ("demo", "--out"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_places_where_nothing_can_be_written(fails, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.csv").write_text("mine")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "folder.csv" / "mine").write_text("mine")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    for place, words in {
        "file.csv/out.csv": ("file.csv", "not a folder"),
        "/proc/out.csv": ("/proc/out.csv", "cannot write there"),
        "folder.csv": ("folder.csv",),
        "file.csv": ("file.csv",),
        "loop.csv": ("loop.csv", "cannot write there"),
        f"{'n' * 300}.csv": ("name too long",),
        "/dev/null.csv/x.csv": ("/dev/null.csv",),
    }.items():
        if command == "demo" and place.startswith("/dev"):
            continue  # a folder that is missing is made
        message = fails(*COMMANDS[command], place)
        assert all(word.lower() in message.lower() for word in words), message
        assert ".attnpool-" not in message


@pytest.mark.parametrize("command", ["train", "predict", "explain"])
def test_a_folder_that_does_not_exist(fails, tmp_path, command):
    place = tmp_path / "no" / "out.csv"
    assert f"{place}: the folder {place.parent} does not exist" in fails(*COMMANDS[command], place)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_may_only_be_read(fails, tmp_path, command):
    (tmp_path / "sealed").mkdir(mode=0o555)
    assert "Permission denied" in fails(*COMMANDS[command], tmp_path / "sealed" / "out.csv")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_without_room(process, tmp_path, command):
    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    out = tmp_path / "out.csv"
    child = process(*COMMANDS[command], out, preexec_fn=full, env=quiet())
    _, err = child.communicate(timeout=60)
    assert child.returncode == 2
    assert err.decode().startswith(f"attnpool: {out}: cannot write there")
    assert err.count(b"\n") == 1
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["model", "out.csv", "out.jsonl", "out.parquet"])
def test_a_disk_that_fills_while_writing(process, reviews, tmp_path, name):
    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))

    data, out = tmp_path / "d.csv", tmp_path / name
    # Rows that no format makes small.
    rows = [f"干净{token_hex(100)}" for _ in range(1000)]
    data.write_text("\n".join(["review", *rows]), encoding="utf-8")
    words = ("predict", reviews / "model", data)
    if name == "model":
        words = ("train", reviews / "few.csv")
    child = process(*words, "-o", out, preexec_fn=full, env=quiet())
    _, err = child.communicate(timeout=100)
    assert child.returncode == 2
    assert err.decode().startswith(f"attnpool: {out}: cannot write there")
    assert err.count(b"\n") == 1
    assert b".attnpool-" not in err
    assert [p.name for p in tmp_path.iterdir()] == ["d.csv"]


def test_a_device_is_no_output(fails):
    message = fails("explain", "m", "好", "--format", "json", "-o", "/dev/null", "--overwrite")
    assert "/dev/null is not an ordinary file" in message


def test_a_link_stays_a_link(attnpool, reviews, tmp_path):
    (tmp_path / "real.html").write_text("old")
    (tmp_path / "link.html").symlink_to("real.html")
    arguments = ("explain", reviews / "model", "好", "-o", tmp_path / "link.html", "--overwrite")
    assert attnpool(*arguments).status == 0
    assert (tmp_path / "link.html").is_symlink()
    assert "<mark" in (tmp_path / "real.html").read_text("utf-8")


def quiet():
    """Nothing but the command writes: no byte code."""
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
