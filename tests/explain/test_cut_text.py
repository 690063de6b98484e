"""What is left of a text when tokens are cut out of it."""

import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.explain.faithfulness.cut_text import CutText


def words(text):
    return np.array([m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]).reshape(-1, 2)


def cut(text, *gone, spans=None):
    spans = words(text) if spans is None else np.array(spans, dtype=np.int64).reshape(-1, 2)
    return CutText(text, spans).without(np.isin(np.arange(len(spans)), gone))


LEFT = {
    "nothing cut": (("  a  good film ",), "  a  good film "),
    "one space stays": (("a good film", 1), "a film"),
    "none at the beginning": (("a good film", 0), "good film"),
    "none at the end": (("a good film ", 2), "a good"),
    "of several in a row": (("a very very good film", 1, 2, 3), "a film"),
    "all": ((" a good film\n", 0, 1, 2), ""),
    "white space elsewhere stays": (("a  good\tfilm  now", 1), "a  film  now"),
    "a line end stays": (("first line\nsecond", 1), "first\nsecond"),
    "an empty line stays": (("one two \n\n three", 1), "one \n\n three"),
    "words apart only by it": (("a well-made film", 2), "a well made film"),
    "a part of a word": (("un-known", 0, 1), "known"),
    "no space where punctuation remains": (("good, bad!", 0), ", bad!"),
    "no space in Chinese": (("很好，很美", 1), "很好很美"),
    "a space in Korean": (("좋다-영화", 1), "좋다 영화"),
    "wide white space": (("很好\u3000很美\u3000啊", 1), "很好\u3000啊"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left(name):
    arguments, left = LEFT[name]
    assert cut(*arguments) == left


def test_no_space_in_thai():
    assert cut("ดี-มาก", 1, spans=[(0, 2), (2, 3), (3, 6)]) == "ดีมาก"


def test_what_is_no_token_stays():
    assert cut("Good, bad; (ugly)!", 0, 1, 2, spans=[(0, 4), (6, 9), (12, 16)]) == ", ; ()!"


def test_parts_of_words_close_up():
    spans = [(0, 2), (2, 8), (8, 12), (13, 17)]
    assert cut("unbelievable film", 1, spans=spans) == "unable film"
    assert cut("unbelievable film", 0, 1, 2, spans=spans) == "film"


def test_a_shared_character_goes_with_the_last_of_its_tokens():
    spans = [(0, 1), (1, 2), (1, 2), (1, 2), (2, 3)]  # bytes of 猫
    assert cut("a猫b", 1, 2, spans=spans) == "a猫b"
    assert cut("a猫b", 1, 2, 3, spans=spans) == "a b"
    assert cut("a猫b", 0, 1, 2, 3, spans=spans) == "b"


def test_empty_spans_cut_nothing():
    assert cut(" good film ", 0, 3, spans=[(0, 0), (1, 5), (6, 10), (11, 11)]) == " good film "


@given(st.text(st.sampled_from("ab好\ud800-, \n\u3000🙂\x00"), max_size=30), st.randoms())
def test_of_any_text_all_other_characters_stay_in_order(text, random):
    spans = [(i, min(len(text), i + random.randint(0, 3))) for i in range(0, len(text), 2)]
    gone = [i for i in range(len(spans)) if random.random() < 0.5]
    left = cut(text, *gone, spans=spans)
    kept = {i for k, span in enumerate(spans) if k not in gone for i in range(*span)}
    lost = {i for k in gone for i in range(*spans[k])} - kept
    stays = "".join(c for i, c in enumerate(text) if i not in lost)
    assert re.sub(r"\s", "", left) == re.sub(r"\s", "", stays)
    assert len(left) <= len(text)


def test_a_megabyte_of_white_space_or_of_words_is_cut_in_seconds():
    for text in ("a" + " " * 1_000_000 + "b", "good " * 200_000):
        spans = words(text)
        one, began = CutText(text, spans), time.perf_counter()
        left = one.without(np.arange(len(spans)) % 2 == 1)
        assert time.perf_counter() - began < 10  # its square would take hours
        assert len(left.split()) == (len(spans) + 1) // 2
