"""Encodings that nothing marks: recognised by what they spell, and said where that is not sure."""

import random

import pytest
from tests.data.languages import ENCODINGS, SENTENCES, as_written

from attnpool.data import read

SIZES = (3, 30, 1000)
PAIRS = [(language, name) for language, all_ in ENCODINGS.items() for name in all_.split()]
EAST_ASIA = ("zh-CN", "zh-TW", "zh-HK", "ja", "ko")


def rows_of(language, encoding, size, seed=0):
    """Rows with some sentences each, in characters that the encoding has."""
    draw = random.Random(seed)
    given = [as_written(text, encoding) for text in SENTENCES[language]]
    return ["；".join(draw.sample(given, 2)) if size > 3 and language in EAST_ASIA
            else " ".join(draw.sample(given, 2)) if size > 3 else given[(seed + i) % 6]
            for i in range(size)]  # fmt: skip


def written(write, texts, encoding, name="r.csv"):
    lines = [f"{i % 2}\t{text}\n" for i, text in enumerate(texts)]
    return write(name, ("label\ttext\n" + "".join(lines)).encode(encoding))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("language", "encoding"), PAIRS)
def test_right_or_said_to_be_assumed(write, language, encoding, size):
    texts = rows_of(language, encoding, size)
    rows = read(written(write, texts, encoding))
    assert rows.texts[0] == texts
    marked_by_content = encoding.startswith(("utf", "iso2022"))
    if marked_by_content or (language in EAST_ASIA and size > 3 and encoding != "hz"):
        assert not rows.source.assumed, "nobody needs a warning"


@pytest.mark.parametrize("seed", [1, 2])
def test_any_three_rows_are_right_or_said_to_be_assumed(write, seed):
    right = 0
    for language, encoding in PAIRS:
        texts = rows_of(language, encoding, 3, seed)
        if "".join(texts).isascii():
            continue
        rows = read(written(write, texts, encoding))
        right += rows.texts[0] == texts
        assert rows.source.assumed or rows.texts[0] == texts, (language, encoding)
    assert right >= len(PAIRS) * 0.97


@pytest.mark.parametrize(
    ("language", "encoding"),
    [pair for pair in PAIRS if not pair[1].startswith(("utf", "iso2022", "hz", "gb"))],
)
def test_one_row_is_never_silently_wrong(write, language, encoding):
    for text in SENTENCES[language]:
        text = as_written(text, encoding)
        rows = read(written(write, [text], encoding))
        assert rows.source.assumed or rows.texts[0] == [text]


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        (["電梯，冷氣漏水，餐廳，櫃檯冷淡", "飯店，餐點豐盛，飯店，服務周到"], "big5"),
        (["the room, they won’t help", "we’re so happy, it’s lovely here"], "cp1252"),
        (["der Gästeraum völlig kaputt", "die Küche grüßt gemütlich"], "cp1252"),
    ],
)
def test_what_is_valid_gb18030_by_accident(write, texts, encoding):
    data = "\n".join(texts).encode(encoding)
    assert data.decode("gb18030") != "\n".join(texts)
    assert read(written(write, texts, encoding)).texts[0] == texts


@pytest.mark.parametrize("rows", [1, 5000])
def test_letters_far_into_a_file_of_ascii(write, rows):
    texts = ["plain words for a long while"] * rows * 3 + ["Das Frühstück war schön für alle"]
    found = read(written(write, texts, "cp1252"))
    assert found.texts[0] == texts
    assert found.source.assumed


def test_one_very_long_line(write):
    text = "".join(SENTENCES["ja"]) * 3000
    rows = read(written(write, [text], "cp932"))
    assert rows.texts[0] == [text]


def test_a_character_that_only_the_larger_encoding_has(write):
    """cp950 has no 嘅: far into the file Big5 turns out to be that of Hong Kong."""
    texts = [*rows_of("zh-TW", "big5", 1000), *SENTENCES["zh-TW"] * 2000, "佢哋嘅態度都唔錯"]
    rows = read(written(write, texts, "big5hkscs"))
    assert rows.source.encoding == "big5hkscs"
    assert rows.texts[0] == texts


def test_a_damaged_chinese_file_is_not_read_as_something_else(write, fails):
    good = "".join(f"1\t{text}\n" for text in SENTENCES["zh-CN"] * 200).encode("gb18030")
    write("r.csv", b"label\ttext\n" + good + b"0\t\xb7\xff\n")
    assert fails("r.csv") == (
        f"r.csv looks like GB18030, but byte {len(good) + 13} is not; "
        "name the encoding with --encoding, or fix the file"
    )


def test_bytes_that_are_no_text(write, fails):
    noise = bytes(random.Random(0).choices(range(0x80, 0x100), k=600))
    write("r.csv", b"label,text\n1," + noise + b"\n")
    assert "is not UTF-8; name the encoding" in fails("r.csv")


@pytest.mark.parametrize(
    "text", ["zero\0byte", "\0", "a\0b\0c", "tilde ~{ and ~} here", "\x1b[31m"]
)
def test_utf_8_with_what_other_encodings_begin_with(write, text):
    texts = [text + "!", *["plain words"] * 5, "好的"]
    rows = read(written(write, texts, "utf-8"))
    assert (rows.texts[0], rows.source.encoding) == (texts, "utf-8")
    rows = read(written(write, texts[:-1], "utf-8"))
    assert (rows.texts[0], rows.source.encoding) == (texts[:-1], "utf-8")
