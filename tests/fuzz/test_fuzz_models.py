"""A short run of `fuzz.models`, and that its cases see what goes wrong."""

import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from attnpool import InputError
from fuzz import child

ROOT = Path(__file__).parents[2]


def test_damaged_models_are_answered_or_refused(tmp_path):
    """In a process of its own, without the checks of signatures that tests have."""
    done = subprocess.run(
        [sys.executable, "-m", "fuzz.models", "--cases", "250", "--out", tmp_path / "out"],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        timeout=600,
    )
    found = [path.read_text() for path in tmp_path.glob("out/*/what.json")]
    assert (done.returncode, found) == (0, []), done.stderr.decode()[-2000:]
    assert b"250 cases" in done.stdout
    assert b" 0 surprises" in done.stdout
    answered, refused = (int(done.stdout.split()[i]) for i in (3, 5))
    assert answered > 20  # else it is the digests that refuse
    assert refused > 20


def refuse():
    raise InputError("one line")


def refuse_in_two():
    raise InputError("two\nlines")


def fail():
    raise KeyError("x")


def warn():
    warnings.warn("raw", RuntimeWarning, stacklevel=1)
    return "done"


def fill():
    return str(len(bytes(1 << 31)))


def hang():
    while True:
        time.sleep(60)


@pytest.mark.parametrize(
    ("work", "kind", "detail"),
    [
        (lambda: "done", child.OK, "done"),
        (refuse, child.REFUSED, "one line"),
        (refuse_in_two, child.SURPRISE, "no one line"),
        (fail, child.SURPRISE, "KeyError"),
        (warn, child.SURPRISE, "RuntimeWarning: raw"),
        (fill, child.SURPRISE, "MemoryError"),
        (hang, child.SURPRISE, "longer than the time limit"),
        (lambda: os.kill(os.getpid(), 11), child.SURPRISE, "signal 11"),
    ],
)
def test_what_a_case_comes_to(work, kind, detail):
    found = child.run(work, seconds=2, most=1 << 30)
    assert found.kind == kind
    assert detail in found.detail


def test_a_case_that_is_late_is_tried_again(tmp_path):
    """On a busy machine any case may be."""

    def slow_at_first():
        if not (tmp_path / "tried").exists():
            (tmp_path / "tried").touch()
            hang()
        return "done"

    assert child.run(slow_at_first, seconds=2) == child.Outcome(child.OK, "done")
