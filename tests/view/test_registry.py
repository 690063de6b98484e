import json
import subprocess
import sys

import pytest

from attnpool.errors import InputError
from attnpool.view import FORMATS, render

from . import samples
from .regenerate import CASES, GOLDEN


def test_every_format_draws():
    for name in FORMATS:
        assert "干净" in render([samples.hotel()], name)
    assert render(samples.hotel(), "html", title="Mine").count("Mine") == 2


def test_an_unknown_format_is_told_with_those_known():
    with pytest.raises(InputError, match=r"^unknown format 'pdf'; choose one of: terminal, html"):
        render([samples.hotel()], "pdf")


def test_json_is_an_object_for_one_and_a_list_for_several():
    one, two = samples.hotel(), samples.attack(samples.ATTACKS["script"])
    assert json.loads(render([one], "json")) == one.to_dict()
    assert json.loads(render([one, two], "json")) == [one.to_dict(), two.to_dict()]
    assert render([], "json") == "[]\n"


def test_json_can_be_written_as_utf_8():
    half = samples.attack(samples.ATTACKS["surrogate"])
    written = json.loads(render([half], "json").encode())
    assert written["texts"] == [written["method"]] == ["half \ufffd and half \ufffd of one"]


def test_json_keeps_the_whole_text():
    item = samples.megabytes()
    assert json.loads(render(item, "json"))["texts"] == item.texts


def test_drawing_needs_no_torch():
    code = (
        "import sys, attnpool.view.html, attnpool.view.terminal; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_golden_file_is_left_over():
    assert {path.name for path in GOLDEN.iterdir()} == set(CASES)
