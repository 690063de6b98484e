"""The engine in Node: one process for all requests of a model."""

import json
import shutil
import subprocess
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from attnpool.view.live.engine import engine_script, packed, tables_of


def _node():
    """Node of the system, or that which Playwright's package brings along."""
    if (own := shutil.which("node")) is not None or find_spec("playwright") is None:
        return own
    return (
        str(next(Path(import_module("playwright").__file__).parent.glob("driver/node*"), ""))
        or None
    )


NODE = _node()
needs_node = pytest.mark.skipif(
    NODE is None, reason="these tests need Node: apt-get install nodejs"
)
_RUN = Path(__file__).with_name("engine_run.js").read_text("utf-8")


def run(model, requests, folder, *, base64=None):
    """What the engine says of the model, and its answer to each request."""
    script = folder / "engine.js"
    script.write_text(f"(function () {{\n{engine_script()}\n{_RUN}\n}})();\n", encoding="utf-8")
    whole = {"base64": packed(model) if base64 is None else base64, "tables": tables_of(model)}
    lines = "".join(f"{json.dumps(line)}\n" for line in [whole, *requests])
    done = subprocess.run([NODE, script], input=lines, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    opened, *answers = map(json.loads, done.stdout.splitlines())
    assert len(answers) == len(requests)
    return opened, answers


def units(text):
    """The offset in UTF-16 units of each code point, and of the end."""
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if ord(character) > 0xFFFF else 1))
    return places
