from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.explanation import Side
from attnpool.text.graphemes import cluster_starts
from attnpool.view.drawing.visible_part import SHORT_TAIL, SHOWN_TAIL, visible_part

from . import samples
from .english import draw, unread

FAMILY = "👩\u200d👩\u200d👧"


def far(text, until, limit=None):
    none = np.zeros((0, 2), dtype=np.int64)
    return visible_part(Side(text, none, np.zeros((1, 0)), np.zeros(0), until), limit)


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


def test_a_limit_cuts_what_was_read_between_clusters():
    whole = far("长" * 1_050, 1_050, limit=1_000)  # it is not worth a note
    assert (len(whole.read), whole.tail, whole.cut, whole.hidden) == (1_050, "", False, 0)
    cut = far("长" * 5_000, 4_000, limit=1_000)
    assert (len(cut.read), cut.tail, cut.cut) == (1_000, "", True)
    assert (cut.unread, cut.hidden) == (1_000, 4_000)
    assert far(FAMILY * 1_000, 5_000, limit=1_002).read == FAMILY * 201
    short = far("长" * 5_000, 900, limit=1_000)
    assert (len(short.read), len(short.tail), short.cut) == (900, SHORT_TAIL, False)
    assert len(far("z" + "\u0351" * 1_000_000, 900_000, limit=1_000).read) < 1_100


def test_what_a_limit_hides_counts_for_the_scale():
    values = {"低": 0.2, "高": 1.0}
    text = "低" + "中" * 1_200 + "高"
    side = samples.by_character(text, values)
    [whole], [cut] = (draw([samples.explain(side)], limit=n)[0].sides for n in (None, 100))
    assert cut.row.scale == whole.row.scale
    assert cut.row.peak == whole.row.peak
    assert cut.row.runs[0] == whole.row.runs[0]
    assert cut.note == "… 1,102 more characters not shown"
    later = replace(side, read_until=1_000)
    [drawn] = draw([samples.explain(later)], limit=100)[0].sides
    assert drawn.note == "… 1,102 more characters not shown, 202 of them unread"


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
    assert len(side.tail) == 2_000
    assert side.note == "… 4,997,600 more characters unread, 4,999,600 in all"
