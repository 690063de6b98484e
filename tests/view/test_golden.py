import re

import pytest

from attnpool.view.page.html import to_fragment, to_html

from . import regenerate, samples


@pytest.mark.parametrize("name", regenerate.CASES)
def test_the_drawing_is_the_golden_file(name):
    golden = (regenerate.GOLDEN / name).read_bytes().decode()
    assert regenerate.CASES[name]() == golden, "run `python -m tests.view.regenerate`, look at it"


@pytest.mark.parametrize("draw", [to_html, to_fragment])
def test_the_golden_files_leave_out_style_sheet_and_script_and_nothing_else(draw):
    """That a page carries the style sheet and script its policy names is held by test_html.py."""
    html = draw([samples.pair()])
    bare = regenerate.without_assets(html)
    assets = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", html, flags=re.S)
    assert len(assets) == 2
    assert all(len(asset) > 1000 for asset in assets)
    digests = re.findall(r"'sha256-([^']+)'", html)
    for part in (*assets, *digests):
        html = html.replace(part, "…", 1)
    assert bare == html
