"""What only a process of its own shows: pipes, signals, bytes that are no text."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.terminal import Terminal

EVERY = {
    "--help": (),
    "datasets": (),
    "train": ("few.csv", "-o", "OUT"),
    "evaluate": ("model", "test.csv"),
    "explain": ("model", "好"),
    "predict": ("model", "test.csv", "-o", "OUT/p.csv"),
}


def python(*arguments, cwd=None):
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, timeout=50)
    return done.returncode, done.stdout, done.stderr


def command(name, reviews, out):
    out.mkdir(exist_ok=True)
    place = {"OUT": str(out / "m"), "OUT/p.csv": str(out / "p.csv")}
    return (name, *(place.get(word, word) for word in EVERY[name]))


@pytest.mark.parametrize("name", EVERY)
def test_nobody_reads_the_output(process, reviews, tmp_path, name):
    reading, writing = os.pipe()
    os.close(reading)
    child = process(*command(name, reviews, tmp_path / "o"), cwd=reviews, stdout=writing)
    os.close(writing)
    _, err = child.communicate(timeout=100)
    assert (child.returncode, err) == (0, b"")


def test_closed_and_full_outputs(process, reviews):
    for name, status in (("datasets", 2), ("--help", 2)):
        with Path("/dev/full").open("w") as full:
            child = process(name, stdout=full)
            _, err = child.communicate(timeout=60)
        assert child.returncode == status
        assert err == (
            b"attnpool: standard output: No space left on device; free some space, or choose "
            b"another place\n"
        )
    child = process("explain", reviews / "model", "-", preexec_fn=lambda: os.close(0))
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (2, b"attnpool: stdin is closed; give one text per line\n")


@pytest.mark.parametrize("name", EVERY)
def test_what_is_printed_needs_an_open_output(process, reviews, tmp_path, name):
    """What is written to a file does not."""
    words = command(name, reviews, tmp_path / "o")
    child = process(*words, cwd=reviews, stdout=None, preexec_fn=lambda: os.close(1))
    _, err = child.communicate(timeout=100)
    if "-o" in words:
        assert (child.returncode, err) == (0, b"")
        assert Path(words[-1]).exists()
    else:
        said = b"standard output is closed; send it to a terminal, a file or a program"
        assert (child.returncode, err) == (2, b"attnpool: " + said + b"\n")


@pytest.mark.parametrize("wait", [0.0, 0.2, 0.5, 1.0, 2.0])
def test_ctrl_c_at_any_time(process, reviews, tmp_path, wait):
    data = tmp_path / "d.csv"
    lines = (reviews / "train.csv").read_text("utf-8").splitlines()
    data.write_text("\n".join(lines[:1] + lines[1:] * 40), encoding="utf-8")
    reading, writing = os.pipe()
    # Before this, Python itself is starting.
    ready = (
        "import os; from attnpool.cli.interrupt import exit_on_sigint; exit_on_sigint();"
        f" os.close({writing});"
    )
    child = process("train", data, "-o", tmp_path / "m", first=ready, pass_fds=[writing])
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    time.sleep(wait)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (130, b"", b"attnpool: stopped\n")
    assert [p.name for p in tmp_path.iterdir()] == ["d.csv"]


@pytest.mark.parametrize(
    ("presses", "status", "out", "err"),
    [(1, 0, b"imported\ntidied\n", b""), (2, 130, b"", b"attnpool: stopped\n")],
)
def test_ctrl_c_waits_for_an_import_to_end(tmp_path, presses, status, out, err):
    (tmp_path / "slow.py").write_text(
        "import os, signal, time\n"
        + "os.kill(os.getpid(), signal.SIGINT)\n" * presses
        + "time.sleep(0.2)\nprint('imported', flush=True)\n"
    )
    program = (
        "import time; from attnpool.cli.interrupt import Stopped, raise_on_sigint\n"
        "raise_on_sigint()\n"
        "try:\n    import slow; time.sleep(60)\n"
        "except Stopped:\n    print('tidied')\n"
    )
    assert python("-c", program, cwd=tmp_path) == (status, out, err)


@pytest.mark.parametrize(("name", "other"), [("SIGINT", "SIGTERM"), ("SIGTERM", "SIGINT")])
def test_a_signal_during_an_import_counts_where_the_other_is_switched_off(tmp_path, name, other):
    """As SIGINT is in a job that a script puts into the background."""
    (tmp_path / "slow.py").write_text(
        f"import os, signal, time\nos.kill(os.getpid(), signal.{name})\ntime.sleep(0.2)\n"
    )
    program = (
        "import signal, time; from attnpool.cli.interrupt import Stopped, raise_on_sigint\n"
        f"signal.signal(signal.{other}, signal.SIG_IGN)\n"
        "raise_on_sigint()\n"
        "try:\n    import slow; time.sleep(5)\n"
        "except Stopped:\n    print('tidied')\n"
    )
    assert python("-c", program, cwd=tmp_path) == (0, b"tidied\n", b"")


def test_what_was_dropped_during_an_import_is_not_raised_afterwards(tmp_path):
    (tmp_path / "last.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    program = (
        "import time; from attnpool.cli.interrupt import go_on, raise_on_sigint\n"
        "raise_on_sigint()\n"
        "import last; go_on(); time.sleep(0.2)\n"
        "print('went on')\n"
    )
    assert python("-c", program, cwd=tmp_path) == (0, b"went on\n", b"")


def test_ctrl_c_during_an_import_leaves_the_end_alone(tmp_path):
    (tmp_path / "last.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    program = (
        "import os, signal, time\n"
        "from attnpool.cli.interrupt import ignore_sigint, raise_on_sigint\n"
        "raise_on_sigint()\n"
        "import last; ignore_sigint(); os.kill(os.getpid(), signal.SIGINT); time.sleep(0.2)\n"
        "print('ended')\n"
    )
    assert python("-c", program, cwd=tmp_path) == (0, b"ended\n", b"")


def test_a_second_call_in_one_process_on_a_terminal():
    again = "from attnpool.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass"
    status, seen = Terminal("--version", first=again).leave("")
    assert status == 0, seen
    assert seen.count("attnpool ") == 2


def test_streams_that_are_none_of_pythons_own():
    """Such as those of a notebook."""
    program = (
        "import io, sys; from attnpool.cli import main\n"
        "sys.argv, kept, sys.stdout = ['attnpool', '--version'], sys.stdout, io.StringIO()\n"
        "try:\n    main()\n"
        "except SystemExit as left:\n    print(left.code, sys.stdout.getvalue(), file=kept)\n"
    )
    status, out, err = python("-c", program)
    assert (status, err) == (0, b"")
    assert out.startswith(b"0 attnpool ")


def test_as_a_module():
    status, out, err = python("-m", "attnpool", "--version")
    assert (status, err) == (0, b"")
    assert out.startswith(b"attnpool ")


def test_bytes_that_are_no_text(process, attnpool, reviews, monkeypatch):
    child = process("explain", reviews / "model", b"\xff\xfe\xe5\xa5\xbd", "--format", "json")
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (2, b"")
    assert err.decode() == (
        "attnpool: argument 3 is not UTF-8: '\\xff\\xfe好'; write it in that encoding\n"
    )
    child = process(b"tr\xff")
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (2, b"")
    assert err.startswith(b"attnpool: ")
    assert err.count(b"\n") == 1
    monkeypatch.chdir(reviews)
    for words in (
        ("train", b"\xff.csv", "-o", b"\xfe"),
        ("train", "train.csv", "-o", "new", "--text", b"\xff"),
        ("train", "train.csv", "-o", "new", "--tokenizer", b"\xff.json"),
        ("train", "train.csv", "-o", "new", "--encoding", b"\xff"),
        ("explain", "model", "x", "--target", b"\xff"),
    ):
        done = attnpool(*map(os.fsdecode, words))
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith("attnpool: ")
        assert done.err.count("\n") == 1
        assert done.err.encode()  # what stands for a byte has been replaced


def test_stdin_in_the_encoding_that_is_named(attnpool, reviews, stdin):
    for encoding in ("gb18030", "big5", "utf-16"):
        stdin("好\u3000房間\r\n太差\x0c", encoding)
        done = attnpool(
            "explain", reviews / "model", "-", "--encoding", encoding, "--format", "json"
        )
        assert [form["texts"][0] for form in json.loads(done.out)] == ["好\u3000房間", "太差\x0c"]


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("房间很干净，服务员态度也不错，早餐一般", "gb18030", ""),
        ("房间很干净", "utf-16", ""),
        ("房間很乾淨，櫃檯人員也很親切，早餐普通", "big5", ""),
        ("部屋はとても清潔で、朝食もよかったです", "cp932", ""),
        ("Das Frühstück war schön", "cp1252", "Windows-1252"),
        ("Номер был очень чистый", "koi8-r", "KOI8-R"),
    ],
)
def test_stdin_in_an_encoding_that_is_recognised(attnpool, reviews, stdin, text, encoding, name):
    stdin(text, encoding)
    done = attnpool("explain", reviews / "model", "-", "--format", "json")
    assert json.loads(done.out)["texts"] == [text]
    said = (
        f"attnpool: stdin: read as {name}, the most probable encoding; if letters look wrong, "
        "name it with --encoding\n"
    )
    assert done.err == (said if name else "")
