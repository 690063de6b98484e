"""The same value has the same colour in every rendering, read back from what was drawn."""

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.image import imread

from attnpool.explanation import Side
from attnpool.view.drawing.colour import LEVELS, UNIFORM, background
from attnpool.view.page.style import style_sheet
from attnpool.view.picture.marks import Box

from . import samples
from .english import compose, to_html, to_markdown, to_png, to_svg, to_terminal
from .regenerate import console

LETTERS = "abcdefghijklmnopqrstuvwxyz"
METHODS = ("attention", "contribution", "random")  # shares, signed, and neither
CASES = [(theme, method) for theme in ("light", "dark") for method in METHODS]


def ladder(method):
    """A letter a level, in order, and the level of each."""
    steps = np.arange(-LEVELS if method == "contribution" else 0, LEVELS + 1)
    text = LETTERS[: len(steps)]
    values = steps / LEVELS
    if method == "attention":
        # In uniform shares of 50 tokens, of which those behind the letters weigh nothing.
        along = (steps[2:] - UNIFORM) / (LEVELS - UNIFORM)
        above = 1 + along * (50 - 12) / along.sum()
        values = np.concatenate([[0, 1], above, np.zeros(50 - len(steps))]) / 50
        text = text.ljust(50, ".")
    spans = np.stack([np.arange(len(text)), np.arange(1, len(text) + 1)], axis=1)
    side = Side(text, spans, np.full((1, len(text)), 1 / len(text)), values, len(text))
    return samples.explain(side, method=method), dict(zip(LETTERS, steps.tolist(), strict=False))


def from_html(item, theme):
    light, dark = style_sheet().split("prefers-color-scheme: dark")
    rules = dict(re.findall(r"\.(\w+)\{background:(#\w+)\}", light if theme == "light" else dark))
    body = to_html([item]).split("<main>")[1]
    marks = re.findall(r'<mark[^>]*\bclass="([a-z]\d+)[^>]*>([a-z])</mark>', body)
    return {letter: rules[name] for name, letter in marks}


def from_svg(item, theme):
    """By place: the colour under the middle of each letter of the line."""
    root = ET.fromstring(to_svg([item], theme=theme))
    found = {}
    [line] = [e for e in root.findall(".//{*}text") if (e.text or "").startswith("abcdef")]
    cell = float(line.get("textLength")) / len(line.text)
    for place, letter in enumerate(line.text):
        x, y = float(line.get("x")) + (place + 0.5) * cell, float(line.get("y")) - 4
        for box in root.findall("{*}rect")[1:]:
            left, top, wide, high = (float(box.get(k)) for k in ("x", "y", "width", "height"))
            if left < x < left + wide and top < y < top + high:
                found[letter] = box.get("fill")
    return found


def from_ansi(item, theme):
    drawn = to_terminal([item], console("truecolor"), theme=theme)
    codes = re.findall(r"\x1b\[38;2;[\d;]+;48;2;(\d+);(\d+);(\d+)m([a-z])\x1b", drawn)
    return {letter: "#" + "".join(f"{int(v):02x}" for v in rgb) for *rgb, letter in codes}


def from_png(item, theme):
    """The pixel above the middle of each letter, where its box is free of ink."""
    pixels = imread(io.BytesIO(to_png([item], theme=theme)), format="png")
    boxes = [m for m in compose([item]).marks if isinstance(m, Box) and m.radius]
    side = item.sides[0]
    coloured = [letter for letter, value in zip(side.text, side.values, strict=True) if value]
    found = {}
    for box, letter in zip(boxes, coloured, strict=True):
        rgb = pixels[round(2 * (box.y + 2)), round(2 * (box.x + box.width / 2)), :3]
        found[letter] = "#" + "".join(f"{round(255 * float(v)):02x}" for v in rgb)
    return found


def from_markdown(item, theme):
    drawn = to_markdown([item], theme=theme).split("\n\n")[1]
    pattern = r'style="background:(#\w+);[^>]*>(?:<sup>.</sup>)?(?:<strong>)?([a-z])<'
    return {letter: colour for colour, letter in re.findall(pattern, drawn)}


@pytest.mark.parametrize(("theme", "method"), CASES)
@pytest.mark.parametrize("read", [from_html, from_svg, from_ansi, from_png, from_markdown])
def test_the_same_value_has_the_same_colour(read, theme, method):
    item, levels = ladder(method)
    expected = {
        letter: background(level, signed=method == "contribution", theme=theme)
        for letter, level in levels.items()
        if level
    }
    assert len(expected) == LEVELS * (1 + (method == "contribution"))
    assert read(item, theme) == expected
