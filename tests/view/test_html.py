import base64
import hashlib
import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from attnpool.explain import ClassPhrases, Phrase
from attnpool.explanation import Explanation, Side
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing.captions import language, percent
from attnpool.view.drawing.oklab import contrast
from attnpool.view.page.html import Section
from attnpool.view.page.style import script

from . import samples
from .english import EN, to_fragment, to_html, to_markdown, to_plain, to_report, to_svg

VOID = {"meta"}
TAGS = """html head meta title style body div header h1 h2 h3 p main section article nav a span bdi
b i mark dl dt dd ul li svg rect polyline text details summary footer table thead tbody tr th td
script"""
ATTRIBUTES = """lang charset http-equiv content name class id dir title href aria-label aria-hidden
viewbox preserveaspectratio width height title open scope role aria-label tabindex
data-t data-own data-row data-beside data-keys data-side data-by data-face data-predicted
data-name data-value data-count data-rows data-word
xml:lang xml:space font-size font-family font-weight direction unicode-bidi transform x y rx fill
points stroke stroke-width stroke-dasharray stroke-linejoin textlength lengthadjust"""


class Page(HTMLParser):
    """Reads a page strictly: known tags and attributes, every tag closed in its turn."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.stack, self.texts, self.marks, self.all = [], [], [], []
        self.links, self.ids, self.style, self.script, self.cells = [], [], "", "", []
        self.feed(page)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert tag in TAGS.split()
        assert set(attributes) <= set(ATTRIBUTES.split())
        if tag not in VOID:
            self.stack.append((tag, attributes))
        if tag == "p" and attributes.get("class") == "text":
            self.texts.append("")
        if tag == "mark":
            self.marks.append(attributes)
        if tag == "td":
            self.cells.append(attributes)
        self.links += [attributes["href"]] if tag == "a" else []
        self.ids += [attributes["id"]] if "id" in attributes else []

    def handle_startendtag(self, tag, attrs):
        assert tag in ("rect", "polyline")
        assert set(dict(attrs)) <= set(ATTRIBUTES.split())

    def handle_endtag(self, tag):
        assert self.stack.pop()[0] == tag

    def handle_data(self, data):
        if self.stack and self.stack[-1][0] == "script":
            self.script += data
            return
        self.all.append(data)
        if any(tag == "p" and found.get("class") == "text" for tag, found in self.stack):
            self.texts[-1] += data
        if self.stack and self.stack[-1][0] == "style":
            self.style += data

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_pi = unknown_decl = handle_comment


@pytest.mark.parametrize("make", [to_html, to_fragment])
@pytest.mark.parametrize("text", samples.ATTACKS.values(), ids=samples.ATTACKS)
def test_a_hostile_text_is_only_text(text, make):
    page = Page(make([samples.attack(text)]))
    assert page.texts == [visible(text)] * 4  # the values, then attention and each of two heads
    said = "".join(page.all)
    assert f"✗ true {one_line(text + '!')}" in said
    assert one_line(text) in said


@pytest.mark.parametrize("text", samples.ATTACKS.values(), ids=samples.ATTACKS)
def test_hostile_headings_are_only_text(text):
    section = Section(text, text, text, {text: text}, [samples.hotel()])
    page = Page(to_html(title=text, lead=text, sections=[section, section]))
    assert "".join(page.all).count(one_line(text)) >= 8
    assert page.links == [*(f"#{name}" for name in page.ids), "#top"]
    assert len(set(page.ids)) == 2
    assert all(re.fullmatch(r"[\w-]+", name) for name in page.ids)


def test_the_page_loads_nothing():
    page = to_html(samples.all_kinds())
    assert page.startswith("<!doctype html>\n")
    assert '<meta charset="utf-8">' in page[:200]
    assert 'name="viewport"' in page
    bare = to_html([samples.hotel(), samples.moods(), samples.pair()])
    assert not re.search(r"https?:|//|url\(|@import|<link|<script |\son\w+=|\sstyle=", bare)
    assert bare.count("<script>") == bare.count("</script>") == 1
    asks = r"fetch|XMLHttp|import\(|WebSocket|sendBeacon|innerHTML|eval|Function|src|Storage|cookie"
    assert not re.search(asks, script(EN))


def test_the_policy_allows_this_style_and_this_script_and_nothing_else():
    page = to_html([samples.hotel()])
    sheet, code = (
        base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        for part in (Page(page).style, Page(page).script)
    )
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{sheet}'; script-src 'sha256-{code}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_every_colour_used_has_a_rule_in_both_themes():
    page = Page(to_html(samples.all_kinds()))
    used = {part["class"] for part in page.marks + page.cells if "class" in part}
    assert {name[0] for name in used} == {"l", "f", "a"}
    light, dark = page.style.split("@media screen and (prefers-color-scheme: dark)", 1)
    for name in used:
        assert f".ap .{name}{{background:#" in light
        assert f".ap .{name}{{background:#" in dark


def test_pointing_at_a_colour_tells_its_value():
    marks = [mark for mark in Page(to_html([samples.moods()])).marks if mark["class"][0] != "l"]
    assert all(re.fullmatch(r"(up to )?[+-]\d\S*(, \d+ tokens)?", mark["title"]) for mark in marks)
    one = samples.explain(samples.by_word("good bad", {"good": 1.0}))
    assert Page(to_html([one])).marks[0] == {"class": "l12", "title": "0.985"}
    # Of a share that is no more than the uniform one its colour tells all there is to tell.
    assert Page(to_html([one])).marks[1] == {"class": "l1"}


def test_language_and_direction_by_text():
    page = to_html([samples.hotel(), samples.review()])
    assert '<p class="text" dir="auto" lang="zh">' in page
    assert '<p class="text" dir="auto" lang="und-Latn">' in page


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("房间很干净", "zh"),
        ("部屋がとても綺麗でした", "ja"),
        ("방이 아주 깨끗해요", "ko"),
        ("の很多", "ja"),
        ("我们住过的这家旅馆叫做花の宿，房间很干净", "zh"),
        ("clean", "und-Latn"),
        ("حسن", "und-Arab"),
        ("чисто", "und-Cyrl"),
        ("", "und"),
        ("123 ☺", "und"),
    ],
)
def test_language(text, tag):
    assert language(text) == tag


def test_wrong_answers_are_marked():
    page = to_html([samples.hotel(), samples.review(), samples.emoji()])
    assert page.count('class="truth right"') == 1
    assert page.count('class="truth wrong"') == 1


def test_many_classes_show_the_best_and_the_true_one():
    shares = np.array([0.5, 0.2, 0.1, 0.08, 0.07, 0.05])
    item = samples.explain(
        samples.by_character("走强", {"强": 1.0}),
        labels=tuple("abcdef"), distribution=shares, prediction="a", target="a", label="f",
    )  # fmt: skip
    shown, more = to_html([item]).split("2 more classes")
    assert re.findall(r"<dt[^>]*>(.)</dt>", shown) == ["a", "b", "c", "f"]
    assert re.findall(r"<dt[^>]*>(.)</dt>", more) == ["d", "e"]


def test_sections_keep_their_cards():
    first = Section("One", figures={"accuracy": "0.9"}, explanations=[samples.hotel()])
    second = Section("Two", explanations=[samples.review(), samples.emoji()])
    page = to_html([samples.pair()], sections=[first, second])
    before, one, two = re.split("<section", page)
    assert [part.count("<article") for part in (before, one, two)] == [1, 1, 2]
    assert "<dt>accuracy</dt><dd>0.9</dd>" in one


@pytest.mark.parametrize("text", samples.ATTACKS.values(), ids=samples.ATTACKS)
def test_a_section_lists_phrases_before_its_cards(text):
    pushed = Phrase(text, 1.25, 1_200, 40)
    driving = [ClassPhrases(text, 3_000, [pushed], [Phrase("差", -0.5, 7, 7)])]
    html = to_html(sections=[Section("One", phrases=driving, explanations=[samples.hotel()])])
    section = html.split("<section")[1]
    assert "<b>+1.25</b> <i>×1,200</i>" in section.split("<article")[0]
    assert "<b>-0.50</b> <i>×7</i>" in section.split("<article")[0]
    said = "".join(Page(html).all)
    assert said.count(one_line(text)) >= 2
    assert "3,000 rows" in said


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-300, float("inf"), float("nan")])
def test_a_phrase_of_any_value_is_listed(value):
    driving = [ClassPhrases("good", 1, [Phrase("nothing", value, 1, 1)], [])]
    assert "nothing" in "".join(Page(to_html(sections=[Section("One", phrases=driving)])).all)


def test_empty_pages_and_texts():
    assert Page(to_html()).texts == []
    empty = samples.explain(samples.by_character("", {}, heads=2))
    assert "(empty text)" in "".join(Page(to_html([empty])).all)


def test_unread_text_is_shown_and_counted():
    page = Page(to_html([samples.review()]))
    assert page.texts == [samples.review().sides[0].text]
    assert "… 27 characters unread" in page.all


def test_a_hundred_thousand_characters_stay_small():
    text = "很长的一行，" * 17_000
    page = to_html([samples.explain(samples.by_character(text, {"长的": 1.0}))])
    assert Page(page).texts == [text]
    assert len(page) < 1_600_000


def test_numbers_are_plain():
    item = samples.explain(samples.by_word("a b", {"a": 1.0}), score=np.float64(0.5))
    assert "float64" not in to_html([item])
    assert [percent(share) for share in (1.0, 0.99999, 0.98, 0.0001, 0.0)] == [
        "100.0%", ">99.9%", "98.0%", "<0.1%", "0.0%"
    ]  # fmt: skip


def test_an_explanation_read_back_draws_the_same():
    for item in samples.all_kinds():
        again = Explanation.from_dict(item.to_dict())
        assert to_html([again]) == to_html([item])


def test_a_text_of_megabytes_is_a_small_page():
    text = "房间很干净" * 1_000_000
    weights = np.full((4, 400), 1 / 400)
    side = Side(text, np.stack([np.arange(400), np.arange(1, 401)], 1), weights, weights[0], 400)
    explanation = Explanation(
        "classify", (side,), ("a", "b"), np.array([0.5, 0.5]), "a", "a", "attention"
    )
    page = to_html([explanation])
    assert len(page) < 100_000
    assert "4,999,600" in page


def test_the_unread_tail_of_megabytes_is_drawn_once():
    start = time.perf_counter()
    page = to_html([samples.megabytes()])
    assert time.perf_counter() - start < 1
    assert len(page.encode()) < 200_000
    text = "房间很干净"
    assert Page(page).texts == [text * 480, *[text * 80] * 4]
    assert "… 4,997,600 more characters unread, 4,999,600 in all" in Page(page).all


def test_a_text_of_which_nothing_was_read_is_shown():
    side = samples.by_word("never read", {}, until=0)
    page = Page(to_html([samples.explain(side)]))
    assert page.texts == ["never read"]
    assert "… 10 characters unread" in page.all
    assert "(empty text)" not in page.all


def test_a_fragment_styles_nothing_outside_its_root():
    page = to_fragment([samples.pair()])
    assert page.lstrip().startswith('<div class="ap fragment" lang="en">')
    selectors = re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*(?=\{)", Page(page).style)
    assert len(selectors) > 100
    each = (one for several in selectors for one in re.split(r",(?![^()]*\))", several))
    for selector in {one.strip() for one in each}:
        assert re.match(r"(body)?\.ap(?![\w-])|html:has\(> body(\.ap)+\)$", selector), selector


@pytest.mark.parametrize("make", [to_html, to_fragment])
def test_both_themes_bring_paper_and_ink_that_can_be_read(make):
    light, dark = Page(make([samples.hotel()])).style.split("@media screen and (prefers-color-", 1)
    root = re.search(r"^(?:\.ap)+ \{(.*?)\}", light, re.DOTALL | re.MULTILINE)[1]
    assert "background: var(--paper)" in root
    assert "color: var(--ink)" in root
    for sheet in (light, dark):
        paint = dict(re.findall(r"--(\w+): ?(#\w{6})", sheet))
        for ink in ("ink", "soft"):
            for ground in ("paper", "surface"):
                assert contrast(paint[ink], paint[ground]) >= 4.5


def test_the_strongest_are_told_to_those_who_cannot_point():
    page = to_html([samples.hotel()])
    told = re.findall(r'<p class="aloud">(.*?)</p>', page)
    assert len(told) == 1  # none by head
    assert told[0].startswith("Strongest: <bdi>干净</bdi> up to 0.")
    assert told[0].count("<bdi>") == 4
    values = [float(value) for value in re.findall(r"0\.\d+", told[0])]
    assert values == sorted(values, reverse=True)
    many = re.search(r'<p class="aloud">(.*?)</p>', to_html([samples.megabytes()]))[1]
    assert many.count("<bdi>") == 5
    assert 'class="aloud"' not in to_html([samples.explain(samples.by_character("", {}))])


def test_a_long_run_is_told_shortened():
    item = samples.explain(samples.by_character("长" * 500 + "短" * 500, {"长": 1.0}))
    assert f"<bdi>{'长' * 40}…</bdi> up to 0.00197, 500 tokens." in to_html([item])


def test_uniform_attention_has_no_strongest_tokens():
    for count in samples.SHARE_COUNTS:
        assert "Strongest" not in to_html([samples.shares("uniform", count)])
    assert "Strongest: <bdi>字</bdi> 0.525." in to_html([samples.shares("peaked", 30)])


def test_methods_of_one_answer_share_a_card():
    looked = samples.hotel()
    moved = replace(
        looked,
        method="contribution",
        sides=(replace(looked.sides[0], values=0.1 - looked.sides[0].values),),
    )
    page = to_html([looked, moved, samples.review()])
    assert page.count("<article") == 2
    assert re.findall(r'data-by="by" data-face="(.*?)">', page) == ["attention", "contribution"]
    assert '<p class="for">by <bdi>contribution</bdi></p>' in page
    assert '<span class="method">2 methods</span>' in page
    # The same method twice is another row with the same answer.
    assert to_html([looked, looked]).count("<article") == 2
    assert to_html([looked, moved], group_targets=False).count("<article") == 2
    # Other batches round otherwise.
    for by, cards in ((1e-7, 1), (1e-2, 2)):
        near = replace(moved, distribution=looked.distribution + np.array([by, -by]))
        assert to_html([looked, near]).count("<article") == cards
    # A card differs in one way only.
    other = replace(moved, target="负面")
    assert to_html([looked, moved, other]).count("<article") == 2


@pytest.mark.parametrize(
    ("method", "said", "ends"),
    [
        ("max_share", "how many dimensions", ("uniform share or less", "much more")),
        ("max_sum", "neither speaks for a class", ("below zero", "above zero")),
    ],
)
def test_methods_whose_colours_mean_something_else_say_so(method, said, ends):
    side = samples.by_character("真的很好", {"好": 1.0})
    if method == "max_sum":
        side = replace(side, values=side.values - 0.2)
    drawn = [replace(samples.explain(side), method=method)]
    for text in (to_html(drawn), to_report(drawn), to_markdown(drawn), to_plain(drawn)):
        assert all(end in text for end in ends)
        assert "not why it decided" not in text.split('id="samples"')[-1]
        assert "class explained" not in text
    for page in (to_html(drawn), to_markdown(drawn), to_svg(drawn)):
        assert said in page
    # Beside attention each has a legend of its own.
    both = to_html([samples.hotel(), *drawn])
    assert said in both
    assert "where the model looked" in both
    assert both.count("point at a colour") == 1


def test_curves_stand_with_the_heads_of_a_short_page():
    hotel, review = samples.hotel(), samples.review()
    page = to_html([hotel, review])
    assert page.count('<div class="plot">') == 1
    assert page.index("<details>") < page.index('<div class="plot">') < page.index("</details>")
    assert ".ap .plot .s-h3{" in page
    assert to_fragment([hotel]).count('<div class="plot">') == 1
    for without in (to_html([hotel] * 21), to_html([review]), to_fragment([review])):
        assert '<div class="plot">' not in without
        assert ".plot" not in without


def test_a_notebook_gets_colours_and_a_console_gets_marks():
    bundle = samples.hotel()._repr_mimebundle_()
    assert bundle["text/html"] == samples.hotel()._repr_html_()
    Page(bundle["text/html"])
    assert bundle["text/plain"].startswith("正面 98.2%  ✓ 真实类别 正面 · 注意力\n房间很⟦干净⟧")
    assert "\x1b" not in bundle["text/plain"]
    assert json.loads(json.dumps(bundle)) == bundle
