"""Encodings: by byte-order mark, UTF-8, the most probable one, or the one that is named."""

import time
from io import BytesIO

import pytest

from attnpool.data import Reading, read
from attnpool.data.formats import samples
from attnpool.data.formats.encodings import PIECE
from attnpool.data.table import Source

CSV = "label,review\n1,房间很好\n0,隔音太差\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk", "gb2312"]
)
def test_encodings_that_are_recognised(write, encoding):
    rows = read(write("r.csv", CSV, encoding))
    assert rows.texts == (["房间很好", "隔音太差"],)
    assert rows.labels == ["1", "0"]
    assert rows.reading.encoding is None


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_in_both_orders(write, mark):
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert read(write("r.csv", mark + CSV.encode(order))).labels == ["1", "0"]
    assert read("r.csv", encoding=order).labels == ["1", "0"], "the mark is no part of the header"


def test_gb18030_far_into_a_large_file(write):
    text = "label,review\n" + "1,plain ascii for a long while\n" * (PIECE // 25) + "0,隔音太差\n"
    rows = read(write("r.csv", text, "gb18030"))
    assert rows.texts[0][-1] == "隔音太差"


@pytest.mark.parametrize("long", ["a", " ", "a "])
def test_a_long_line_of_ascii_takes_no_time(write, long):
    """Where another line tells the encoding; a file of 100 kB took a minute and a half."""
    text = f"label,review\n1,房间很好\n0,{long * (190_000 // len(long))}\n0,隔音太差\n"
    path = write("r.csv", text.encode("gb18030"))
    start = time.process_time()
    assert read(path, labelled=False).texts[0][::2] == ["房间很好", "隔音太差"]
    assert time.process_time() - start < 8  # quadratic time would be minutes


def test_the_lines_that_tell_the_encoding_are_whole_and_in_order():
    lines = [b"a", b"\xc4\xe3", b"b" * 50, b"", b"x\xba\xc3y", b"\xff"]
    for end in (b"", b"\n"):
        piece = b"\n".join(lines) + end
        assert samples.sample_of(BytesIO(piece)) == (b"\xc4\xe3\nx\xba\xc3y\n\xff\n", False)


def test_characters_across_pieces(write):
    for shift in range(4):
        text = "label,review\n1," + "a" * shift + "房🏨" * (PIECE // 5) + "\n"
        assert read(write("r.csv", text)).texts[0][0].endswith("房🏨")


def test_a_named_encoding_is_used_and_remembered(write):
    write("r.csv", "label,review\n1,房間\n", "big5")
    rows = read("r.csv", encoding="big5")
    assert rows.texts == (["房間"],)
    assert rows.reading == Reading(None, ("review",), "label", "big5")
    assert read("r.csv", reading=rows.reading).texts == (["房間"],)


def test_a_damaged_utf_8_file_never_becomes_mojibake(write, fails):
    good = CSV.encode() * 1 + "1,这家酒店的早餐非常丰富而且服务员也很热情周到\n".encode()
    write("r.csv", good + b"0,\xe9\x9a\n")
    assert fails("r.csv") == (
        f"r.csv: byte {len(good) + 2} is not UTF-8; "
        "name the encoding with --encoding, or fix the file"
    )


def test_what_is_assumed_can_be_named(write):
    write("r.csv", b"label,review\n1,caf\xe9 au lait\n")
    assert read("r.csv").source == Source("cp1252", assumed=True, separator=",")
    rows = read("r.csv", encoding="latin-1")
    assert rows.texts == (["café au lait"],)
    assert rows.source == Source("latin-1", separator=",")


def test_the_fault_is_found_beyond_the_first_piece(write, fails):
    good = b"label,review\n" + b"1,abcdefg\n" * (PIECE // 10) + "0,房间很好\n".encode()
    write("r.csv", good + b"0,\xff\n")
    assert f"byte {len(good) + 2} is not UTF-8" in fails("r.csv")


def test_a_file_cut_within_a_character(write, fails):
    data = CSV.encode()[:-2]
    write("r.csv", data)
    assert f"byte {len(data) - 2} is not UTF-8" in fails("r.csv")


def test_utf_16_cut_short(write, fails):
    write("r.csv", CSV.encode("utf-16")[:-1])
    assert "is not UTF-16; name the encoding" in fails("r.csv")


def test_a_file_that_is_not_in_the_named_encoding(write, fails):
    write("r.csv", CSV)
    assert fails("r.csv", encoding="ascii") == (
        "r.csv: byte 15 is not ascii; name the right encoding with --encoding"
    )


@pytest.mark.parametrize("name", ["utf-9", "", "hex", "rot13", "a\0b", "x" * 500])
def test_unknown_encodings(write, fails, name):
    write("r.csv", CSV)
    if not name:
        assert read("r.csv", encoding=name).labels == ["1", "0"]  # as if none were named
    else:
        message = fails("r.csv", encoding=name)
        assert message.startswith("no encoding is called ")
        assert message.endswith("name one such as utf-8, gb18030 or big5")
        assert len(message) < 150


@pytest.mark.parametrize(
    ("name", "encoding", "source"),
    [
        ("r.csv", "utf-8", Source("utf-8", separator=",")),
        ("r.csv", "utf-8-sig", Source("utf-8", mark=True, separator=",")),
        ("r.csv", "utf-16", Source("utf-16", mark=True, separator=",")),
        ("r.csv", "gb18030", Source("gb18030", separator=",")),
        ("r.jsonl", "utf-8-sig", Source("utf-8", mark=True)),
    ],
)
def test_rows_tell_how_their_file_is_written(write, name, encoding, source):
    text = CSV if name.endswith("csv") else '{"label": "1", "text": "房间很好"}\n'
    assert read(write(name, text, encoding)).source == source


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "utf-8"])
def test_the_mark_of_utf_8_is_surer_than_a_name(write, encoding):
    rows = read(write("r.csv", CSV, "utf-8-sig"), encoding=encoding)
    assert rows.texts == (["房间很好", "隔音太差"],)
    assert rows.source.mark
