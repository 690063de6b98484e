import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.explanation import Side
from attnpool.view.drawing.colour import LEVELS, Scale, largest
from attnpool.view.drawing.segments import cluster, runs
from attnpool.view.drawing.visible_part import visible_part

from . import samples
from .english import draw


def cut(text, spans, values, until=None):
    values = np.array(values, dtype=np.float64)
    spans = np.array(spans, dtype=np.int64).reshape(-1, 2)
    side = Side(text, spans, values[None], values, len(text) if until is None else until)
    clusters = cluster(visible_part(side), side.spans, values)
    return runs(clusters, Scale(True, "text", largest(clusters.values)).levels(clusters.values))


def brief(text, spans, values, until=None):
    return [(run.text, run.value, run.tokens) for run in cut(text, spans, values, until)]


def test_neighbours_of_one_colour_become_one_run():
    spans = [(i, i + 1) for i in range(5)]
    assert brief("abcde", spans, [0.5, 0.5, 1.0, 0.0, 0.01]) == [
        ("ab", 0.5, (0, 2)),
        ("c", 1.0, (2, 3)),
        ("de", 0.01, (3, 5)),
    ]


def test_gaps_have_no_value_and_runs_end_where_reading_stopped():
    found = cut("  ab cd ef", [(2, 4), (5, 7)], [1.0, -1.0], until=7)
    assert [(run.text, run.value, run.tokens) for run in found] == [
        ("  ", None, None),
        ("ab", 1.0, (0, 1)),
        (" ", None, None),
        ("cd", -1.0, (1, 2)),
    ]
    assert [run.start for run in found] == [0, 2, 4, 5]
    assert [run.level for run in found] == [0, LEVELS, 0, -LEVELS]


def test_tokens_on_one_character_add_up():
    """Byte-level tokens: three of them share the emoji."""
    assert brief("x😀", [(0, 1), (1, 2), (1, 2), (1, 2)], [0.4, 0.1, 0.2, 0.1]) == [
        ("x😀", 0.4, (0, 4))
    ]


def test_overlapping_words_add_up_where_they_overlap():
    assert brief("abc", [(0, 2), (1, 3)], [0.5, 0.5]) == [
        ("a", 0.5, (0, 1)),
        ("b", 1.0, (0, 2)),
        ("c", 0.5, (1, 2)),
    ]


@pytest.mark.parametrize("whole", ["e\u0301", "👩‍👩‍👧", "☺\ufe0f"])
def test_a_cluster_is_never_torn_and_takes_its_strongest_value(whole):
    values = np.linspace(0.1, 0.3, len(whole)).tolist()
    values[1] = -1.0
    spans = [(i, i + 1) for i in range(len(whole))]
    shift = [(start + 1, end + 1) for start, end in spans]
    assert brief(f"a{whole}b", [(0, 1), *shift], [0.0, *values]) == [
        ("a", 0.0, (0, 1)),
        (whole, -1.0, (1, 1 + len(whole))),
        ("b", None, None),
    ]


def test_empty_text_and_text_without_tokens():
    assert cut("", [], []) == []
    assert brief("  ", [], []) == [("  ", None, None)]
    assert brief("ab", [], [], until=2) == [("ab", None, None)]
    assert brief("ab", [], [], until=0) == []


def test_spans_out_of_the_text_and_odd_numbers_do_no_harm():
    assert brief("ab", [(0, 9), (5, 7), (1, 0)], [1.0, 3.0, 4.0]) == [("ab", 1.0, (0, 1))]
    odd = cut("abc", [(0, 1), (1, 2), (1, 2), (2, 3)], [np.nan, np.inf, -np.inf, 1.0])
    assert [(run.text, run.level) for run in odd] == [("ab", 0), ("c", LEVELS)]


@given(
    st.text(st.characters(codec=None), max_size=40),
    st.lists(
        st.tuples(
            st.integers(0, 45),
            st.integers(0, 45),
            st.floats(allow_nan=True, allow_infinity=True),
        ),
        max_size=20,
    ),
    st.integers(0, 45),
)
def test_runs_give_back_what_was_read(text, tokens, until):
    found = cut(text, [token[:2] for token in tokens], [token[2] for token in tokens], until)
    read = "".join(run.text for run in found)
    assert text.startswith(read)
    assert len(read) >= min(until, len(text))
    assert all(run.text == text[run.start : run.start + len(run.text)] for run in found)
    assert all(run.level == 0 for run in found if run.value is None)
    assert all(run.start < until for run in found)


def test_signed_sides_share_a_scale_and_weights_do_not():
    weak = samples.by_character("好坏", {"好": 0.1})
    strong = samples.by_character("好坏", {"好": 5.0})
    looked = draw([samples.explain(weak, strong)])[0]
    # Of two tokens four times the uniform share would be more than all.
    assert {side.row.scale.full for side in looked.sides} == {1.0}
    longer = [samples.by_character("好" + "坏" * 19, {"好": heat}) for heat in (0.2, 5.0)]
    looked = draw([samples.explain(*longer)])[0]
    assert [side.row.scale.full for side in looked.sides] == [
        max(side.values.max(), 0.2) for side in longer
    ]
    assert len({side.row.scale.full for side in looked.sides}) == 2
    pushed = draw([samples.explain(weak, strong, method="contribution")])[0]
    assert {side.row.scale.full for side in pushed.sides} == {strong.values.max()}


def test_the_page_shares_a_scale_by_kind():
    every = [samples.hotel(), samples.review(), samples.moods()]
    one, two, signed = (drawing.sides[0] for drawing in draw(every, scope="page", heads=True))
    assert one.row.scale.full == two.row.scale.full == max(one.row.peak, two.row.peak)
    assert one.row.scale.uniform == pytest.approx(1 / len(every[0].sides[0].spans))
    assert two.row.scale.uniform == pytest.approx(1 / len(every[1].sides[0].spans))
    assert signed.row.scale.full == signed.row.peak
    assert {row.scale.full for row in one.heads} == {max(row.peak for row in one.heads)}


def test_heads_are_drawn_when_there_are_several():
    assert not draw([samples.hotel()])[0].sides[0].heads
    assert len(draw([samples.hotel()], heads=True)[0].sides[0].heads) == 4
    assert not draw([samples.review()], heads=True)[0].sides[0].heads
