import time
from itertools import pairwise

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from attnpool.text.graphemes import SIMPLE, cluster_starts, merge_spans, widen_spans

CLUSTERS = [
    "👨‍👩‍👧‍👦",  # joined by U+200D
    "👍🏽",  # skin tone
    "🇨🇳",
    "❤️‍🔥",  # variation selector and joiner
    "1️⃣",  # keycap
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # tags: England
    "e\u0301",
    "\u1100\u1161\u11a8",  # Hangul from jamo
    "葛\U000e0100",  # ideographic variation
    "か\u3099",
    "นี้",
    "क्षि",  # conjunct and vowel sign
    "\r\n",
    "ﾊﾞ",  # half-width voiced mark
]


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_clusters_are_one(cluster):
    assert len(cluster) > 1
    assert cluster_starts(cluster).tolist() == [0]
    assert cluster_starts(f"房{cluster}a").tolist() == [0, 1, 1 + len(cluster)]


def test_all_in_a_row():
    starts = np.cumsum([0, *map(len, CLUSTERS)])
    assert cluster_starts("".join(CLUSTERS)).tolist() == starts[:-1].tolist()


def test_a_row_of_flags():
    assert cluster_starts("🇨🇳🇩🇪🇫").tolist() == [0, 2, 4]


def test_no_two_simple_characters_make_a_cluster():
    simple = regex.findall(f"[{SIMPLE}]", "".join(map(chr, range(0x10000))))
    assert len(simple) > 39_000
    # Of the kinds below only CR LF, and Hangul with jamo, would join; neither is simple.
    kinds = regex.compile(r"[\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}\p{GCB=LV}\p{GCB=LVT}]")
    assert all(kinds.fullmatch(character) for character in simple)


MIXED = st.text(alphabet=st.sampled_from("a房👩\u200d\u0301🇨🇳\U0001f3fd각\r\n\u0600\ufe0f"))


@given(MIXED)
def test_clusters_are_those_of_the_standard(text):
    assert cluster_starts(text).tolist() == [m.start() for m in regex.finditer(r"\X", text)]


@given(st.text())
def test_any_text(text):
    starts = cluster_starts(text)
    assert starts[:1].tolist() == [0] * bool(text)
    assert (np.diff(starts) > 0).all()
    assert (starts < max(1, len(text))).all()


@pytest.mark.parametrize(
    "part", ["🇨🇳", "\u0301", "👩\u200d", "क्", "\ud800", "\0", "\u200d", "\u1100"]
)
def test_a_million_characters_take_no_time(part):
    start = time.perf_counter()
    cluster_starts("a" + part * (1_000_000 // len(part)))
    assert time.perf_counter() - start < 10  # quadratic time would be hours


def test_widen():
    text = "a👍🏽b"
    spans = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 4], [2, 2]])
    assert widen_spans(text, spans).tolist() == [[0, 1], [1, 3], [1, 3], [3, 4], [4, 4], [1, 3]]


def test_merge():
    text = "a👍🏽b 🇨🇳"
    spans = np.array([[i, i + 1] for i in range(len(text)) if text[i] != " "])
    blocks, block = merge_spans(text, spans)
    assert [text[start:end] for start, end in blocks.tolist()] == ["a", "👍🏽", "b", "🇨🇳"]
    assert block.tolist() == [0, 1, 1, 2, 3, 3]
    assert np.bincount(block, np.ones(len(block))).tolist() == [1, 2, 1, 2]


def test_merge_tokens_that_share_a_character():
    blocks, block = merge_spans("龘房", np.array([[0, 1], [0, 1], [0, 1], [1, 2]]))
    assert blocks.tolist() == [[0, 1], [1, 2]]
    assert block.tolist() == [0, 0, 0, 1]


def test_merge_nothing():
    blocks, block = merge_spans("", np.zeros((0, 2), dtype=np.int64))
    assert blocks.shape == (0, 2)
    assert block.shape == (0,)


@given(MIXED, st.data())
def test_merged_blocks_hold_whole_clusters_and_do_not_overlap(text, data):
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    spans = np.array(list(pairwise(cuts)), dtype=np.int64).reshape(-1, 2)
    blocks, block = merge_spans(text, spans)
    bounds = {*cluster_starts(text).tolist(), len(text)}
    assert set(blocks.ravel().tolist()) <= bounds
    assert (blocks[1:, 0] >= blocks[:-1, 1]).all()
    assert (blocks[block, 0] <= spans[:, 0]).all()
    assert (blocks[block, 1] >= spans[:, 1]).all()
