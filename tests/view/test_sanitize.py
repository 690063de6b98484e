import json
import unicodedata

import pytest

from attnpool.sanitize import escaped, harmless, harmless_json, one_line, shortened, visible

from . import samples


def test_what_could_do_harm_becomes_visible():
    assert visible("\x1b[0m\x00\x7f\x9b") == "␛[0m␀␡\ufffd"
    assert visible("a\u202eb\u2069") == "a‹U+202E›b‹U+2069›"
    assert visible("\ud83d!\uffff") == "\ufffd!\ufffd"
    assert visible("1\r\n2\r3\n4\t5\u20286") == "1\n2␍3\n4\t5␤6"


def test_ordinary_text_stays():
    text = "房间 naïve e\u0301 👩‍👩‍👧 שלום\u200f Ελλάδα [b]x[/b] <i>&amp;"
    assert visible(text) == text


def test_names_stand_in_one_line():
    assert one_line("  a\n\tb\u2028c\x85 ") == "a b␤c\ufffd"


def test_every_character_there_is():
    shown = visible("".join(map(chr, range(0x110000))))
    shown.encode()
    kinds = set(shown)
    left = {char for char in kinds if unicodedata.category(char) in {"Cc", "Cs"}}
    assert left == {"\t", "\n"}
    assert not {unicodedata.bidirectional(char) for char in kinds} & {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"
    }  # fmt: skip


@pytest.mark.parametrize("text", samples.ATTACKS.values(), ids=samples.ATTACKS)
def test_showing_twice_changes_nothing(text):
    assert visible(visible(text)) == visible(text)


def test_a_number_has_its_noun():
    from attnpool.sanitize import counted

    assert [counted(n, "text") for n in (0, 1, 2_000)] == ["0 texts", "1 text", "2,000 texts"]


ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ON_TERMINAL = f"👩\u200d👩\u200d👧 می\u200cخواهم e\u0301 مرحبا 房间 {ENGLAND}"


def test_on_a_terminal_no_mark_reorders_or_hides_anything():
    assert harmless(ON_TERMINAL) == ON_TERMINAL
    assert harmless("a\u200fb\u061c\r\n\x1b\U000e0041") == "a‹U+200F›b‹U+061C›\n␛‹U+E0041›"
    assert harmless("🏴\U000e0041\U000e007f") == "🏴‹U+E0041›‹U+E007F›"
    every = "".join(map(chr, range(0x110000)))
    kinds = set(harmless(every))
    assert {char for char in kinds if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}} == {
        "\t", "\n"
    }  # fmt: skip
    assert not kinds & {"\u200e", "\u200f", "\u061c", *map(chr, range(0xE0000, 0xE0080))}


def test_json_on_a_terminal_has_the_same_value():
    # But one surrogate: two lone ones would be read as a pair.
    every = "".join(chr(code) for code in range(0x110000) if not 0xD801 <= code <= 0xDFFF)
    written = json.dumps([every, ON_TERMINAL], ensure_ascii=False)
    shown = harmless_json(written)
    assert json.loads(shown) == [every, ON_TERMINAL]
    assert harmless(shown) == shown
    assert harmless_json(json.dumps([ON_TERMINAL[:20]], ensure_ascii=False)) == json.dumps(
        [ON_TERMINAL[:20]], ensure_ascii=False
    )


def test_joiners_stay_where_they_join():
    assert escaped("👩\u200d👧 می\u200cخواهم") == "👩\u200d👧 می\u200cخواهم"
    assert escaped("房\u200d间 a\u200db \u200d") == "房\\u200d间 a\\u200db \\u200d"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a short one", "a short one"),
        ("two\nlines\x1b", "two lines␛"),
        ("words of some length", "words of …"),
        ("words of  any", "words of any"),
        ("w" * 20, "w" * 12 + " …"),
        ("", ""),
    ],
)
def test_what_is_said_at_length_is_cut_between_words(text, shown):
    assert shortened(text, 12) == shown
