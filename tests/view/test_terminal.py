import re
import time

import numpy as np
import pytest
from rich.cells import cell_len

from attnpool.explanation import Side
from attnpool.sanitize import visible
from attnpool.view.terminal.terminal import terminal_theme

from . import samples
from .english import TerminalView, to_terminal
from .regenerate import console

STYLE = re.compile(r"\x1b\[[0-9;]*m")
LONG = samples.ATTACKS["bidi"] * 20 + "长" * 300 + " word" * 200
HOSTILE = {**samples.ATTACKS, "long": LONG}


def uncoloured(text):
    """An explanation of even weights below half of full: no marks in plain text."""
    side = Side(text, np.zeros((0, 2), dtype=np.int64), np.zeros((1, 0)), np.zeros(0), len(text))
    return samples.explain(side)


@pytest.mark.parametrize("system", ["truecolor", "256", "standard", None])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_in_a_text_reaches_the_terminal(text, system):
    drawn = to_terminal([samples.attack(text)], console(system), heads=True)
    left = STYLE.sub("", drawn)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", left)
    left.encode()
    if system is None:
        assert left == drawn


@pytest.mark.parametrize("width", [20, 41, 80])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_every_line_fits(text, width):
    every = [samples.attack(text), samples.pair(), samples.hotel(), samples.review()]
    for system in ("truecolor", None):
        drawn = STYLE.sub("", to_terminal(every, console(system, width), heads=True))
        assert max(map(cell_len, drawn.split("\n"))) <= width


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_whole_text_is_shown(text):
    drawn = to_terminal([uncoloured(text)], console(None))
    body = drawn.split("\n", 1)[1].rsplit("\n⟦much more", 1)[0]
    assert re.sub(r"\s", "", body) == re.sub(r"\s", "", visible(text))


def test_markup_is_only_text():
    drawn = to_terminal([uncoloured(samples.ATTACKS["markup"])], console(None))
    assert "[bold red]not bold[/] [link=http://a.example]x[/link] :smile:" in drawn


def test_without_colour_the_strongest_stand_in_brackets():
    drawn = to_terminal([samples.hotel()], console(None))
    assert "⟦干净⟧" in drawn
    assert "⟨太差⟩" in drawn
    signed = to_terminal([samples.moods()], console(None, 100))
    assert "⟦−治愈⟧" in signed
    assert "⟨+气死⟩" in signed


def test_no_color_keeps_brackets_and_sends_no_colour():
    drawn = to_terminal([samples.hotel()], console("truecolor", no_colour=True))
    assert "⟦干净⟧" in drawn
    codes = {int(code or 0) for found in re.findall(r"\x1b\[([0-9;]*)m", drawn)
             for code in found.split(";")}  # fmt: skip
    assert codes <= {0, 1, 2, 3, 4}


def test_the_header_says_answer_truth_and_method():
    first = to_terminal([samples.review()], console(None)).split("\n")[0]
    assert first == "positive 63.4%  ✗ true negative · attention"
    assert "✓ true 正面" in to_terminal([samples.hotel()], console(None))
    assert to_terminal([samples.emoji()], console(None)).startswith("good 98.2% · attention\n")
    pair = to_terminal([samples.pair()], console(None))
    assert pair.startswith(
        "match · score 0.86 ≥ threshold 0.53 · 1 86.0%  ✓ true 1 · attention\nA  怎么"
    )
    assert "\nB  手机" in pair


def test_the_class_explained_is_named_where_it_is_not_the_answer():
    drawn = to_terminal([samples.explain(samples.hotel().sides[0], target="负面")], console(None))
    assert "attention for 负面" in drawn


def test_unread_text_is_shown_and_counted():
    drawn = to_terminal([samples.review()], console(None, 200))
    assert "┆ We moved to another hotel.\n… 27 characters unread" in drawn
    assert "\x1b[2m We moved" in to_terminal([samples.review()], console("truecolor", 200))


@pytest.mark.parametrize("system", ["truecolor", None])
def test_the_unread_tail_of_megabytes_is_drawn_once(system):
    start = time.perf_counter()
    drawn = to_terminal([samples.megabytes()], console(system), heads=True)
    assert time.perf_counter() - start < 1
    assert len(drawn.encode()) < 100_000
    left = STYLE.sub("", drawn)
    assert left.count("净") == 480 + 4 * 80
    assert "\n… 4,997,600 more characters unread, 4,999,600 in all\n" in left
    assert left.index("unread") < left.index("head 1")


def test_empty_text():
    side = samples.by_character("", {})
    assert "正面" in to_terminal([samples.explain(side)], console("truecolor"), heads=True)
    assert to_terminal([], console(None)) == ""


def test_a_hundred_thousand_characters():
    text = "很长的一行，" * 17_000
    drawn = to_terminal([samples.explain(samples.by_character(text, {"长": 1.0}))], console("256"))
    assert drawn.count("长") == 17_000
    assert max(map(cell_len, STYLE.sub("", drawn).split("\n"))) <= 72


def test_the_theme_of_the_terminal():
    assert terminal_theme({}) == "dark"
    assert terminal_theme({"COLORFGBG": "15;0"}) == "dark"
    assert terminal_theme({"COLORFGBG": "0;15"}) == "light"
    assert terminal_theme({"COLORFGBG": "0;default;7"}) == "light"


def test_the_view_is_a_rich_renderable():
    out = console("truecolor")
    out.print(TerminalView([samples.hotel()], theme="light"))
    assert out.file.getvalue().startswith(
        to_terminal([samples.hotel()], console("truecolor"), theme="light")
    )
