"""The words are those of the pattern in tokenizer.json, as Hugging Face's Oniguruma reads it."""

import functools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Sequence, Split, WhitespaceSplit

from attnpool.sanitize import printable
from attnpool.text.tokenizers.word_spans import saved_pattern, word_spans
from attnpool.text.tokenizers.words import _lower

# Every code point where scripts, signs and marks are, and some of the planes that are all alike.
CODES = [*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)]
CODES += [*range(0x20000, 0xE0000, 61), *range(0xE0200, 0x110000, 997), 0x10FFFF]


@functools.cache
def splitter(clusters):
    pattern = Split(Regex(saved_pattern(clusters=clusters)), "isolated")
    return Sequence([WhitespaceSplit(), pattern])


def theirs(text, clusters):
    """The words with their offsets; their lower case must be as long as they are."""
    lower = Lowercase().normalize_str(printable(text))
    assert len(lower) == len(text)
    return [span for _, span in splitter(clusters).pre_tokenize_str(lower)]


def ours(text, clusters):
    starts, ends = word_spans(text, clusters=clusters)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def check(text):
    for clusters in (False, True):
        assert ours(text, clusters) == theirs(text, clusters)


FRAMES = {
    "in a word": "a{}a",
    "at an apostrophe": "a'{}'a",
    "doubled": "{0}{0}",
    "behind a Thai letter": "ก{}1",
    "behind a Burmese mark": "ကး{}1",
    "between pictographs": "👩\u1037{}\u200d👩",
    "behind a joiner": "👩\u1037\u200d{}\u200d👩",
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_every_code_point_is_read_as_hugging_face_reads_it(frame):
    # The one that is longer in lower case: the next test.
    texts = [frame.format(chr(code)) for code in CODES if code != 0x130]
    text = " ".join(texts)
    for clusters in (False, True):
        found, expected = ours(text, clusters), theirs(text, clusters)
        if found != expected:
            wrong = {
                f"U+{ord(c):04X}"
                for spans in set(found) ^ set(expected)
                for c in text[max(0, spans[0] - 1) : spans[1] + 1]
            }
            pytest.fail(f"clusters={clusters}: {sorted(wrong)[:20]}")


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_letter_whose_lower_case_is_longer_is_a_letter(frame):
    assert ours(frame.format("İ"), True) == ours(frame.format("E"), True)
    assert ours(frame.format("İ"), False) == ours(frame.format("E"), False)


def test_the_lower_case_of_every_code_point_is_hugging_faces():
    text = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))
    assert _lower(text) == Lowercase().normalize_str(text)
    assert _lower("ΟΔΟΣ Σ\ud800") == "οδοσ σ\ufffd"  # each character by itself


HARD = [
    "Don't 'quote' a’b’ ''a'' a''b '",
    "👨‍👩‍👧👍🏽🇨🇳e\u0301 1️⃣ ©ℹ️ 👩\u1037\u103a\u200d👩\u0e33 👩\u0e31\u0301\u200d👩\u200d👩\u200d",
    "ห้องน้ำ\u200dสกปรก\u0e33\u0e33 ๏ ฿ กA\u0301 ก\u200c\u0301\u0e31",
    "အခန်းသန့်\u1038\u200d\u0e33\u1038 ស្អាត ꦲꦏ꧀ꦱꦫ ᬓ᭄ᬱ ᨠ᩠ᨠ",
    "हिन्दी क्षत्रिय தமிழ் བོད་ཡིག 한글 かな ｶﾅﾞ 漢字𠀀\U00031350",
    "a\x1cb\x1fc\x85d\xa0e\u180ef\u200bg\u2028h\u3000i\ufeffj\0k",
    "\ud800a\udfff\ud83d\ude00 \ufffe\uffff\U0010ffff",
    "x² ½ ª º µ ⅷ Ⓐ ℹ №_‿﹏",
    "ΟΔΟΣ Σς ﬁ ǅ ẞ ſ Å K",
    "Ა Ꭰ ꭰ \ua7cb\ua7d2\ua7dc\U00010d50\U00016ea0\u1c89",
]


@pytest.mark.parametrize("text", HARD, ids=ascii)
def test_hard_texts(text):
    check(text)


MIXED = sorted({*"".join(HARD), *"ab'’ \t1.房間กิ้ำာ်္း\u0301\u200d\u200c👩🏽"} - {"İ"})


@given(text=st.text(st.sampled_from(MIXED), max_size=60))
@settings(max_examples=400)
def test_mixtures_of_them(text):
    check(text)


@given(text=st.text(st.characters(exclude_characters="İ"), max_size=40))
@settings(max_examples=200)
def test_any_text(text):
    check(text)


@given(text=st.text(st.sampled_from("👩ℹ\u200d\u1037\u0301\u0e33\u1038\u102bกa'🏽"), max_size=12))
@settings(max_examples=400)
def test_vowel_signs_among_pictographs(text):
    check(text)


@pytest.mark.parametrize("clusters", [False, True])
def test_time_is_linear_in_any_text(clusters):
    def seconds(size):
        texts = ["a'" * size, "👩" + "\u1037" * size, "ก\u0e33" * size, "👩\u1037\u200d" * size]
        start = time.process_time()
        for text in texts:
            word_spans(text, clusters=clusters)
        return time.process_time() - start

    seconds(10)
    assert seconds(200_000) < 60 * seconds(10_000)
