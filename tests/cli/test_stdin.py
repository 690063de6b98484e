"""`attnpool explain MODEL -`: lines are answered as they come, those that wait together."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from attnpool import load, render
from attnpool.cli import stdin as module
from attnpool.cli.stdin import Stdin
from attnpool.data.formats.encodings import COINCIDENCE
from attnpool.errors import InputError

TEXTS = ("房间很干净", "服务热情，早餐太差", "", "隔音\t太差\x0c\u2028了", "好" * 300)


class Arriving(io.RawIOBase):
    """Bytes that come in these pieces, each when the one before has been taken."""

    def __init__(self, pieces, pause=0.0):
        self._pieces, self._pause = list(pieces), pause

    def readable(self):
        return True

    def read(self, size=-1):
        time.sleep(self._pause)
        piece = self._pieces.pop(0) if self._pieces else b""
        if isinstance(piece, Exception):
            raise piece
        return piece


@pytest.fixture
def arrive(monkeypatch):
    """Let standard input come in pieces."""

    def give(*pieces, pause=0.0):
        monkeypatch.setattr(
            sys, "stdin", SimpleNamespace(buffer=SimpleNamespace(raw=Arriving(pieces, pause)))
        )

    return give


def lines_of(text):
    """As a file is read: line ends of every kind; the last line may lack its own."""
    lines = io.StringIO(text, newline=None).read().split("\n")
    return lines if lines[-1] else lines[:-1]


SAID = "attnpool: stdin: read as {}, the most probable encoding; if letters look wrong, "


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "big5"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_are_the_same_however_they_come(arrive, encoding, end, last):
    text = end.join(("房间很干净", "服务员态度也不错，早餐一般", "", "a\x0cb\u3000c", "好" * 300))
    data = (text + end * last).encode(encoding.replace("big5", "gbk"))
    named = encoding.replace("big5", "gbk") if encoding in ("gb18030", "big5") else None
    for size in (1, 2, 3, 7, 50, len(data)):
        arrive(*(data[at : at + size] for at in range(0, len(data), size)))
        taken = Stdin(named)
        found = [line for batch in taken.batches() for line in batch]
        assert found == lines_of(text + end * last), size
        assert taken.ended
        arrive(*(data[at : at + size] for at in range(0, len(data), size)))
        assert Stdin(named).lines() == found


def test_many_lines_are_taken_in_batches(arrive, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 10)
    arrive(*[b"a\nb\nc\n"] * 100)
    sizes = [len(batch) for batch in Stdin(None).batches()]
    assert sum(sizes) == 300
    assert max(sizes) <= 12


def test_a_line_is_given_when_it_has_come(arrive):
    arrive(b"a\nb", b"c\n", b"d", pause=0.2)
    assert list(Stdin(None).batches()) == [["a"], ["bc"], ["d"]]


def test_an_encoding_that_shows_late(arrive, capsys):
    chinese = "房间很干净，服务员态度也不错，早餐一般\n".encode("gb18030")
    arrive(b"plain\n", b"ascii\n", chinese, chinese, pause=0.2)
    found = [line for batch in Stdin(None).batches() for line in batch]
    assert found[:2] == ["plain", "ascii"]
    assert found[2:] == ["房间很干净，服务员态度也不错，早餐一般"] * 2
    assert capsys.readouterr().err == ""
    arrive(b"plain\n", "Das Frühstück war schön\n".encode("cp1252"), pause=0.2)
    found = [line for batch in Stdin(None).batches() for line in batch]
    assert found == ["plain", "Das Frühstück war schön"]
    assert capsys.readouterr().err.startswith(SAID.format("Windows-1252"))


@pytest.mark.parametrize("named", [None, "utf-8"])
def test_a_byte_that_is_wrong_late(arrive, named):
    good = ("好" * (COINCIDENCE + 1) + "\n").encode()
    arrive(good, good, b"bad \xff\n", pause=0.2)
    given = Stdin(named).batches()
    assert [next(given), next(given)] == [lines_of(good.decode())] * 2
    with pytest.raises(InputError, match=f"stdin: byte {2 * len(good) + 4} is not (UTF|utf)-8"):
        next(given)
    arrive(good, good[:-2])  # it ends within a character
    with pytest.raises(InputError, match=f"stdin: byte {2 * len(good) - 4} is not (UTF|utf)-8"):
        list(Stdin(named).batches())


def test_nothing_to_read(arrive):
    for pieces in ([], ["\ufeff".encode()], [b"\xff\xfe"]):
        for take in (Stdin.lines, lambda stdin: list(stdin.batches())):
            arrive(*pieces)
            with pytest.raises(InputError, match="stdin is empty; give one text per line"):
                take(Stdin(None))
    arrive(b"a\n", OSError(5, "Input/output error"))
    with pytest.raises(InputError, match=r"^stdin: Input/output error$"):
        Stdin(None).lines()


def test_input_that_is_shared_with_a_program_that_does_not_wait(arrive):
    arrive(b"a\n", None, None, b"b\n")  # None: nothing has come yet
    assert Stdin(None).lines() == ["a", "b"]


@pytest.mark.parametrize("kind", ["lines", "terminal"])
def test_a_finite_pipe_prints_what_a_list_prints(attnpool, reviews, stdin, monkeypatch, kind):
    monkeypatch.setenv("COLUMNS", "80")
    expected = render(load(reviews / "model").explain(TEXTS), kind)
    options = ("-", "--format", kind)
    stdin("\n".join(TEXTS))
    assert attnpool("explain", reviews / "model", *options).out == expected
    if kind == "terminal":
        monkeypatch.setattr(module, "_BATCH", 2)
        monkeypatch.setattr(module, "_PIECE", 16)
        stdin("\r\n".join(TEXTS) + "\r\n")
        assert attnpool("explain", reviews / "model", *options).out == expected


def test_lines_of_a_stream_stand_below_each_other(attnpool, reviews, arrive, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    texts = ["好", "房间很干净，服务热情，早餐好吃", "太差"] * 3
    arrive(*(f"{text}\n".encode() for text in texts), pause=0.1)
    drawn = attnpool("explain", reviews / "model", "-", "--format", "lines").out.splitlines()
    assert len({line.index("⇒") + sum(c > "\u2e7f" for c in line) for line in drawn[:9]}) == 1
    assert len({len(line) + sum(c > "\u2e7f" for c in line) for line in drawn[:9]}) == 1
    assert " ".join(drawn).count("强：各文本最大的数值") == 1
    assert "⇒" not in " ".join(drawn[9:])


@pytest.fixture
def streaming(process):
    """A process whose standard input stays open, and that is given some text already."""
    with contextlib.ExitStack() as stack:

        def call(text, *words):
            child = stack.enter_context(process("explain", *words, stdin=subprocess.PIPE))
            give(child, text)
            return child

        yield call


def give(child, text):
    child.stdin.write(text.encode())
    child.stdin.flush()


@pytest.mark.parametrize("kind", ["lines", "terminal"])
def test_a_line_is_answered_before_the_next_comes(streaming, reviews, kind):
    child = streaming("", reviews / "model", "-", "--format", kind)
    for text in ("房间很干净", "服务热情，早餐太差"):
        give(child, f"{text}\n")
        seen = ""
        while not seen.endswith("%\n" if kind == "lines" else "\n\n"):
            seen += child.stdout.readline().decode()
        assert seen.count("%") == 1
    out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, b"")
    assert out.decode().count("强：各文本最大的数值") == 1


def test_the_reader_leaves_while_lines_still_come(streaming, reviews):
    child = streaming("房间很干净\n", reviews / "model", "-", "--format", "lines")
    child.stdout.readline()
    child.stdout.close()
    give(child, "服务热情\n")
    assert child.wait(60) == 0, "though stdin is open"
    assert child.stderr.read() == b""


def test_ctrl_c_while_waiting_for_lines(streaming, reviews):
    child = streaming("房间很干净\n", reviews / "model", "-", "--format", "lines")
    assert "⇒" in child.stdout.readline().decode()
    child.send_signal(signal.SIGINT)
    assert child.wait(60) == 130
    assert (child.stdout.read(), child.stderr.read()) == (b"", b"attnpool: stopped\n")


def test_a_bad_pair_in_a_stream(streaming, matching):
    child = streaming("怎么退款\t如何退款\n", matching / "siamese", "-")
    child.stdout.readline()
    give(child, "怎么退款\n")
    assert child.wait(60) == 2, "though stdin is open"
    assert child.stderr.read().startswith(b"attnpool: stdin, line 2 has one text; this model")


def test_documents_are_written_whole(streaming, reviews, tmp_path):
    path = tmp_path / "out.txt"
    child = streaming("房间很干净\n", reviews / "model", "-", "-o", path)
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(1)
    give(child, "服务热情")
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out.decode(), err) == (0, f"wrote {path}{os.linesep}", b"")
    assert path.read_text("utf-8").count(" · 贡献\n") == 2
