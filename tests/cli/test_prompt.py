"""`attnpool explain MODEL` on a terminal asks for texts. What is typed is typed into a real one."""

import contextlib
import re
import subprocess

import pytest
from rich.cells import cell_len

pytest.importorskip("pty", reason="needs pseudo-terminals")

from tests.cli.terminal import CTRL_C, Terminal

HINT = "Ctrl-C again leaves, as Ctrl-D does"
MARKS = re.compile("[⟦⟧⟨⟩+−]")
LEGEND = "强：各文本最大的数值"


@pytest.fixture
def terminal(tmp_path):
    """A terminal with `attnpool explain` and some words in it."""
    with contextlib.ExitStack() as stack:

        def open_one(*words, **environ):
            opened = Terminal("explain", *words, HOME=str(tmp_path), **environ)
            stack.callback(opened.close)
            return opened

        yield open_one


@pytest.fixture
def answer(attnpool, monkeypatch):
    """What `attnpool explain MODEL TEXT` prints of a text, without legends."""
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words):
        return attnpool("explain", *words).out.rpartition("\n\n")[0]

    return call


def test_each_text_is_answered_as_on_the_command_line(terminal, answer, reviews, tmp_path):
    model = reviews / "model"
    screen = terminal(model)
    assert screen.see() == "attnpool: type a text; Ctrl-D leaves\n> "
    first = screen.type("房间很干净\n")
    assert answer(model, "房间很干净") in first
    assert LEGEND in first
    second = screen.type("服务热情，早餐太差\n")
    assert answer(model, "服务热情，早餐太差") in second
    assert LEGEND not in second, "once is enough"
    assert answer(model, "房间很干净") in screen.type("\x1b[A\x1b[A\n"), "the history, by arrow up"
    assert screen.type("\n") == "\n> "
    assert screen.type("  \n").endswith("\n> ")
    assert screen.leave() == (0, "\n")
    assert list(tmp_path.iterdir()) == [], "texts may be private: no history file"


@pytest.mark.parametrize("environ", [{}, {"LC_ALL": "C"}])
def test_wide_characters_are_edited_as_such(terminal, reviews, environ):
    readline = pytest.importorskip("readline", reason="needs line editing")
    screen = terminal(reviews / "model", "--format", "lines", **environ)
    screen.see()
    screen.type("房间太差", end="太差")
    if "libedit" not in readline.__doc__:  # which draws the line anew
        assert screen.type("\x7f", end="\b\b") == "\b\b", "back by two cells"
    else:
        screen.type("\x7f", end="")
    shown = screen.type("好\n").splitlines()
    assert MARKS.sub("", shown[1]).startswith("房间太好  ")
    assert cell_len(shown[1]) == 80
    assert " ".join(map(str.strip, shown)).count(LEGEND) == 1
    second = screen.type("早餐\n").splitlines()
    assert [cell_len(line) for line in second] == [4, 80, 2], "the text, the answer, the prompt"
    assert screen.leave()[0] == 0


def test_ctrl_c_drops_what_is_typed_and_twice_leaves(terminal, reviews):
    screen = terminal(reviews / "model")
    screen.see()
    screen.type("房间", end="房间")
    assert screen.type(CTRL_C) == "\n> "
    assert HINT in screen.type(CTRL_C)
    assert LEGEND in screen.type("好吵\n")
    assert HINT in screen.type(CTRL_C), "an answer lies between: that is not twice"
    screen.type("房间", end="房间")
    assert screen.type(CTRL_C) == "\n> ", "nor is this"
    assert HINT in screen.type(CTRL_C)
    assert screen.leave(CTRL_C) == (0, "\n")


SLOW = """
import time
from attnpool.estimators import TextClassifier
explain = TextClassifier.explain
def slow(self, texts, *rest, **options):
    if "房间" in texts:
        print("busy", flush=True)
        time.sleep(600)
    return explain(self, texts, *rest, **options)
TextClassifier.explain = slow
"""


def test_ctrl_c_drops_an_answer(terminal, reviews):
    screen = terminal(reviews / "model", first=SLOW)
    screen.see()
    screen.type("房间\n", end="busy\n")
    assert screen.type(CTRL_C).endswith("\n> ")
    assert "贡献" in screen.type("服务热情\n")
    screen.type("房间\n", end="busy\n")
    seen = screen.type(CTRL_C)
    assert HINT not in seen, "not twice: an answer lies between"
    assert screen.leave() == (0, "\n")


def test_pairs_are_asked_for_one_after_the_other(terminal, answer, matching):
    model = matching / "alignment"
    screen = terminal(model, "--heads")
    assert "type two texts, one after the other or with a tab between" in screen.see("A> ")
    screen.type("怎么退款\n", end="B> ")
    screen.type("\n", end="\nB> ")
    expected = answer(model, "怎么退款", "如何退款", "--heads")
    assert expected in screen.type("如何退款\n", end="A> ")
    assert expected in screen.type("怎么退款\t如何退款\n", end="A> ")
    refused = screen.type("a\tb\tc\n", end="A> ").splitlines()[1]
    assert refused.startswith("attnpool: 3 texts; this model compares two: type one after")
    screen.type("怎么\n", end="B> ")
    assert screen.type(CTRL_C, end="A> ") == "\nA> ", "the pair is dropped"
    assert answer(model, "", "如何") in screen.type("\t如何\n", end="A> ")
    assert screen.leave() == (0, "\n")


def test_options_mean_what_they_do_with_texts(terminal, answer, matching):
    options = ("--candidates", "正面,天气", "--target", "天气", "--method", "attention")
    screen = terminal(matching / "label", *options)
    screen.see()
    assert answer(matching / "label", "今天有雨", *options) in screen.type("今天有雨\n")
    assert screen.leave() == (0, "\n")


def test_another_encoding(terminal, reviews):
    screen = terminal(reviews / "model", "--encoding", "gb18030", "--format", "lines")
    screen.see()
    seen = screen.type("房间太差，早餐很好\n".encode("gb18030"))
    assert "房间太差，早餐很好" in MARKS.sub("", seen)
    assert "name the right encoding with --encoding" in screen.type(b"\xff\n")
    assert screen.leave()[0] == 0


def test_where_nobody_can_be_asked(fails, process, reviews, tmp_path):
    model = reviews / "model"
    refused = "attnpool: give one of these: texts to explain, - for stdin, or --data FILE"
    assert fails("explain", model) == f"{refused}\n"
    child = process("explain", model, stdin=subprocess.PIPE)
    out, err = child.communicate("好".encode(), timeout=60)
    assert (child.returncode, out) == (2, b"")
    assert err.decode() == f"{refused}; - reads what is piped in\n"
    child = process("explain", model, stdin=subprocess.DEVNULL)
    assert child.communicate(timeout=60)[1].decode() == f"{refused}\n"
    for options in (("--format", "json"), ("-o", tmp_path / "page.html")):
        screen = Terminal("explain", model, *options)
        assert screen.leave("") == (2, f"{refused}\n")
        screen.close()
    screen = Terminal("explain", model, "--limit", "3")
    assert screen.leave("") == (2, "attnpool: --limit does nothing without --data; leave it out\n")
    screen.close()
