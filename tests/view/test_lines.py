"""A list in the terminal: one line for each explanation."""

import re
import time

import pytest
from rich.cells import cell_len

from attnpool.explanation import Explanation
from attnpool.text.graphemes import cluster_starts

from . import samples
from .english import render, to_lines
from .regenerate import console
from .test_terminal import HOSTILE, STYLE

MANY = "这家酒店我去过三次了，前台的服务员每次都记得我的名字。" * 3


def clusters(text):
    starts = cluster_starts(text).tolist()
    return [text[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]


def lines(explanations, width=100, system=None):
    return STYLE.sub("", to_lines(explanations, console(system, width))).split("\n")


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("system", ["truecolor", "256", "standard", None])
def test_one_explanation_is_one_line_that_fits(width, system):
    hostile = [samples.attack(text) for text in HOSTILE.values()]
    every = [*samples.all_kinds(), *hostile]
    drawn = lines(every, width, system)
    assert max(map(cell_len, drawn)) <= width
    for number, line in enumerate(drawn[: len(every)]):
        assert "⇒" in line, number
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", line)
    behind = " ".join(drawn[len(every) :])
    assert "⇒" not in behind
    assert " ".join(behind.split()).count("uniform share or less") == 1  # the legend, once


def test_answers_are_a_column():
    drawn = lines([samples.hotel(), samples.review(), samples.moods(), samples.emoji()])[:4]
    places = {cell_len(line.partition("⇒")[0]) for line in drawn}
    assert len(places) == 1
    assert drawn[0].endswith("98.2% ✓")
    assert drawn[1].endswith("63.4% ✗ negative")
    assert drawn[3].endswith("98.2%")
    assert {cell_len(line.partition("%")[0]) for line in drawn} == {cell_len(drawn[3]) - 1}


def test_a_long_text_shows_its_strongest_part():
    item = samples.explain(samples.by_character(f"{MANY}太吵{MANY}", {"太吵": 9.0}))
    (line, *_) = lines([item], 60)
    assert re.match(r"….+⟦太吵⟧.+… +⇒ 正面 98.2%$", line)
    before, _, after = line.partition("⟦太吵⟧")
    assert abs(cell_len(before) - cell_len(after.partition("…")[0])) < 12
    first = samples.explain(samples.by_character(f"太吵{MANY}", {"太吵": 9.0}))
    assert lines([first], 60)[0].startswith("⟦太吵⟧这家酒店")
    assert re.search("… +⇒", lines([first], 60)[0])


def test_a_short_text_is_whole():
    item = samples.explain(samples.by_character("房间 \n\t 干净", {"干净": 1.0}))
    assert lines([item], 40)[0].startswith("房间 ⟨干净⟩  ")
    assert lines([samples.explain(samples.by_character("", {}))])[0].startswith("(empty text)")


@pytest.mark.parametrize("text", ["👩‍👩‍👧" * 40, "cafe\u0301 " * 30, "🇨🇳🇫🇷" * 30])
@pytest.mark.parametrize("width", range(30, 40))
def test_no_cluster_is_torn(text, width):
    item = samples.explain(samples.by_character(text, {}))
    shown = lines([item], width)[0].partition(" ⇒")[0]
    assert set(clusters(re.sub("[⟨⟩⟦⟧…]", "", shown).rstrip())) <= set(clusters(text))


def test_both_texts_of_a_pair_share_the_line():
    line = lines([samples.pair()], 120)[0]
    assert "⟦照片备份⟧到电脑上？ | 手机⟨照片⟩如何" in line
    assert line.rstrip().endswith("⇒ match 0.86 ✓")
    narrow = lines([samples.pair()], 50)[0]
    assert len(narrow.split(" | ")) == 2
    left, right = narrow.partition(" ⇒")[0].split(" | ")
    assert abs(cell_len(left) - cell_len(right.rstrip())) <= 4
    assert lines([samples.triplet()], 120)[0].count(" | ") == 2


def test_colours_are_those_of_the_blocks():
    drawn = to_lines([samples.hotel()], console("truecolor", 120), theme="light")
    whole = render([samples.hotel()], "terminal", console=console("truecolor", 120), theme="light")
    paint = re.findall(r"\x1b\[[0-9;]*48;2[0-9;]*m[^\x1b]+", whole.partition("uniform share")[0])
    assert paint
    assert paint == re.findall(
        r"\x1b\[[0-9;]*48;2[0-9;]*m[^\x1b]+", drawn.partition("uniform share")[0]
    )


def test_nothing_is_no_line():
    assert to_lines([], console(None)) == ""
    assert render(samples.hotel(), "lines").count("⇒") == 1


def test_many_long_texts_take_no_time():
    items = [samples.megabytes(), *[samples.explain(samples.by_character(MANY * 10, {}))] * 100]
    start = time.perf_counter()
    assert len(to_lines(items, console(None)).split("\n")) > 100
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(("text", "spans"), [(" ", [(0, 1)]), ("a \n b", [(0, 2), (2, 4), (4, 5)])])
def test_a_token_of_blanks_alone_takes_no_place(text, spans):
    blank = Explanation.from_values(text, spans, [0.5] * len(spans))
    assert any(" ".join(text.split()) in line for line in lines([blank]))
