from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnpool.sanitize import visible
from attnpool.view.picture.bidi import base_level, levels, visual
from attnpool.view.picture.glyphs import Span, clip, clusters, glyphs, width
from attnpool.view.picture.line_breaks import wrap


def lines(text, cells):
    """What stands in each line from left to right."""
    found = []
    for line in wrap(glyphs([Span(text)]), cells):
        found.append("".join(item.glyph.text for item in line))
        used = [(item.cell, item.cell + item.glyph.cells) for item in line]
        assert all(end <= cells for _, end in used)
        assert all(one[1] <= two[0] for one, two in pairwise(used))
    return found


def test_chinese_breaks_anywhere_but_before_a_closing_mark():
    assert lines("房间很干净，早餐好喝", 10) == ["房间很干", "净，早餐好", "喝"]
    assert lines("他说（好的）吧", 6) == ["他说", "（好", "的）吧"]
    assert lines("他说“好”吧", 6) == ["他说", "“好”吧"]


def test_words_break_at_blanks_and_long_words_anywhere():
    assert lines("the view was lovely", 9) == ["the view", "was", "lovely"]
    assert lines("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert lines("用WiFi上网", 6) == ["用WiFi", "上网"]


def test_line_ends_and_blanks_stay():
    assert lines("one\n\n  two\tx", 20) == ["one", "", "  two    x"]


def test_a_cluster_is_never_torn():
    assert lines("👩‍👩‍👧👩‍👩‍👧", 3) == ["👩‍👩‍👧", "👩‍👩‍👧"]
    assert width("e\u0301") == 1
    assert "".join(lines("z" + "\u0351" * 40, 20)) == "z" + "\u0351" * 4 + "‹+36 marks›"


@example("\U000e0000" + "0", 2)
@given(st.text(st.characters(codec=None, exclude_categories=["Mn", "Me", "Cf"]), max_size=60),
       st.integers(2, 30))  # fmt: skip
def test_every_line_fits_and_nothing_is_lost(text, cells):
    shown = [glyph.text for glyph in glyphs([Span(text)]) if not glyph.text.isspace()]
    placed = [char for line in wrap(glyphs([Span(text)]), cells) for char in line]
    assert all(item.cell + item.glyph.cells <= cells for item in placed if
               not item.glyph.text.isspace())  # fmt: skip
    drawn = [item.glyph.text for item in placed if not item.glyph.text.isspace()]
    assert sorted(drawn) == sorted(text for text in shown if width(text))
    # What has no width of its own, such as U+E0000, is not drawn.
    wide = [whole for whole in clusters(visible(text)) if not whole.isspace() and width(whole)]
    assert "".join(wide).startswith("".join(shown[:1]))


@pytest.mark.parametrize(
    ("logical", "seen"),
    [
        ("abc אבג def", "abc גבא def"),
        ("אבג abc דהו", "והד abc גבא"),
        ("אבג 123 דהו", "והד 123 גבא"),
        ("pay אבג 1.8%", "pay 1.8% גבא"),
        ("אבג (abc)", "(abc) גבא"),
        ("hello, world 42!", "hello, world 42!"),
    ],
)
def test_right_to_left_writing_stands_in_its_order(logical, seen):
    """Brackets are turned round when they are drawn."""
    base = base_level(list(logical))
    order = visual(levels(list(logical), base))
    mirrored = "".join(logical[place] for place in order)
    if "(" in logical:
        mirrored = mirrored.translate(str.maketrans("()", ")("))
    assert mirrored == seen


def test_names_are_clipped_by_cells():
    assert clip("房间很干净", 6) == "房间…"
    assert clip("房间", 4) == "房间"
