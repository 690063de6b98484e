import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from attnpool.errors import InputError
from attnpool.sanitize import visible
from attnpool.view.picture.glyphs import Span, glyphs
from attnpool.view.picture.marks import CELL, TextMark

from . import samples
from .english import compose, to_svg

LONG = samples.ATTACKS["bidi"] * 20 + "长，" * 300 + " word" * 200
HOSTILE = {**samples.ATTACKS, "cdata": "]]><!DOCTYPE x [<!ENTITY a 'b'>]>&a;", "long": LONG}
XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_xml_and_does_nothing(text, theme):
    drawn = to_svg([samples.attack(text), samples.aligned()], theme=theme, heads=True)
    assert not XML.search(drawn)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", drawn)
    root = ET.fromstring(drawn.encode())
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "title", "rect", "text", "polyline", "style"}
    for element in root.iter():
        assert not [key for key in element.attrib if key.startswith("on") or "href" in key]
    assert "url(" not in drawn
    assert "@import" not in drawn


@pytest.mark.parametrize("text", ["房间很干净，早餐好喝", "plain words  here", "a<b>&c"])
def test_text_stays_text(text):
    root = ET.fromstring(to_svg([samples.explain(samples.by_character(text, {text[:2]: 1.0}))]))
    said = "".join("".join(element.itertext()) for element in root.findall(".//{*}text"))
    assert visible(text).replace(" ", "") in said.replace(" ", "")


@pytest.mark.parametrize("cells", [24, 41, 80])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_overlaps_and_all_is_inside(text, cells):
    items = [samples.attack(text), *samples.matches(), samples.hotel()]
    picture = compose(items, width=cells, heads=True)
    rows = {}
    for mark in picture.marks:
        if isinstance(mark, TextMark) and not mark.turned:
            end = mark.x + mark.cells * CELL * mark.scale
            assert mark.x >= 0
            assert end <= picture.width
            assert 0 < mark.y < picture.height
            rows.setdefault(mark.y, []).append((mark.x, end))
    for row in rows.values():
        row.sort()
        assert all(one[1] <= two[0] + 0.01 for one, two in pairwise(row))


def test_a_length_is_that_of_its_cells():
    """So that no font makes a piece longer than its place."""
    root = ET.fromstring(to_svg([samples.hotel()]))
    for element in root.findall(".//{*}text"):
        cells = sum(glyph.cells for glyph in glyphs([Span(element.text)]))
        assert 0 < float(element.get("textLength")) <= cells * CELL


def test_auto_is_light_with_dark_rules():
    light, auto = (to_svg([samples.moods()], theme=name) for name in ("light", "auto"))
    sheet = re.search(r"<style>@media \(prefers-color-scheme:dark\)\{(.*)\}</style>\n", auto)
    assert re.sub(r' class="[\w-]+"', "", auto.replace(sheet[0], "")) == light
    rules = dict(re.findall(r"\.([\w-]+)\{\w+:(#\w+)\}", sheet[1]))
    dark = to_svg([samples.moods()], theme="dark")
    named = re.sub(
        r'(fill|stroke)="#\w+" class="([\w-]+)"', lambda m: f'{m[1]}="{rules[m[2]]}"', auto
    )
    assert named.replace(sheet[0], "") == dark


def test_a_large_alignment_is_listed_and_a_wide_one_folded():
    words = " ".join(f"w{n}" for n in range(60))
    pair = samples.explain(samples.by_word(words, {"w1": 1.0}), samples.by_word(words, {"w2": 1.0}))
    large = type(pair)(**{f: getattr(pair, f) for f in pair.__slots__} | {
        "alignment": samples.matrix(60, 60)})  # fmt: skip
    assert "w0→w0" in re.sub(r"<.*?>|\s", "", to_svg([large]))
    picture = compose([samples.aligned()], width=24)
    assert max(m.x + m.width for m in picture.marks if hasattr(m, "height")) <= picture.width


def test_bad_options_are_told():
    with pytest.raises(InputError, match="too narrow; give 24 or more"):
        to_svg([samples.hotel()], width=5)


@pytest.mark.usefixtures("unchecked")
def test_an_unknown_theme_is_told():
    with pytest.raises(InputError, match="unknown theme 'pink'"):
        to_svg([samples.hotel()], theme="pink")


def test_nothing_to_draw():
    ET.fromstring(to_svg([]))
    assert "(empty" in to_svg([samples.explain(samples.by_character("", {}))], heads=True)
