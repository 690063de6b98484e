import json
import re
import subprocess
import sys

import pytest

from attnpool import view
from attnpool.errors import InputError
from attnpool.view import BINARY, FORMATS, Section, render, to_report

from . import samples
from .regenerate import CASES, GOLDEN, IMAGES


def test_every_format_draws():
    for name in set(FORMATS) - BINARY:
        assert "干净" in re.sub("<.*?>", "", render([samples.hotel()], name))
        assert render(samples.hotel(), name) == render([samples.hotel()], name)
    assert {name for name in FORMATS if isinstance(render(samples.review(), name), bytes)} == BINARY
    assert render(samples.review(), "png").startswith(b"\x89PNG")
    assert render(samples.hotel()).startswith("<!doctype html>")
    sections = [Section("Yours", explanations=[samples.pair()])]
    page = render(samples.hotel(), "html", title="Mine", sections=sections)
    assert page.count("Mine") == 2
    assert "<h2" in page
    assert "<!doctype html>" in to_report([samples.hotel()])


def test_public_names_are_all_there():
    for name in view.__all__:
        assert getattr(view, name) is not None
    assert dir(view) == sorted(view.__all__)
    with pytest.raises(AttributeError, match="no attribute 'paint'"):
        _ = view.paint


def test_an_unknown_format_is_told_with_those_known():
    with pytest.raises(
        InputError, match=r"^unknown format 'pdf'; choose one of: terminal, lines, html"
    ):
        render([samples.hotel()], "pdf")


@pytest.mark.parametrize("given", [None, 3, "a film", {"a": 1}, [3], [samples.hotel(), None]])
def test_what_is_no_explanation_is_one_line(given, unchecked):
    with pytest.raises(InputError, match="explanations"):
        render(given)


@pytest.mark.parametrize("name", FORMATS)
def test_an_unknown_option_is_one_line_with_those_of_the_format(name):
    with pytest.raises(InputError, match="has no option 'colour'") as caught:
        render(samples.review(), name, colour="red")
    told = str(caught.value)
    assert "\n" not in told
    own = {"json": "indent", "html": "title, lead, sections", "png": "scale", "svg": "width",
           "lines": "scope, theme"}  # fmt: skip
    assert own.get(name, "heads") in told
    assert "explanations" not in told


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
