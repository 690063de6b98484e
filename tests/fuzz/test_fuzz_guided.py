"""Short runs of `fuzz.guided`, and that its targets see what goes wrong; where atheris is."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALLED = find_spec("atheris") is not None  # there is none for some systems
TARGETS = ("tokenizers", "readers", "renderings")

# What each target looks at is broken, and then random inputs are tried.
_TRIED = """
from random import Random
from types import SimpleNamespace
from fuzz import guided
{broken}
target = guided.TARGETS[{target!r}]()
{then}
for number in range(500):
    target(Random(number).randbytes(300))
"""
_IDS = """
made = guided.make_tokenizer
guided.make_tokenizer = lambda *given: SimpleNamespace(encode=made(*given).encode, size=0)
"""
_ROWS = """
rows = SimpleNamespace(texts=(["a"], ["a", "b"]), labels=["x"])
guided.attnpool.data.read = lambda *_, **__: rows
"""
_LINES = """
def refuse(*_, **__):
    raise guided.InputError("two\\nlines")
guided.attnpool.data.read = refuse
"""
_DRAWN = """
drawn = guided.attnpool.render
guided.attnpool.render = lambda one, form, **more: drawn(one, form, **more) + {more!r} * (
    form == {form!r}
)
"""
BROKEN = {
    "ids": ("tokenizers", _IDS, "", "AssertionError: ids"),
    "rows": ("readers", _ROWS, "", "AssertionError: texts"),
    "two lines": ("readers", _LINES, "", "AssertionError: not one line"),
    "a code": (
        *("renderings", "", _DRAWN.format(form="terminal", more="\x1b[2J")),
        "AssertionError: a code that acts",
    ),
    "an element": (
        *("renderings", "", _DRAWN.format(form="html", more="<script>")),
        "AssertionError: elements of a text",
    ),
    "no XML": ("renderings", "", _DRAWN.format(form="svg", more="<"), "ParseError"),
}


def python(*words):
    return subprocess.run(
        [sys.executable, *map(os.fspath, words)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_inputs_made_up_by_coverage_are_answered_or_refused(target, tmp_path):
    if not INSTALLED:
        return
    done = python("-m", "fuzz.guided", target, "--seconds", "4", "--out", tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    tried = re.match(rf"{target}: ([\d,]+) inputs, 0 surprises", done.stdout)
    assert int(tried[1].replace(",", "")) > 100
    assert [path.name for path in (tmp_path / target).iterdir()] == ["corpus"]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_target_sees_what_is_broken(fault):
    if not INSTALLED:
        return
    target, broken, then, said = BROKEN[fault]
    done = python("-c", _TRIED.format(target=target, broken=broken, then=then))
    assert done.returncode == 1
    assert said in done.stderr.strip().splitlines()[-1]


def test_make_fuzz_runs_every_fuzzer():
    recipe = re.search(r"(?m)^fuzz:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"))[1]
    for path in (ROOT / "fuzz").glob("*.py"):
        text = path.read_text("utf-8")
        if "def main(" in text and "argparse" in text:  # others are run by fuzzers
            assert f"-m fuzz.{path.stem} " in recipe
    assert f"for target in {' '.join(TARGETS)};" in recipe
    if INSTALLED:
        found = python("-c", "from fuzz import guided; print(*guided.TARGETS)")
        assert tuple(found.stdout.split()) == TARGETS
