"""Fragments inside the style sheets of notebooks."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.view import samples

from attnpool.explain.faithfulness.measures import RATIOS, Faithfulness
from attnpool.view.notebook import Explanations, FaithfulnessByMethod
from attnpool.view.notebook.model import model_html

HOST = (Path(__file__).parent / "jupyterlab.css").read_text("utf-8")
KINDS = ("none", "jupyterlab", "other")
HEADS = {"light": "true", "dark": "false"}


def measured():
    rng = np.random.default_rng(0)
    made = {name: rng.normal(mean, 0.1, (30, len(RATIOS))) for name, mean in
            (("attention", 0.1), ("contribution", 0.4), ("random", 0.1))}  # fmt: skip
    return FaithfulnessByMethod({k: Faithfulness(v, v / 4) for k, v in made.items()})


@cache
def pieces():
    metrics = {"accuracy": 0.9, "macro_f1": 0.88, "n_train": 90, "n_validation": 10,
               "refitted": True, "majority_class": "正面", "majority_accuracy": 0.5}  # fmt: skip
    model = model_html("TextClassifier", "Text classifier.", metrics, ["正面", "负面"], 1234)
    cards = Explanations([samples.hotel(), samples.review(), samples.aligned(), *samples.targets()])
    return [model, measured()._repr_html_(), cards._repr_html_()]


def notebook(kind, theme="light", width=1000):
    """The pieces as three outputs of a notebook whose style is of this kind."""
    output = {"none": "", "other": "other"}.get(
        kind, "jp-RenderedHTMLCommon jp-RenderedHTML jp-OutputArea-output"
    )
    outputs = "".join(
        f'<div class="jp-OutputArea-child"><div class="{output}"><div class="sized" '
        f'style="width:{width}px">{piece}</div></div></div>' for piece in pieces()
    )  # fmt: skip
    style = "" if kind == "none" else HOST
    return (
        f"<!doctype html><meta charset='utf-8'><style>{style}</style>"
        f"<body data-jp-theme-light='{HEADS[theme]}'>{outputs}</body>"
    )


# Everything computed of every element in the fragments, but for where they are on the page.
STYLES = """() => [...document.querySelectorAll(".ap.fragment, .ap.fragment *")].map((one) => {
  const style = getComputedStyle(one), found = [one.outerHTML.slice(0, 80)];
  for (const name of style) if (!name.startsWith("--")) found.push(`${name}: ${style[name]}`);
  const box = one.getBoundingClientRect();
  // As one string: a page hands over thousands of short ones very slowly.
  return [...found, `size: ${box.width.toFixed(2)} ${box.height.toFixed(2)}`].join("\\n");
})"""


@pytest.fixture(scope="module")
def bare():
    """What a page without any style computes, once it has been asked."""
    return []


@pytest.mark.parametrize("theme", HEADS)
@pytest.mark.parametrize("kind", KINDS[1:])
def test_the_style_of_a_notebook_changes_nothing_in_a_fragment(visit, bare, kind, theme):
    bare[:] = bare or visit(notebook("none")).evaluate(STYLES)
    inside = visit(notebook(kind, theme)).evaluate(STYLES)
    assert len(bare) == len(inside) > 300
    changed = [
        (one.partition("\n")[0], a, b)
        for one, other in zip(bare, inside, strict=True)
        for a, b in zip(one.split("\n"), other.split("\n"), strict=True)
        if a != b
    ]
    assert changed[:5] == []


def test_names_of_classes_can_be_read(visit):
    page = visit(notebook("jupyterlab"))
    for name in page.locator(".classes dt").all():
        own, needed = name.evaluate("e => [e.clientWidth, e.scrollWidth]")
        assert own == needed > 5


CONTRAST = """() => {
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const paper = (one) => {
    while (/rgba\\(.*, 0\\)/.test(getComputedStyle(one).backgroundColor)) one = one.parentElement;
    return one;
  };
  const found = [];
  for (const one of document.querySelectorAll(".ap.fragment, .ap.fragment *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !one.getClientRects().length || one.closest("svg, .aloud")) continue;
    const ground = paper(one);
    const both = [getComputedStyle(one).color, getComputedStyle(ground).backgroundColor];
    const [a, b] = both.map(light).sort();
    found.push([(b + .05) / (a + .05), Boolean(ground.closest(".ap")), one.outerHTML]);
  }
  return found;
}"""


@pytest.mark.parametrize("theme", HEADS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_fragment_is_readable_whatever_the_themes_are(visit, theme, scheme):
    """The notebook's theme and the screen's differ often; a fragment brings its own paper."""
    page = visit(notebook("jupyterlab", theme), color_scheme=scheme)
    found = page.evaluate(CONTRAST)
    assert len(found) > 100
    assert [one for one in found if one[0] < 4.5 or not one[1]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_fragment_fits_an_output_of_600_pixels(visit, kind):
    for wide in (600, 1280):  # the screen: an output may be a frame of its own, or a part of it
        page = visit(notebook(kind, width=600), viewport={"width": wide, "height": 900})
        over = page.locator(".sized").evaluate_all("all => all.map(e => e.scrollWidth)")
        assert over == [600] * 3
