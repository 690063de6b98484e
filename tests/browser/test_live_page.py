"""The live page in a real browser: languages, copies, links, pairs, and what could go wrong."""

import re
from html import unescape

import pytest
from markupsafe import escape
from tests.browser.live import SETTLED, TEXT, answer, said, typed

import attnpool
from attnpool.sanitize import visible
from attnpool.view.drawing.captions import percent
from attnpool.view.drawing.colour import hue_class
from attnpool.view.drawing.draw import draw
from attnpool.view.words import Words

HOSTILE = '</script><img src=x onerror="alert(1)">'


@pytest.mark.parametrize(
    ("locale", "label"),
    [("zh-CN", "文本"), ("zh-TW", "文本"), ("de-DE", "Text"), ("en-US", "Text")],
)
def test_it_speaks_the_readers_language(locale, label, live):
    page = live(locale=locale)
    assert page.text_content("label") == label
    page.get_by_role("button", name="中文").click()
    assert page.text_content("label") == "文本"
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.get_by_role("button", name="English").click()
    assert page.text_content("label") == "Text"


def test_a_link_carries_the_text(live, compact):
    page = live()
    page.evaluate("location.hash = '#text=' + encodeURIComponent('服务太差 100%')")
    page.wait_for_function("() => document.querySelector('#text').value === '服务太差 100%'")
    assert answer(page) == said(compact[0], "服务太差 100%")
    page.evaluate("location.hash = '#text=%E6%9'")  # no text at all
    assert page.input_value("#text") == "服务太差 100%"


@pytest.mark.parametrize("kind", ["SVG", "PNG", "Markdown", "link"])
def test_what_is_drawn_is_copied(kind, live):
    page = live()
    typed(page, TEXT)
    page.evaluate(
        """() => {
          const kept = {};
          Object.defineProperty(navigator, "clipboard", { value: {
            writeText: async (text) => { kept.text = text; },
            write: async ([item]) => { kept.blob = await item.getType("image/png"); },
          } });
          window.kept = kept;
        }"""
    )
    button = page.locator("#copies button", has_text=kind)
    button.click()
    page.wait_for_function("() => window.kept.text || window.kept.blob")
    if kind == "PNG":
        size = page.evaluate("createImageBitmap(window.kept.blob).then((b) => [b.width, b.height])")
        assert size[0] == 1280
        return
    text = page.evaluate("window.kept.text")
    if kind == "link":
        assert text.startswith(page.place + "#text=")
        return
    assert f">{answer(page)}<" in text  # and nothing of a deletion that nobody made
    assert "差" in text
    assert text.startswith("<svg" if kind == "SVG" else '<p dir="auto"><strong>')


def test_hostile_labels_titles_and_examples_run_nothing(opened, tmp_path):
    texts, labels = ["好 很好", "差 太差"] * 12, [HOSTILE, "b\u202e]]>"] * 12
    model = attnpool.TextClassifier(epochs=2).fit(texts, labels)
    model.export(tmp_path / "x.html", title=HOSTILE, examples=[HOSTILE, "<!--<script>"])
    page = opened((tmp_path / "x.html").read_text("utf-8"))
    assert page.text_content("h1") == HOSTILE
    for text in (HOSTILE, "<!--<script>\n</textarea>\u202e\0", "javascript:alert(1)"):
        typed(page, text)
        for kind in ("SVG", "Markdown"):
            page.locator("#copies button", has_text=kind).click()
        page.wait_for_timeout(100)
    assert page.locator("img").count() == 0
    assert HOSTILE in page.text_content("#bars")
    assert str(escape(HOSTILE)) in (tmp_path / "x.html").read_text("utf-8")


@pytest.mark.parametrize("text", [TEXT, "a" * 5000, "\n".join(["隔音太差"] * 30)])
def test_it_fits_a_phone(text, live):
    page = live(viewport={"width": 360, "height": 700})
    typed(page, text)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_everything_has_a_name(live):
    page = live()
    typed(page, "服务太差")
    page.wait_for_selector("#turn button, #turn:not(:empty)")
    tree = page.locator("body").aria_snapshot()
    assert 'textbox "Text"' in tree
    assert re.search(r'button "服: contribution [+-]?[\d.e-]+ to [^"]+"', tree)
    assert 'button "contribution" [pressed]' in tree
    unnamed = page.eval_on_selector_all(
        "button, textarea, [role=button], [role=group]",
        """all => all.filter((e) => e.checkVisibility() && !e.textContent.trim()
          && !e.ariaLabel && !e.labels?.length).length""",
    )
    assert unnamed == 0


def test_a_damaged_page_says_so(compact, visit):
    page = visit(re.sub(r'(id="model">).{200}', r"\g<1>", compact[1]), locale="en-GB")
    page.wait_for_selector("#failed:not([hidden])")
    assert page.text_content("#failed").endswith("is damaged. Ask for the file again.")
    assert not page.is_visible("main")
    page.get_by_role("button", name="中文").click()
    assert page.text_content("#failed") == "本页中的模型已损坏，请重新获取该文件。"


def test_an_incomplete_page_says_so(compact, visit):
    """A file that was cut short, as mails and sticks do it."""
    whole = compact[1]
    for end in (whole.index('id="page"') + 500, whole.index('id="model"') + 5000):
        page = visit(whole[:end], locale="en-GB")
        page.wait_for_selector("#broken", state="visible")
        assert "the file is incomplete" in page.text_content("#broken")
        assert "文件不完整" in page.text_content("#broken")


def test_what_cannot_be_seen_is_shown_as_elsewhere(inside):
    every = [chr(code) for code in range(0x110000) if not 0x3400 <= code < 0xD7A0]
    found = inside.evaluate(
        "(codes) => codes.map((code) => visible(String.fromCodePoint(code)))", [*map(ord, every)]
    )
    wrong = [ord(one) for one, shown in zip(every, found, strict=True) if shown != visible(one)]
    assert wrong == []
    assert inside.evaluate("visible('a\\r\\nb')") == visible("a\r\nb")


PICTURES = """async () => {
  const pieces = piecesOf(document.querySelector("#before"));
  const png = await asPng(pieces, "t", "note");
  const image = await createImageBitmap(png), { width, height } = image;
  const pen = new OffscreenCanvas(width, height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  let orange = 0;
  for (let at = 0; at < data.length; at += 4) orange += data[at] > data[at + 2] + 60;
  return [asSvg(pieces, "t", "note"), asMarkdown(pieces, "t", "note"), orange];
}"""


def test_a_picture_has_colours_and_what_is_struck_out(inside):
    typed(inside, TEXT)
    inside.locator("#before mark", has_text="差").click()
    svg, markdown, orange = inside.evaluate(PICTURES)
    assert svg.count("<rect") > 5
    assert 'text-decoration="line-through"' in svg
    assert "<del>差</del>" in markdown
    assert "note" in markdown
    assert orange > 1000


def test_markdown_is_the_text_that_was_typed(inside):
    text = """I don't like "it" & it's <b>bad</b> a#b *x* _y_ `z` ~w~ [l](u) | $m$ @n"""
    typed(inside, text)
    markdown = inside.evaluate("asMarkdown(piecesOf(document.querySelector('#before')), '', '')")
    body = re.sub(r"</?(mark|strong|p|sup)[^>]*>|[+−](?=</sup>)", "", markdown)
    assert unescape(body).split() == text.split()


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_what_no_picture_can_show_is_said(kind, live):
    page = live()
    typed(page, "\u05e9\u05dc\u05d5\u05dd")
    page.locator("#copies button", has_text=kind).click()
    page.get_by_role("button", name="not possible here").wait_for()


def test_a_text_too_long_for_a_picture_is_not_drawn(inside):
    text = "好\n" * 3000
    assert inside.evaluate("(text) => asPng([{ text, name: '' }], '', '')", text) is None


def test_a_link_that_cannot_be_is_said(inside):
    typed(inside, "长" * 3000)
    inside.locator("#copies button", has_text="link").click()
    inside.get_by_role("button", name="too long for a link").wait_for()
    inside.evaluate("() => { document.querySelector('#text').value = 'a\\ud800b'; }")
    assert inside.evaluate("link()").endswith("#text=a%EF%BF%BDb")


def test_more_classes_than_are_shown_can_be_chosen(opened, tmp_path):
    names = [f"the class of number {i}" for i in range(9)]
    model = attnpool.TextClassifier(epochs=1).fit(list("一二三四五六七八九") * 4, names * 4)
    model.export(tmp_path / "x.html")
    page = opened((tmp_path / "x.html").read_text("utf-8"))
    typed(page, "九")
    page.get_by_role("button", name="1 more class", exact=True).click()
    assert page.locator("#bars .row").count() == 9
    page.locator("#bars .row").last.click()
    assert page.locator("#bars .row").last.get_attribute("title") in page.text_content("#legend")


def test_two_texts_are_compared(matcher, opened):
    model, html = matcher
    page = opened(html)
    pair = ("怎么申请退款", "如何退款呢")
    for box, text in zip(("#text", "#other"), pair, strict=True):
        typed(page, text, box)
    explained = model.explain([pair])[0]
    word = "match" if explained.verdict["match"] else "no match"
    assert answer(page).startswith(f"{word} · score {float(f'{explained.score:.3g}')}")
    [drawing] = draw([explained], Words("en"))
    for number, side in enumerate(drawing.sides):
        expected = [
            (letter, hue_class(run.level, True) if run.level else "")
            for run in side.row.runs
            if run.tokens
            for letter in run.text
        ]
        line = page.locator("#before .text").nth(number)
        found = line.locator("mark").evaluate_all(
            "all => all.map((one) => [one.textContent, one.className.replace(' hint', '')])"
        )
        assert [tuple(one) for one in found] == expected
    page.wait_for_function(SETTLED)
    if page.locator("#turn button").count():
        page.click("#turn button")
        assert " → " in answer(page)
    if page.is_visible("#restore"):
        page.click("#restore")
    page.locator("#before .text").nth(1).locator("mark").first.click()
    rest = (pair[0], pair[1][1:])
    target = model.explain([pair])[0].prediction
    share = model.predict_proba([rest])[0][[*map(str, model.classes_)].index(target)]
    assert page.text_content("#change").endswith(percent(float(share)))


def test_pairs_are_pasted_from_a_table(matcher, opened):
    model, html = matcher
    page = opened(html)
    typed(page, "怎么退款\t如何退款")
    assert page.input_value("#other") == "如何退款"
    assert page.input_value("#text") == "怎么退款"
    pairs = [("怎么退款", "如何退款"), ("怎么退款", "怎么开票"), ("手机丢了", "手机没了")]
    typed(page, "\n".join("\t".join(pair) for pair in pairs))
    page.wait_for_function("() => document.querySelectorAll('#lines tbody tr').length === 3")
    assert not page.is_visible("#other")
    cells = page.eval_on_selector_all(
        "#lines tbody tr", "all => all.map((r) => [...r.cells].map((c) => c.textContent))"
    )
    shares = model.predict_proba(pairs)
    assert [row[1] for row in cells] == [" · ".join(pair) for pair in pairs]
    assert [row[3] for row in cells] == [percent(float(one.max())) for one in shares]
    with page.expect_download() as saved:
        page.click("#csv")
    first = saved.value.path().read_text("utf-8-sig").splitlines()[:2]
    assert first[0].startswith('"line","text_1","text_2","prediction"')
    assert first[1].startswith('"1","怎么退款","如何退款"')
    page.evaluate("location.hash = '#text=A%201&text=B'")
    page.wait_for_function("() => document.querySelector('#other').value === 'B'")
    assert page.input_value("#text") == "A 1"


def test_what_is_no_pair_is_left_out_and_told(matcher, opened):
    page = opened(matcher[1])
    typed(page, "怎么退款\t如何退款\t1\n没有制表符\n\t右边\n手机丢了\t手机没了\t0")
    page.wait_for_function("() => document.querySelectorAll('#lines tbody tr').length === 2")
    texts = page.eval_on_selector_all("#lines .line", "all => all.map((e) => e.textContent)")
    assert texts == ["怎么退款 · 如何退款", "手机丢了 · 手机没了"]
    told = page.text_content("#more")
    assert told == "lines without two texts left out: 2; cells beyond the second left out"


def test_a_pasted_pair_replaces_nothing_that_was_typed(matcher, opened):
    page = opened(matcher[1])
    typed(page, "你好")
    typed(page, "再见", "#other")
    typed(page, "你好x\ty")
    assert [page.input_value(box) for box in ("#text", "#other")] == ["你好x\ty", "再见"]
    typed(page, "甲\t乙\t1")
    assert [page.input_value(box) for box in ("#text", "#other")] == ["甲", "乙"]
    typed(page, "")
    typed(page, "丙\t丁", "#other")
    assert [page.input_value(box) for box in ("#text", "#other")] == ["丙", "丁"]


def test_one_text_is_no_pair(matcher, opened):
    page = opened(matcher[1])
    typed(page, "", "#other")
    assert answer(page) == "Both texts are needed"
    assert not page.is_visible("#before")
    assert page.text_content("#count").endswith("B: no token")
    typed(page, "好", "#other")
    page.locator("#before .text").nth(1).locator("mark").click()
    assert answer(page) == "Both texts are needed"
