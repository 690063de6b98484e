"""Texts that look the same are read the same, and spans speak of the raw texts."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.data.item_keys import item_keys
from attnpool.text import normal_texts
from attnpool.text.look_alikes import PLAIN_CHINESE, SINGLE, look_alikes, nfc
from attnpool.view.picture.glyphs import measure

from .conftest import HOSTILE

SAME = {
    "Hangul": ("가방 값", unicodedata.normalize("NFD", "가방 값")),
    "accents": ("café naïve", "cafe\u0301 nai\u0308ve"),
    "accents in another order": ("\u1ec7", "e\u0302\u0323"),
    "Vietnamese": ("tiếng", "tiê\u0301ng"),
    "kana": ("がぱ", "か\u3099は\u309a"),
    "half-width kana": ("ガパア", "ｶﾞﾊﾟｱ"),
    "full-width letters": ("Wifi 5!", "Ｗｉｆｉ　５！"),
    "full-width with an accent": ("é", "ｅ\u0301"),
    "small forms": ("(a)", "﹙a﹚"),
    "compatibility ideographs": ("豈", "\uf900"),
    "beyond the first plane": ("丽", "\U0002f800"),
    "radicals": ("日本", "⽇本"),
    "ligatures": ("office fl", "oﬃce ﬂ"),
    "digraphs": ("dž ij", "ǆ ĳ"),
    "Arabic forms": ("شكرا لا", "ﺷﻜﺮﺍ ﻻ"),
    "letters that are signs too": ("Å K Ω μ", "\u212b \u212a \u2126 \u00b5"),
    "quotes": ('don\'t "x"', "don’t “x”"),
    "hyphens": ("check-in", "check\u2011in"),
    "spaces": ("a b c d", "a\u00a0b\u3000c\u2009d"),
    "soft hyphen": ("cooperate", "co\u00adoperate"),
    "zero-width space": ("good", "go\u200bod"),
    "byte order mark": ("good", "\ufeffgo\ufeffod"),
    "marks of direction": ("abc", "\u200eabc\u200f"),
    "joiners": ("abc", "a\u200db\u200cc\u200d"),
    "joiner at the end of a word": ("می رود", "می\u200c رود"),
    "variation selectors": ("❤ 漢", "❤\ufe0f 漢\U000e0100"),
    "Thai vowels in parts": ("น้ำ แม่", "น\u0e49\u0e4d\u0e32 เเม่"),
    "all at once": ("é가", "\ufeffe\u200b\u0301\u00ad\u1100\u1161"),
}
DIFFERENT = {
    "superscript": ("x²", "x2"),
    "fraction": ("½", "1/2"),
    "circled": ("①", "1"),
    "mathematical": ("𝐱", "x"),
    "ellipsis": ("…", "..."),
    "Cyrillic": ("а", "a"),
    "other accent": ("é", "è"),
    "no accent": ("é", "e"),
    "joiner of a family": ("👨\u200d👩", "👨👩"),
    "non-joiner in a word": ("می\u200cخواهم", "میخواهم"),
    "words of Khmer": ("ខ្ញុំ\u200bស្រ", "ខ្ញុំស្រ"),
    "skin": ("👍🏽", "👍"),
    "traditional": ("漢", "汉"),
    "case": ("A", "a"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_looks_the_same_is_the_same(one, other):
    assert one != other
    assert normal_texts([one]).texts == normal_texts([other]).texts == [one]


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_in_meaning_stays_apart(one, other):
    assert normal_texts([one]).texts != normal_texts([other]).texts


def test_every_character_and_its_decomposition_are_one():
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    normal = normal_texts(every).texts
    assert normal_texts(list(normal)).texts == normal
    for form in ("NFC", "NFD"):
        assert normal_texts([unicodedata.normalize(form, c) for c in every]).texts == normal


@given(st.text(st.characters(codec=None)))
def test_forms_of_any_text(text):
    (normal,) = normal_texts([text]).texts
    assert normal_texts([normal]).texts == [normal]
    assert normal_texts([unicodedata.normalize("NFD", text)]).texts == [normal]
    assert unicodedata.is_normalized("NFC", normal)


@given(st.lists(st.sampled_from([*(b for _, b in SAME.values()), *HOSTILE.values()]), max_size=6))
def test_origins_are_those_of_the_characters(texts):
    normal = normal_texts(texts)
    for row, text in enumerate(normal.texts):
        origin = normal.origins.get(row)
        if origin is None:
            assert len(text) == len(texts[row])
            continue
        assert origin.length == len(texts[row])
        for character, start, end in zip(text, origin.starts, origin.ends, strict=True):
            own = normal_texts([texts[row][start:end]]).texts[0]
            assert character in own or character in "\u200c\u200d "


def test_texts_in_normal_form_are_not_touched():
    texts = ["房间很好", "plain", "방이 좋아요", "ที่นี่", "Ａ，“b”"]
    normal = normal_texts(texts, fold=False)
    assert all(a is b for a, b in zip(normal.texts, texts, strict=True))
    assert normal.origins == {}


def test_a_character_is_folded_by_the_table_as_by_the_rewriting():
    from attnpool.text.folding import variants

    folded = dict(zip(*(codes.tolist() for codes in variants()), strict=True))
    single = look_alikes().single
    for code in range(0x10000):
        to = int(single[code])
        if to != code and not chr(to).isspace():
            assert folded[code] == folded.get(to, to)


LONG = {
    "marks out of order": "a" + "\u0301\u0327" * 200_000,
    "marks that decompose": "a" + "\u0f73" * 200_000,
    "spaces of zero width": "的\u200b" * 200_000,
    "non-joiners": "ی" + "\u200c" * 400_000 + "ی",
    "non-joiners and letters": "ی\u200c" * 200_000,
    "accents": "e\u0301" * 200_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_text_takes_no_time(text):
    start = time.perf_counter()
    normal_texts([text])
    item_keys([text])
    measure(text)
    assert time.perf_counter() - start < 8  # quadratic time would be minutes


@given(st.text(st.sampled_from("a\u0301\u0327\u0f73\u0f71\u0344\u0323éệ각\u11a8"), max_size=200))
def test_nfc_of_long_runs_of_marks_is_that_of_unicode(text):
    assert nfc(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
@pytest.mark.parametrize("around", ["می{}خواهم", "ක්{}ය", "👨{}👩", "a{}b", "می{} رود"])
def test_joiners_in_a_row_are_read_as_one(around, joiner):
    once, twice, thrice = (around.format(joiner * n) for n in (1, 2, 3))
    assert normal_texts([once]).texts == normal_texts([twice]).texts == normal_texts([thrice]).texts


def test_plain_chinese_needs_no_tables():
    """What may be read before the tables are made is what they would leave to the tokeniser."""
    effect = look_alikes().effect
    plain = [chr(code) for code in range(0x110000) if PLAIN_CHINESE.fullmatch(chr(code))]
    assert {*"房间，很好！ok"} <= set(plain)
    assert max(effect[ord(character)] for character in plain) <= SINGLE
    assert normal_texts(["".join(plain)], fold=False).texts == ["".join(plain)]
