"""The pictures of README and docs: all made by `make pictures`, all there, all small."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from scripts.make_pictures import MOST_BYTES, NAMES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MADE = {f"{name}{scheme}.png" for name in NAMES for scheme in ("", "-dark")}


def test_docs_hold_what_is_made_and_nothing_else():
    assert {file.name for kind in ("png", "svg") for file in DOCS.glob(f"*.{kind}")} == MADE


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_picture_is_small_and_in_its_colours(name):
    data = (DOCS / name).read_bytes()
    assert len(data) <= MOST_BYTES
    corner = Image.open(io.BytesIO(data)).convert("L").getpixel((2, 2))
    assert corner < 40 if name.endswith("-dark.png") else corner > 240


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_page_shows_pictures_that_are_there_in_both_colours(page):
    text = (ROOT / page).read_text("utf-8")
    light = re.findall(r'<img src="docs/([\w-]+\.png)" alt="[^"]{8,}"', text)
    dark = re.findall(r'srcset="docs/([\w-]+\.png)"', text)
    assert light
    assert dark == [name.replace(".png", "-dark.png") for name in light]
    assert set(light + dark) <= MADE
    assert set(re.findall(r"docs/[\w-]+\.(?:png|svg)", text)) == {
        f"docs/{name}" for name in light + dark
    }
