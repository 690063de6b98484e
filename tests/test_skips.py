"""In CI nothing skips silently."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest
from tests.skips import NO_DATA

def test_passes(): pass

@pytest.mark.skip("no browser")
def test_marked(): pass

def test_called(): pytest.skip("no font")

def test_allowed(): pytest.skip(NO_DATA)

@pytest.mark.xfail
def test_known(): assert False
"""


@pytest.mark.parametrize(
    ("forbidden", "outcomes"),
    [
        ("", "1 passed, 3 skipped, 1 xfailed"),
        ("1", "1 failed, 1 passed, 1 skipped, 1 xfailed, 1 error"),
    ],
)
def test_a_skip_fails_where_it_is_forbidden(tmp_path, forbidden, outcomes):
    (tmp_path / "test_few.py").write_text(TESTS)
    out = _pytest(tmp_path, ATTNPOOL_NO_SKIPS=forbidden)
    assert outcomes in out
    for name, reason in (("marked", "no browser"), ("called", "no font")):
        assert (f"test_few.py::test_{name} - skipped ({reason})" in out) == bool(forbidden)


def test_a_file_that_skips_as_a_whole_fails(tmp_path):
    (tmp_path / "test_all.py").write_text("import pytest\npytest.importorskip('no_such')\n")
    assert "1 error" in _pytest(tmp_path, ATTNPOOL_NO_SKIPS="1")


def _pytest(folder, **environment):
    command = [sys.executable, "-m", "pytest", "-p", "tests.skips", "-p", "no:cacheprovider"]
    command += ["-rfE", "--tb=no", "-c", os.devnull, "--rootdir", str(folder), str(folder)]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": "200", **environment}
    return subprocess.run(command, capture_output=True, text=True, env=environment).stdout
