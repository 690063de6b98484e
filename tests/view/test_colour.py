from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from attnpool.view.drawing.colour import (
    INK,
    LEVELS,
    RAMPS,
    Scale,
    background,
    is_signed,
    largest,
)
from attnpool.view.drawing.oklab import contrast, hexadecimal, lab, linear, luminance, ramp
from attnpool.view.terminal.ansi import INK_256, XTERM, background_256

from . import samples
from .english import draw

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear light.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
EVERY = [(theme, name) for theme in RAMPS for name in RAMPS[theme]]
SIGNED = {"looked": False, "for": True, "against": True}


def seen(colour, sight):
    return lab(hexadecimal(SIGHT[sight] @ linear(colour)))


def test_known_colours():
    np.testing.assert_allclose(lab("#ffffff"), [1, 0, 0], atol=1e-4)
    np.testing.assert_allclose(lab("#ff0000"), [0.62796, 0.22486, 0.12585], atol=1e-4)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ramp(("#123456", "#fedcba"), 2) == ("#123456", "#fedcba")


@pytest.mark.parametrize(("theme", "name"), EVERY)
def test_letters_can_be_read_on_every_step(theme, name):
    assert len(RAMPS[theme][name]) == LEVELS
    assert min(contrast(INK[theme], colour) for colour in RAMPS[theme][name]) >= 4.5


@pytest.mark.parametrize(("theme", "name"), EVERY)
@pytest.mark.parametrize("sight", SIGHT)
def test_lightness_alone_tells_the_order(theme, name, sight):
    lightness = [seen(colour, sight)[0] for colour in RAMPS[theme][name]]
    steps = np.diff(lightness) * (1 if theme == "dark" else -1)
    assert (steps > 0.005).all()


@pytest.mark.parametrize("theme", RAMPS)
@pytest.mark.parametrize("sight", SIGHT)
def test_for_and_against_stay_apart(theme, sight):
    for level in range(1, LEVELS + 1):
        pair = [background(sign * level, signed=True, theme=theme) for sign in (1, -1)]
        apart = np.linalg.norm(seen(pair[0], sight) - seen(pair[1], sight))
        assert apart > (0.03 if level <= LEVELS // 3 else 0.08)


@pytest.mark.parametrize(("theme", "name"), EVERY)
def test_256_colours_keep_the_order_and_can_be_read(theme, name):
    sign = -1 if name == "against" else 1
    steps = [
        background_256(sign * level, signed=SIGNED[name], theme=theme)
        for level in range(1, LEVELS + 1)
    ]
    lights = np.array([luminance(XTERM[step]) for step in steps])
    assert (np.diff(lights) * (1 if theme == "dark" else -1) >= 0).all()
    assert len(set(steps)) >= 4
    assert min(contrast(XTERM[INK_256[theme]], XTERM[step]) for step in steps) >= 4.5


def test_xterm_palette():
    assert len(XTERM) == 240
    assert XTERM[16] == "#000000"
    assert XTERM[208] == "#ff8700"
    assert XTERM[231] == "#ffffff"
    assert XTERM[255] == "#eeeeee"


def levels_of(values, *, signed):
    return Scale(signed, "text", largest(values)).levels(values)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(
    ("values", "levels"),
    [
        ([], []),
        ([0.0, 0.0], [0, 0]),
        ([0.3], [LEVELS]),
        ([0.2, 0.2, 0.2], [LEVELS] * 3),
        ([np.nan, np.nan], [0, 0]),
        ([np.nan, 0.5, np.inf], [0, LEVELS, LEVELS]),
        ([5e-324, 0.0], [LEVELS, 0]),
        ([1e308, 0.5e308], [LEVELS, LEVELS // 2]),
        ([1e-6, 0.5e-6], [LEVELS, LEVELS // 2]),
    ],
)
def test_values_at_the_edge_have_a_level(values, levels, signed):
    """The original scripts divided 0 by 0 where all weights were equal."""
    values = np.array(values, dtype=np.float64)
    assert levels_of(values, signed=signed).tolist() == levels
    assert levels_of(-values, signed=signed).tolist() == [-x for x in levels]


@given(arrays(np.float64, st.integers(1, 30), elements=st.floats(width=64)))
def test_levels_follow_the_order_of_values(values):
    levels = levels_of(values, signed=True)
    assert (np.abs(levels) <= LEVELS).all()
    known = ~np.isnan(values)
    assert (np.diff(levels[known][np.argsort(values[known])]) >= 0).all()


def test_scopes():
    """Full colour is the largest value of the text, of the page, or what is asked for."""
    weak, strong = (
        replace(samples.moods(), sides=(replace(side, values=side.values * times),))
        for side, times in zip(samples.moods().sides * 2, (0.1, 0.4), strict=True)
    )
    peaks = [largest(item.sides[0].values) for item in (weak, strong)]

    def scales(**options):
        return [drawing.sides[0].row.scale for drawing in draw([weak, strong], **options)]

    assert [scale.full for scale in scales()] == peaks
    assert [scale.full for scale in scales(scope="page")] == [peaks[1]] * 2
    [absolute, _] = scales(scope="absolute")
    assert absolute.full == 1.0
    assert absolute.levels(np.array([0.5, 7.0])).tolist() == [LEVELS // 2, LEVELS]


def test_what_is_signed():
    assert not is_signed(samples.hotel())
    assert is_signed(samples.moods())
    side = samples.hotel().sides[0]
    assert is_signed(samples.explain(side, method="contribution"))
    values = side.values.copy()
    values[3] = -0.1
    negative = type(side)(side.text, side.spans, side.weights, values, side.read_until)
    assert is_signed(samples.explain(negative, method="attention"))
