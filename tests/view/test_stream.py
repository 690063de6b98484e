"""Explanations drawn one after the other look as they do together."""

from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len

from . import samples
from .english import Stream, to_lines, to_terminal
from .regenerate import console
from .test_terminal import STYLE

SYSTEMS = ["truecolor", "256", None]


@pytest.mark.parametrize("heads", [False, True])
@pytest.mark.parametrize("system", SYSTEMS)
def test_pictures_one_by_one_are_the_same(system, heads):
    every = [*samples.all_kinds(), *samples.matches(), *samples.all_shares([1, 5])]
    together = to_terminal(every, console(system, 70), heads=heads)
    for size in (1, 3, len(every)):
        stream = Stream(one_line_each=False, console=console(system, 70), heads=heads)
        drawn = "".join(stream.draw(every[at : at + size]) for at in range(0, len(every), size))
        assert drawn + stream.legends() == together


@pytest.mark.parametrize("system", SYSTEMS)
def test_lines_that_come_at_once_are_the_same(system):
    every = samples.all_kinds()
    stream = Stream(one_line_each=True, console=console(system, 70))
    drawn = stream.draw(every, last=True) + stream.legends()
    assert drawn == to_lines(every, console(system, 70))


def test_each_legend_is_given_once():
    stream = Stream(one_line_each=False, console=console(None, 100), heads=True)
    assert stream.legends() == ""
    stream.draw([samples.hotel()])
    first = stream.legends()
    assert first.count("\n") >= 1
    stream.draw([samples.hotel()])
    assert stream.legends() == ""
    stream.draw([samples.common()])  # another method, whose colours mean something else
    assert stream.legends() not in ("", first)


def test_answers_that_come_later_find_their_columns():
    stream = Stream(one_line_each=True, console=console(None, 70))
    names = ("好", "很不满意的评论")
    shares = {names[0]: (0.5, 0.6), names[1]: (0.99999, 1.0)}
    items = [
        samples.explain(
            samples.by_character("房间很干净", {"干净": 1.0}),
            labels=names,
            distribution=np.array([share, 1 - share])
            if name == names[0]
            else np.array([1 - share, share]),
            prediction=name,
            target=name,
        )
        for name, both in shares.items()
        for share in both
    ]
    drawn = [STYLE.sub("", stream.draw([item])).rstrip("\n") for item in items]
    assert {cell_len(line) for line in drawn} == {70}
    assert len({cell_len(line.partition("⇒")[0]) for line in drawn}) == 1


def test_scores_that_come_later_find_their_columns():
    stream = Stream(one_line_each=True, console=console(None, 70))
    items = [
        samples.explain(
            *samples.pair().sides,
            labels=("0", "1"),
            prediction=str(int(score >= 0.5)),
            target="1",
            task="match",
            score=score,
            verdict={"match": score >= 0.5, "threshold": 0.5, "score": "cosine"},
        )
        for score in (0.5, 0.123, -0.123)
    ]
    drawn = [STYLE.sub("", stream.draw([item])).rstrip("\n") for item in items]
    assert {cell_len(line) for line in drawn} == {70}
    assert len({cell_len(line.partition("⇒")[0]) for line in drawn}) == 1
    tiny = replace(items[0], score=-0.000123456)
    wider = STYLE.sub("", stream.draw([tiny])).rstrip("\n")
    again = STYLE.sub("", stream.draw([items[0]])).rstrip("\n")
    assert cell_len(wider) == cell_len(again) == 70, "room is made for what nobody foresaw"
    assert cell_len(wider.partition("⇒")[0]) == cell_len(again.partition("⇒")[0])
