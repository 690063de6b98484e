"""The live page in a real browser: what is typed is answered as Python answers it."""

import csv
import io
import re

import numpy as np
import pytest
from markupsafe import escape

import attnpool
from attnpool.data import load_demo
from attnpool.view.drawing.captions import percent
from attnpool.view.drawing.colour import hue_class
from attnpool.view.drawing.draw import draw
from attnpool.view.words import Words

HOSTILE = '</script><img src=x onerror="alert(1)">'
TEXT = "房间很干净，但是隔音太差，服务员态度恶劣。"


@pytest.fixture(scope="module")
def compact(tmp_path_factory):
    """A model of the bundled reviews, as it is in the page."""
    rows = load_demo("sentiment")
    model = attnpool.TextClassifier(epochs=8, seed=0).fit(rows.texts[0], rows.labels)
    folder = tmp_path_factory.mktemp("live")
    model.export(folder / "model.safetensors")
    model.export(folder / "live.html", title="Reviews", examples=[TEXT, "服务很好"])
    html = (folder / "live.html").read_text("utf-8")
    return attnpool.load(folder / "model.safetensors"), html


@pytest.fixture
def live(compact, visit):
    def opened(html=compact[1], **options):
        page = visit(html, **{"locale": "en-GB", **options})
        page.wait_for_selector("main:not([hidden])")
        return page

    return opened


def typed(page, text):
    """Type, and wait until it is drawn."""
    page.fill("#text", text)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def answer(page):
    return page.text_content("#answer")


def said(compact, text):
    share = compact.predict_proba([text])[0]
    return f"{compact.classes_[share.argmax()]} {percent(float(share.max()))}"


@pytest.mark.parametrize("text", [TEXT, "very good room", "", "👍🏽很好 e\u0301", " \n "])
def test_what_is_typed_is_answered(text, live, compact):
    page = live()
    typed(page, text)
    assert answer(page) == said(compact[0], text)


@pytest.mark.parametrize("method", ["contribution", "attention"])
def test_colours_are_those_of_every_rendering(method, live, compact):
    """By the classes of runs: neighbours of one colour are one run elsewhere."""
    page = live()
    typed(page, TEXT)
    page.get_by_role("button", name=method, exact=True).click()
    marks = page.eval_on_selector_all(
        "#before mark", "all => all.map((m) => [m.textContent, m.className])"
    )
    [drawing] = draw(compact[0].explain([TEXT], method=method), Words("en"))
    runs = [run for run in drawing.sides[0].row.runs if run.tokens]
    expected = [
        (letter, hue_class(run.level, drawing.signed) if run.level else "")
        for run in runs
        for letter in run.text
    ]
    assert [tuple(mark) for mark in marks] == expected
    assert any(name for _, name in expected)


def test_a_click_strikes_a_token_out_and_brings_it_back(live, compact):
    page = live()
    typed(page, TEXT)
    before = answer(page)
    mark = page.locator("#before mark", has_text="差").first
    mark.click()
    assert mark.get_attribute("aria-pressed") == "true"
    assert page.is_visible("#after")
    assert page.text_content("#after") == TEXT.replace("差", "")
    assert answer(page) == said(compact[0], TEXT.replace("差", ""))
    name = before.split()[0]
    shares = [
        compact[0].predict_proba([one])[0][compact[0].classes_.tolist().index(name)]
        for one in (TEXT, TEXT.replace("差", ""))
    ]
    change = " → ".join(percent(float(share)) for share in shares)
    assert page.text_content("#change") == f"{name}: {change}"
    mark.click()
    assert not page.is_visible("#after")
    assert answer(page) == before


def test_the_keyboard_does_all_of_it(live):
    page = live()
    typed(page, "服务太差")
    page.focus("#before mark")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    pressed = page.eval_on_selector_all("#before mark", "all => all.map((m) => m.ariaPressed)")
    assert pressed == ["false", "false", "false", "true"]
    page.keyboard.press(" ")
    assert not page.is_visible("#after")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.textContent") == "服"


def test_what_would_turn_the_answer_does(live, compact):
    page = live()
    typed(page, "隔音太差，服务员态度恶劣。")
    page.wait_for_selector("#turn button")
    sentence, before = page.text_content("#turn"), answer(page)
    named = page.eval_on_selector_all(
        "#turn strong", "all => all.map((m) => m.textContent.slice(1, -1))"
    )
    page.click("#turn button")
    gone = page.eval_on_selector_all("#before .gone", "all => all.map((m) => m.textContent)")
    assert gone == named
    assert answer(page).split()[0] != before.split()[0]
    assert f"{answer(page).split()[0]} ({answer(page).split()[1]})" in sentence


def test_no_smaller_set_turns_it(live, compact):
    """Of single tokens all are tried."""
    model = compact[0]
    page = live()
    for text in load_demo("sentiment", "test").texts[0][:6]:
        typed(page, text)
        page.wait_for_function(
            "() => /([.。]|Strike out)$/.test(document.querySelector('#turn').textContent)"
        )
        named = page.locator("#turn strong").count()
        tokens = model.reader_([text])
        spans = tokens.spans.tolist()
        first = model.predict([text])[0]
        single = [text[:a] + text[b:] for a, b in spans]
        turned = bool((model.predict(single) != first).any())
        assert (named == 1) == turned


def test_lines_become_a_table_that_is_sorted_and_saved(live, compact):
    page = live()
    texts = ["房间很干净", "服务太差", '=1+1,"好"']
    typed(page, "\n".join([*texts, ""]))
    page.wait_for_function("() => document.querySelectorAll('#lines tbody tr').length === 3")
    page.get_by_role("button", name="probability", exact=True).click()
    cells = page.eval_on_selector_all(
        "#lines tbody tr", "all => all.map((r) => [...r.cells].map((c) => c.textContent))"
    )
    shares = compact[0].predict_proba(texts)
    order = np.argsort(shares.max(1), kind="stable").tolist()
    assert [row[1] for row in cells] == [texts[i] for i in order]
    assert [row[3] for row in cells] == [percent(float(shares[i].max())) for i in order]
    with page.expect_download() as saved:
        page.click("#csv")
    content = saved.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0][:3] == ["text", "prediction", "probability"]
    assert sorted(row[0] for row in rows[1:]) == sorted(['\'=1+1,"好"', *texts[:2]])
    page.get_by_role("button", name="服务太差").click()
    assert answer(page) == said(compact[0], "服务太差")
    page.get_by_role("button", name="one text", exact=True).click()
    assert not page.is_visible("#lines")
    assert answer(page) == said(compact[0], "\n".join(texts))


def test_a_class_can_be_asked_for(live, compact):
    page = live()
    typed(page, TEXT)
    other = min(zip(compact[0].predict_proba([TEXT])[0], compact[0].classes_, strict=True))[1]
    page.locator("#bars .row", has_text=other).click()
    assert other in page.text_content("#legend")
    drawing = draw(compact[0].explain([TEXT], target=other), Words("en"))[0]
    classes = [
        hue_class(r.level, True) if r.level else ""
        for r in drawing.sides[0].row.runs
        if r.tokens
        for _ in r.text
    ]
    assert (
        page.eval_on_selector_all("#before mark", "all => all.map((m) => m.className)") == classes
    )


@pytest.mark.parametrize(
    ("locale", "label"),
    [("zh-CN", "文本"), ("zh-TW", "文本"), ("de-DE", "Text"), ("en-US", "Text")],
)
def test_it_speaks_the_readers_language(locale, label, live):
    page = live(locale=locale)
    assert page.text_content("label") == label
    page.get_by_role("button", name="中文").click()
    assert page.text_content("label") == "文本"
    assert page.get_attribute("html", "lang") == "zh"
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
    assert "差" in text
    assert text.startswith("<svg" if kind == "SVG" else "<p><strong>")


def test_hostile_labels_titles_and_examples_run_nothing(visit, tmp_path):
    texts, labels = ["好 很好", "差 太差"] * 12, [HOSTILE, "b\u202e]]>"] * 12
    model = attnpool.TextClassifier(epochs=2).fit(texts, labels)
    model.export(tmp_path / "x.html", title=HOSTILE, examples=[HOSTILE, "<!--<script>"])
    page = visit((tmp_path / "x.html").read_text("utf-8"), locale="en-GB")
    page.wait_for_selector("main:not([hidden])")
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
    assert re.search(r'button "服: [+-]?[\d.e-]+ for [^"]+"', tree)
    assert 'button "contribution" [pressed]' in tree
    unnamed = page.eval_on_selector_all(
        "button, textarea, [role=button], [role=group]",
        """all => all.filter((e) => e.checkVisibility() && !e.textContent.trim()
          && !e.ariaLabel && !e.labels?.length).length""",
    )
    assert unnamed == 0


def test_a_damaged_page_says_so(compact, visit):
    broken = re.sub(r'(id="model">).{200}', r"\g<1>", compact[1])
    page = visit(broken, locale="en-GB")
    page.wait_for_selector("#failed:not([hidden])")
    assert page.text_content("#failed").startswith("The model in this page cannot be read")
    assert not page.is_visible("main")
