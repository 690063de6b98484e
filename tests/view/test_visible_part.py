import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.explanation import Side
from attnpool.text.graphemes import cluster_starts
from attnpool.view.drawing.captions import unread
from attnpool.view.drawing.draw import draw
from attnpool.view.drawing.visible_part import SHOWN_TAIL, reach

from . import samples

FAMILY = "👩\u200d👩\u200d👧"


def far(text, until):
    return reach(Side(text, np.zeros((0, 2), dtype=np.int64), np.zeros((1, 0)), np.zeros(0), until))


@pytest.mark.parametrize(
    ("length", "tail", "hidden"),
    [(10, 0, 0), (11, 1, 0), (2_010, 2_000, 0), (2_011, 2_000, 1), (50_000, 2_000, 47_990)],
)
def test_the_tail_is_shortened_and_every_character_counted(length, tail, hidden):
    found = far("长" * length, 10)
    assert (len(found.read), len(found.tail), found.hidden) == (10, tail, hidden)
    assert found.unread == length - 10
    assert found.starts.tolist() == list(range(10))


@pytest.mark.parametrize("until", [-3, 0])
def test_a_text_of_which_nothing_was_read_is_all_tail(until):
    found = far("ab", until)
    assert (found.read, found.tail, found.unread, found.hidden) == ("", "ab", 2, 0)


def test_an_offset_behind_the_text_reads_it_all():
    found = far("ab", 9)
    assert (found.read, found.tail, found.unread, found.hidden) == ("ab", "", 0, 0)


def test_no_cut_tears_a_cluster():
    """Reading stopped inside the first family; the end of the tail would fall inside another."""
    found = far(FAMILY * 1_000, 2)
    assert found.read == FAMILY
    assert found.tail == FAMILY * (2_002 // 5 - 1)
    assert found.hidden == 5_000 - len(found.read) - len(found.tail)
    assert found.unread == 4_998
    assert far("\r\n" * 3_000, 1).tail == "\r\n" * 999


def test_a_cluster_of_megabytes_is_cut_all_the_same():
    found = far("z" + "\u0351" * 1_000_000, 1)
    assert len(found.read) + len(found.tail) == 1 + SHOWN_TAIL
    assert found.hidden == 1_000_000 - SHOWN_TAIL
    beside = far("ab" + "\u0351" * 1_000_000, 1)
    assert (beside.read, len(beside.tail)) == ("a", SHOWN_TAIL)


@given(st.text(st.characters(codec=None), max_size=60), st.integers(-5, 65))
def test_the_parts_are_the_text(text, until):
    found = far(text, until)
    assert found.read + found.tail == text
    assert found.starts.tolist() == cluster_starts(found.read).tolist()
    assert {len(found.read), len(text)} <= {*cluster_starts(text).tolist(), len(text)}


def test_the_note_says_how_many():
    assert unread(1, 0) == "… 1 character unread"
    assert unread(2_000, 0) == "… 2,000 characters unread"
    assert unread(2_001, 1) == "… 1 more character unread, 2,001 in all"
    assert unread(5_000_000, 4_998_000) == "… 4,998,000 more characters unread, 5,000,000 in all"


def test_only_what_was_read_is_drawn_by_head():
    [side] = draw([samples.megabytes()], heads=True)[0].sides
    for row in (side.row, *side.heads):
        assert sum(len(run.text) for run in row.runs) == 400
    assert len(side.heads) == 4
    assert (len(side.tail), side.unread, side.hidden) == (2_000, 4_999_600, 4_997_600)
