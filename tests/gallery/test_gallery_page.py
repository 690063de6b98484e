"""What a gallery's page has beside cards: parts, notes, commands, curves, triplets."""

import re
from dataclasses import replace

import numpy as np
import pytest

from attnpool import TextMatcher
from attnpool.errors import InputError
from attnpool.explanation import Explanation, Side
from attnpool.gallery.samples import as_triplet
from attnpool.view.drawing import captions
from attnpool.view.page.html import Section, to_html
from attnpool.view.page.inline import inline_plot
from attnpool.view.page.style import section_sheet
from attnpool.view.words import Words

EN = Words("en")

HOSTILE = "</code></style><script>alert(1)</script>\"onmouseover=x '‮\x00\ud800"


def explained(text, heads):
    count = len(text)
    weights = np.random.default_rng(0).dirichlet(np.ones(count), heads)
    spans = np.stack([np.arange(count), np.arange(1, count + 1)], axis=1)
    side = Side(text, spans, weights, weights.mean(axis=0), count)
    return Explanation(
        "classify", (side,), ("a", "b"), np.array([0.7, 0.3]), "a", "a", "attention", label="b"
    )


def test_parts_notes_and_commands_are_escaped():
    section = Section(
        HOSTILE,
        "one",
        lead=HOSTILE,
        note=HOSTILE,
        command=f"attnpool {HOSTILE}\nsecond",
        part=HOSTILE,
        short=HOSTILE,
        explanations=[explained(HOSTILE, 2)],
        plots=True,
    )
    page = to_html(sections=[section, Section("two", "two", part=HOSTILE)], lead="of the page")
    assert page.count("<script>") == 1  # its own
    assert not re.search(r"<[^>]*\sonmouseover=", page)
    assert "\x00" not in page
    page.encode()
    assert '<p class="lead" dir="auto">of the page</p>' in page
    assert page.count("<span><i>second</i></span>") == 1
    index = re.search(r'<nav class="contents".*?</nav>', page, flags=re.S).group()
    assert index.count("<ul>") == 1  # neighbours of one part stand together
    assert 'href="#two"' in index


def test_links_lead_to_files_beside_the_page_and_nowhere_else():
    links = {HOSTILE: "live/页-1.html"}
    page = to_html(links=links, sections=[Section("one", links=links)])
    assert page.count("<script>") == 1
    assert not re.search(r"<[^>]*\sonmouseover=", page)
    assert re.findall(r'<p class="links"><a href="([^"]*)"', page) == ["live/页-1.html"] * 2
    assert 'class="links"' not in to_html(sections=[Section("one")])
    for path in (
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "//example.org",
        "https://example.org/live.html",
        "/etc/passwd",
        "../live.html",
        "a\\b",
        "live.html\n",
        "",
    ):
        for given in ({"links": {"x": path}}, {"sections": [Section("one", links={"x": path})]}):
            with pytest.raises(InputError, match="give the path of a file beside it") as caught:
                to_html(**given)
            assert "\n" not in str(caught.value)


def test_pages_without_all_this_are_as_they_were():
    page = to_html(sections=[Section("one"), Section("two")])
    assert '<nav class="contents" aria-label="Sections">' in page
    assert ".plot" not in page
    assert "<pre" not in page


def test_curves_are_drawn_for_both_widths_in_colours_of_the_page():
    drawn = str(inline_plot(explained("房间很干净", 3), EN))
    assert drawn.count("<svg") == 2
    assert drawn.count('class="s-h2"') == 4  # a curve and its key, broad and slim
    assert "<style" not in drawn  # the page's security policy would drop it
    sheet = section_sheet()
    used = set(re.findall(r'class="([fs]-\w+)"', drawn))
    assert used
    for name in used:
        assert sheet.count(f".ap .plot .{name}{{") == 2  # light and dark
    assert inline_plot(explained("房间", 1), EN) == ""


def test_a_triplet_says_what_its_two_pairs_say():
    pairs = [("怎么退款", "如何退款"), ("怎么退款", "怎么开票")] * 12
    model = TextMatcher(architecture="triplet", epochs=1).fit(pairs, [1, 0] * 12)
    near, far = model.explain(pairs[:2], method="attention")
    triplet = as_triplet(near, far)
    assert triplet.texts == ["怎么退款", "如何退款", "怎么开票"]
    # Each text is pooled by itself: the anchor is the same in both.
    np.testing.assert_allclose(near.sides[0].values, far.sides[0].values, atol=1e-6)
    assert triplet.sides[2] == far.sides[1]
    similarity = model.decision_function(pairs[:2])
    assert triplet.verdict["positive"] == pytest.approx(similarity[0], abs=1e-5)
    assert triplet.verdict["ordered"] == (similarity[0] > similarity[1])
    assert captions.answer(as_triplet(far, near), EN) != captions.answer(triplet, EN)


def test_the_contributions_of_a_triplet_are_those_of_the_difference():
    pairs = [("怎么退款", "如何退款"), ("怎么退款", "怎么开票")] * 12
    model = TextMatcher(architecture="triplet", epochs=1).fit(pairs, [1, 0] * 12)
    near, far = model.explain(pairs[:2], method="contribution", target=1)
    triplet = as_triplet(near, far)
    total = sum(side.values.sum() for side in triplet.sides) + triplet.base + triplet.bias
    assert triplet.logit == pytest.approx(near.logit - far.logit)
    assert total == pytest.approx(triplet.logit, abs=1e-4)
    with_linear = as_triplet(replace(near, linear=0.75), replace(far, linear=0.5))
    assert (triplet.linear, with_linear.linear) == (None, 0.25)
    # Both pairs speak in the anchor's colours, and what is like the negative is against the order.
    assert not np.allclose(triplet.sides[0].values, near.sides[0].values, atol=1e-3)
    np.testing.assert_allclose(triplet.sides[2].values, -far.sides[1].values)
