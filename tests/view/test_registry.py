import json
import re
import subprocess
import sys

import pytest

from attnpool.errors import InputError
from attnpool.view import BINARY, FORMATS, render, render_bytes

from . import samples
from .regenerate import CASES, GOLDEN, IMAGES


def test_every_format_draws():
    for name in set(FORMATS) - BINARY:
        assert "干净" in re.sub("<.*?>", "", render([samples.hotel()], name))
        assert render_bytes(samples.hotel(), name) == render(samples.hotel(), name).encode()
    assert render_bytes(samples.review(), "png").startswith(b"\x89PNG")
    assert render(samples.hotel(), "html", title="Mine").count("Mine") == 2


def test_an_unknown_format_is_told_with_those_known():
    with pytest.raises(InputError, match=r"^unknown format 'pdf'; choose one of: terminal, html"):
        render([samples.hotel()], "pdf")


def test_an_image_is_no_text():
    with pytest.raises(InputError, match=r"^png is no text; use render_bytes"):
        render([samples.hotel()], "png")


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
        "import sys, attnpool.view.page.html, attnpool.view.terminal.terminal\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_png_needs_matplotlib_and_never_pyplot():
    code = (
        "import sys, attnpool.view.picture.svg, attnpool.view.markdown\n"
        "import attnpool.view.picture.heads_plot\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import attnpool.view.picture.png\n"
        "assert not {'torch', 'matplotlib.pyplot'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_golden_file_is_left_over():
    assert {path.name for path in GOLDEN.iterdir()} == {*CASES, *IMAGES}
