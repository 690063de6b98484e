"""Files of one thing over and over take time in proportion to their size, in every format."""

import time

import pytest

from attnpool.data import read
from attnpool.errors import InputError

N = 190_000  # files of more are looked at in three places, with other code
GB = "房间干净".encode("gb18030") + b",x\n"
TIMES = {
    "quotes": b'"',
    "quotes that open lines": b'"a\n',
    "quotes and tabs": b'"a\tb\n',
    "commas": b",",
    "semicolons": b"; ",
    "what begins HZ": b"~{",
    "what seems to begin HZ": b"~{!",
    "what switches character sets": b"\x1b$",
    "zeros": b"\0",
    "carriage returns": b"\r",
    "brackets": b"[",
    "objects": b'{"a":',
    "digits": b"1",
    "escapes": b"\\u",
    "Chinese": "好".encode(),
    "letters beyond ASCII": bytes(range(0xC0, 0x100)),
}
HEAD = b"text,label\n"
SHAPES = {
    **{name: HEAD + (one * N)[:N] for name, one in TIMES.items()},
    "unclosed HZ": HEAD + b"~{" + b"!" * N,
    "unclosed JSON": b'{"text":' + b"1" * N,
    "ASCII, then GB 18030": HEAD + b"a" * N + b"\n" + GB,
    "GB 18030, then ASCII": HEAD + GB + b"a" * N + b"\n",
    "GB 18030, then four long lines": HEAD + GB + (b"a" * 60_000 + b"\n") * 4,
    "GB 18030, then spaces": HEAD + GB + b" " * N,
    "GB 18030, then short lines": HEAD + GB + b"a\n" * (N // 2),
    "brackets alone": b"[" * N,
    "objects alone": b'{"a":' * (N // 5),
}


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "txt", "json"])
@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_long_lines_take_no_time(tmp_path, content, suffix):
    path = tmp_path / f"r.{suffix}"
    path.write_bytes(content)
    start = time.process_time()
    said = ""
    try:
        read(path, labelled=False)
    except InputError as error:
        said = str(error)
    assert time.process_time() - start < 8  # quadratic time would be minutes
    assert said.isprintable()
