"""A model that was loaded before a fork answers after it."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from attnpool import TextClassifier

HERE = Path(__file__).parent
# Children of a process that runs on one thread would answer in any case.
THREADS = {**os.environ, "OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")

# Python 3.12 and later warn of any fork of a process with threads.
WARNINGS = ("-W", "error", "-W", "ignore:This process:DeprecationWarning")

REFUSED = ("parquet", "originals of parquet", "frame")


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    done = subprocess.run(
        [sys.executable, *WARNINGS, HERE / "forks.py", tmp_path_factory.mktemp("forks")],
        capture_output=True,
        text=True,
        env=THREADS,
        timeout=550,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_every_path_answers_in_a_forked_process_as_in_its_parent(answers):
    differing = {path: pair for path, pair in answers.items() if pair[0] != pair[1]}
    assert sorted(differing) == sorted(REFUSED)
    assert len(answers) > 25


@pytest.mark.parametrize("path", REFUSED)
def test_what_needs_polars_after_it_had_run_is_refused_in_one_line(answers, path):
    parent, child = answers[path]
    assert parent == 200
    assert re.fullmatch(r"InputError: .*: polars had run before .* or start .* 'spawn'", child)


def test_the_parent_keeps_its_threads(answers):
    assert answers["threads"] == [2, 2]


def test_a_server_that_loads_before_it_forks_answers_from_both_workers(tmp_path):
    pytest.importorskip("gunicorn")
    texts = [f"room {i} is clean" if i % 2 else f"noisy bad place {i}" for i in range(60)]
    labels = ["good" if i % 2 else "bad" for i in range(60)]
    model = TextClassifier(epochs=2, dim=16).fit(texts, labels)
    model.save(tmp_path / "model")
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--preload", "-w", "2", "-b", "127.0.0.1:0"),
            *("--timeout", "120", "--chdir", str(HERE), "app:app"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        env={**THREADS, "MODEL": str(tmp_path / "model"), "HOME": str(tmp_path)},
    )
    try:
        lines = iter(server.stderr.readline, "")
        address = next(m[1] for line in lines if (m := re.search(r"at: (http://\S+)", line)))
        threading.Thread(target=server.stderr.read, daemon=True).start()
        text, seen = "a clean noisy room", {}
        expected = model.explain([text])[0].sides[0].values.tolist()
        until = time.monotonic() + 60
        while len(seen) < 2 and time.monotonic() < until:
            # Several at once: one worker alone would take them all in turn.
            asked = [_Asked(f"{address}/?text={quote(text)}") for _ in range(4)]
            for one in asked:
                one.join(30)
                assert one.answer is not None, "no answer"
                seen[one.answer["pid"]] = one.answer
        assert len(seen) == 2
        for answer in seen.values():
            assert answer["pid"] != server.pid
            assert answer["predict"] == answer["gradients"] == model.predict([text])[0]
            assert answer["values"] == pytest.approx(expected, rel=1e-4)
    finally:
        server.terminate()
        server.wait(20)
        server.stderr.close()


class _Asked(threading.Thread):
    """One question to a server."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address, self.answer = address, None
        self.start()

    def run(self):
        with urlopen(self.address, timeout=25) as response:
            self.answer = json.load(response)
