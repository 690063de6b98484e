import unicodedata

import pytest

from attnpool.sanitize import one_line, visible

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
