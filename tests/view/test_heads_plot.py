import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from attnpool.errors import InputError
from attnpool.explanation import Side
from attnpool.view.drawing.oklab import contrast
from attnpool.view.drawing.palette import CHROME, CURVES
from attnpool.view.picture.marks import Stroke, TextMark

from . import samples
from .english import heads_plot


def curves(picture):
    return [mark for mark in picture.marks if isinstance(mark, Stroke) and mark.width == 2.0]


def test_a_curve_a_head_at_the_height_of_its_weights():
    item = samples.hotel()
    keys, lines = np.split(np.array(curves(heads_plot.plot(item)), dtype=object), 2)
    assert len(keys) == len(lines) == 4
    assert [k.role for k in keys] == [c.role for c in lines]
    weights = item.sides[0].weights
    heights = np.array([[y for _, y in line.points] for line in lines])
    floor = heights.max()
    for row, high in zip(weights, heights, strict=True):
        np.testing.assert_allclose((floor - high) / 150 * 0.4, row, atol=0.005)


def test_every_token_stands_on_the_axis():
    said = [m.text for m in heads_plot.plot(samples.hotel()).marks if isinstance(m, TextMark)]
    assert "".join(said).endswith(samples.hotel().texts[0])
    marks = heads_plot.plot(samples.review()).marks
    turned = {m.text for m in marks if isinstance(m, TextMark) and m.turned}
    assert {"lovely", "reception"} <= turned


def test_a_long_text_goes_on_below_and_a_huge_one_has_numbers():
    text = "房间很干净" * 25
    picture = heads_plot.plot(samples.explain(samples.by_character(text, {"干净": 1.0})))
    assert len(curves(picture)) == 1 + 3
    huge = ET.fromstring(heads_plot.to_svg(samples.megabytes()))
    said = [element.text for element in huge.findall(".//{*}text")]
    assert {"1", "50", "400"} <= set(said)
    assert "房" not in "".join(said)


def test_each_text_of_a_pair_by_itself():
    said = re.findall(r">([^<>]+)</text>", heads_plot.to_svg(samples.triplet()))
    assert [name for name in said if name in ("anchor", "positive", "negative")] == [
        "anchor", "positive", "negative"]  # fmt: skip


@pytest.mark.parametrize("text", samples.ATTACKS.values(), ids=samples.ATTACKS)
def test_hostile_tokens(text):
    ET.fromstring(heads_plot.to_svg(samples.attack(text), theme="auto").encode())


@pytest.mark.parametrize("weights", [[[0.0, 0.0]], [[np.nan, 1.0]], [[5e-324, 0.0]], [[7.0, 2.0]]])
def test_odd_weights_stay_inside(weights):
    side = Side("ab", np.array([[0, 1], [1, 2]]), np.array(weights), np.zeros(2), 2)
    picture = heads_plot.plot(samples.explain(side))
    assert all(0 < y < picture.height for line in curves(picture) for _, y in line.points)


def test_one_token_and_none():
    one = samples.explain(samples.by_character("好", {"好": 1.0}))
    assert len(curves(heads_plot.plot(one))[-1].points) == 2
    none = samples.explain(samples.by_character("", {}))
    assert "no token" in re.sub("<.*?>", "", heads_plot.to_svg(none))
    with pytest.raises(InputError, match="too narrow"):
        heads_plot.plot(one, width=10)


@pytest.mark.parametrize("theme", CURVES)
def test_curves_can_be_seen(theme):
    assert min(contrast(c, CHROME[theme]["paper"]) for c in CURVES[theme]) >= 3
    assert all(
        contrast(CHROME[theme][name], CHROME[theme]["paper"]) >= 4.5
        for name in ("ink", "soft", "right", "wrong")
    )
