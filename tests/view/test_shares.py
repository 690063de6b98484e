"""Attention and other shares deepen above the uniform share, in every rendering and scope."""

import re
from dataclasses import replace

import numpy as np
import pytest

from attnpool.attribution_methods import METHODS
from attnpool.view.drawing.colour import LEVELS
from attnpool.view.drawing.legends import legends
from attnpool.view.report.rows import UNIT, steps

from . import samples
from .english import (
    draw,
    heads_plot,
    to_fragment,
    to_html,
    to_markdown,
    to_plain,
    to_report,
    to_svg,
    to_terminal,
)
from .regenerate import console

SCOPES = {"text": {}, "page": {"scope": "page"}, "absolute": {"scope": "absolute", "full": 1.0}}
DEEPEST = {"uniform": 1, "nearly": 2, "peaked": LEVELS}


def levels(row):
    return [abs(run.level) for run in row.runs for _ in run.text]


@pytest.mark.parametrize("count", samples.SHARE_COUNTS)
@pytest.mark.parametrize("kind", samples.SHARE_KINDS)
def test_up_to_the_uniform_share_the_palest_step(kind, count):
    item = samples.shares(kind, count)
    [side] = draw([item])[0].sides
    found, weights = np.array(levels(side.row)), item.sides[0].values
    assert (found[weights <= 1 / count] == 1).all()
    assert found.min() == 1
    if count == 1:  # one token has all there is, and nobody chose it
        assert found.max() == 1
    elif count > 3:
        assert found.max() == DEEPEST[kind]
        assert side.row.scale.full == pytest.approx(max(weights.max(), 4 / count), rel=1e-5)
    else:  # four times the uniform share would be more than all
        assert side.row.scale.full == pytest.approx(1.0)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("method", [m for m in METHODS if METHODS[m].shares])
def test_every_scope_and_every_share_begins_at_the_uniform_one(scope, method):
    """Though the page has a text whose largest share is far below that of another."""
    items = [replace(samples.shares(kind, 30), method=method) for kind in samples.SHARE_KINDS]
    uniform, nearly, peaked = (d.sides[0].row for d in draw(items, **SCOPES[scope]))
    assert set(levels(uniform)) == {1}
    assert max(levels(nearly)) <= 2
    assert max(levels(peaked)) == (LEVELS if scope != "absolute" else 7)
    assert sorted(levels(peaked))[:29] == [1] * 29


def test_the_palest_step_is_that_of_the_text_and_not_of_the_page():
    short, long = samples.shares("uniform", 3), samples.shares("peaked", 3000)
    for options in SCOPES.values():
        first, second = (drawing.sides[0].row for drawing in draw([short, long], **options))
        assert set(levels(first)) == {1}
        assert sorted(levels(second))[-2:][0] == 1


def test_a_weight_of_nothing_has_no_colour():
    item = samples.shares("uniform", 30)
    values = np.where(np.arange(30) < 3, 1 / 3, 0.0)
    side = replace(item.sides[0], values=values, weights=values[None])
    [drawn] = draw([replace(item, sides=(side,))])[0].sides
    assert levels(drawn.row) == [LEVELS] * 3 + [0] * 27


def test_a_character_of_several_tokens_is_not_looked_at_more_than_others():
    """An emoji of four byte-level tokens, each with the uniform share."""
    spans = np.array([(0, 1)] * 4 + [(i, i + 1) for i in range(1, 5)])
    weights = np.full((1, 8), 1 / 8)
    side = samples.Side("👍good", spans, weights, weights[0], 5)
    [drawn] = draw([samples.explain(side)])[0].sides
    assert levels(drawn.row) == [1] * 5


def test_each_head_and_each_row_of_an_alignment_begins_at_the_uniform_share():
    item = samples.shares("uniform", 30)
    weights = np.stack([item.sides[0].weights[0], samples.shares("peaked", 30).sides[0].values])
    item = replace(item, sides=(replace(item.sides[0], weights=weights),))
    even, peaked = draw([item], heads=True)[0].sides[0].heads
    assert set(levels(even)) == {1}
    assert sorted(levels(peaked)) == [1] * 29 + [LEVELS]
    pair = replace(samples.aligned(), alignment=np.full((16, 12), 1 / 12))
    aligned = draw([pair])[0].aligned
    assert (aligned.levels == 1).all()
    assert "Palest: 0.0833 (uniform) or less; full colour: 0.333." in aligned.meaning(("A", "B"))
    assert "░" not in to_plain([pair]).split("spreads over")[1].split("uniform share")[0].replace(
        "··", ""
    )
    assert '<td class="l1"></td>' in to_html([pair])


def test_the_curves_of_uniform_heads_are_no_line_along_the_top():
    picture = heads_plot.plot(samples.shares("uniform", 30))
    [curve] = [m for m in picture.marks if getattr(m, "role", "") == "h0" and len(m.points) > 2]
    guides = [m for m in picture.marks if getattr(m, "role", "") == "line"]
    top = min(point[1] for guide in guides for point in guide.points)
    low = max(point[1] for guide in guides for point in guide.points)
    assert (low - curve.points[0][1]) / (low - top) <= 0.25
    assert "uniform share" in re.sub(r"<[^>]*>", "", heads_plot.to_svg(samples.hotel()))


def test_every_rendering_draws_uniform_attention_pale():
    item = samples.shares("uniform", 30)
    for page in (to_html([item]), to_fragment([item]), to_report([item])):
        body = page.split('class="text"')[1].split("</p>")[0]
        assert body.count('class="l1"') == body.count("<mark") == 1
    drawn = to_terminal([item], console("truecolor"), theme="light")
    assert set(re.findall(r"48;2;([\d;]+)m\S*字", drawn)) == {"255;248;230"}
    assert "⟨字" not in to_plain([item])
    assert "<mark" not in to_markdown([item])
    assert set(re.findall(r'fill="(#f[0-9a-f]{5})" rx', to_svg([item]))) <= {"#fff8e6"}


@pytest.mark.parametrize("scope", SCOPES)
def test_the_legend_says_where_the_colour_begins(scope):
    [entry] = legends(draw([samples.shares("peaked", 30)], **SCOPES[scope]))
    assert entry.ends == ("uniform share or less", "much more")
    said = {"text": "each text's largest weight", "page": "the largest weight on the page, 0.525"}
    assert said.get(scope, "full colour: 1") in entry.scope
    assert entry.scope.endswith(", at least 4 × uniform")


def test_values_that_moved_the_model_keep_their_scale():
    side = replace(
        samples.moods().sides[0], values=np.full(33, 0.2)[: len(samples.moods().sides[0].values)]
    )
    [drawn] = draw([replace(samples.moods(), sides=(side,))])[0].sides
    assert {run.level for run in drawn.row.runs if run.tokens} == {LEVELS}


def test_the_bytes_of_a_report_keep_the_colours():
    for item in samples.all_shares((2, 30, 300)):
        row = draw([item])[0].sides[0].row
        found = np.rint(steps(row) / UNIT).astype(int).tolist()
        assert found == [run.level for run in row.runs]


def test_a_short_text_does_not_set_the_scale_of_the_page():
    """Four times the uniform share is the text's own affair: 1 of 4 tokens, 0.133 of 30."""
    short, long = samples.shares("uniform", 4), samples.shares("peaked", 30)
    first, second = (d.sides[0].row for d in draw([short, long], scope="page"))
    assert first.scale.full == pytest.approx(1.0)
    assert second.scale.full == pytest.approx(long.sides[0].values.max())
    assert max(levels(second)) == LEVELS
    [entry] = legends(draw([short, samples.shares("uniform", 30)], scope="page"))
    assert "the largest weight on the page, 0.25, at least" in entry.scope


@pytest.mark.parametrize("count", [30, 300, 3000])
def test_no_share_above_the_uniform_one_has_the_palest_colour(count):
    """However far above it the largest one is: 3 times uniform is not "uniform or less"."""
    values = np.full(count, 0.05 / count)
    values[:3] = 0.9, 3 / count, 1.2 / count
    values /= values.sum()
    side = replace(samples.shares("uniform", count).sides[0], values=values, weights=values[None])
    item = replace(samples.shares("uniform", count), sides=(side,))
    [drawn] = draw([item])[0].sides
    found = np.array(levels(drawn.row))
    assert found[0] == LEVELS
    assert ((found == 1) == (values <= 1 / count)).all()
    byte = np.rint(steps(drawn.row) / UNIT).astype(int).tolist()
    assert byte == [run.level for run in drawn.row.runs]
    for page in (to_html([item]), to_report([item])):
        assert len(re.findall(r'<mark class="l\d+" title="', page)) == 2 + (found[2] != found[1])
