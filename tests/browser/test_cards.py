"""A page of cards as its readers use it: pointer, keys, clicks; no network; texts meant to harm."""

from dataclasses import replace

import pytest
from tests.view import samples
from tests.view.english import to_html

from attnpool.view.page.html import Section

DEFACED = [*samples.ATTACKS.values(), "\u202e" * 50, "x" * 100_000, "很长的一行，" * 17_000]
READ = 2_000  # characters of a text, as of a model with a length limit; of the x all are


def coloured(text):
    """The classes of the coloured runs of a text, with their words."""
    return text.locator("mark").evaluate_all("all => all.map(e => [e.className, e.textContent])")


def overflow(page):
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return wide[0] - wide[1]


def defaced(text):
    """Two heads, two classes, and the text in every name there is."""
    item = samples.attack(text)
    if text == DEFACED[-1]:
        side = samples.by_character(text, {text[:3]: 1.0}, heads=2, until=READ)
        item = replace(item, sides=(side,))
    return [item, replace(item, target=text)]


def test_a_click_on_a_head_colours_the_text_by_it(visit):
    page = visit(to_html([samples.hotel()]))
    text = page.locator(".card .side .text")
    page.locator("summary").click()
    rows = page.locator("[data-row] .text")
    assert rows.count() == 4
    own = coloured(text)
    chosen = page.get_by_role("group", name="coloured by").get_by_role("button")
    assert chosen.all_inner_texts() == ["all heads", "head 1", "head 2", "head 3", "head 4"]
    assert chosen.nth(0).get_attribute("aria-pressed") == "true"
    for head in range(4):
        chosen.nth(head + 1).click()
        assert chosen.nth(head + 1).get_attribute("aria-pressed") == "true"
        assert chosen.nth(0).get_attribute("aria-pressed") == "false"
        assert coloured(text) == coloured(rows.nth(head)) != own
        assert text.inner_text() == samples.hotel().texts[0]
    chosen.nth(0).click()
    assert coloured(text) == own


def test_a_click_on_a_class_shows_what_speaks_for_it(visit):
    page = visit(to_html(samples.targets()))
    faces = page.locator("[data-face]")
    shown = [face.is_visible() for face in faces.all()]
    assert shown == [True, False, False]  # the predicted one first
    before = coloured(faces.nth(0).locator(".side"))
    page.get_by_role("button", name="喜悦").click()
    assert [face.is_visible() for face in faces.all()] == [False, True, False]
    turned = {"f": "a", "a": "f"}
    assert coloured(faces.nth(1).locator(".side")) == [
        [turned[k[0]] + k[1:], words] for k, words in before
    ]
    page.get_by_role("button", name="愤怒").click()
    assert faces.nth(0).is_visible()


def test_a_click_on_a_method_shows_its_colours(visit):
    looked = samples.hotel()
    moved = replace(
        looked,
        method="contribution",
        sides=(replace(looked.sides[0], values=0.1 - looked.sides[0].values),),
    )
    page = visit(to_html([looked, moved]))
    assert page.locator(".card").count() == 1
    assert page.locator(".method").inner_text() == "2 methods"
    page.get_by_role("group", name="explained by").get_by_role("button").nth(1).click()
    faces = page.locator("[data-face]")
    assert [face.is_visible() for face in faces.all()] == [False, True]
    assert {name[0] for name, _ in coloured(faces.nth(1).locator(".side"))} == {"f", "a"}


def test_a_value_is_told_by_pointer_and_by_key(visit):
    page = visit(to_html([samples.moods()]))
    marks, tip = page.locator(".side .text mark"), page.locator(".tip")
    values = marks.evaluate_all("all => all.map(e => e.title)")
    assert tip.is_hidden()
    marks.nth(0).hover()
    assert tip.inner_text() == values[0]
    page.mouse.move(0, 0)
    assert tip.is_hidden()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "MARK":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert tip.inner_text() == values[1]
    page.keyboard.press("End")
    assert tip.inner_text() == values[-1]
    page.keyboard.press("Escape")
    assert tip.is_hidden()


def test_a_token_shows_what_it_meets_in_the_other_text(visit):
    page = visit(to_html([samples.aligned()]))
    page.locator('.side >> nth=0 >> mark[data-t="0"]').hover()
    cells = page.locator(".grid tbody tr >> nth=0 >> td")
    row = cells.evaluate_all("all => all.map(e => e.className)")
    other = page.locator(".side").nth(1).locator("mark[data-t]")
    assert other.evaluate_all("all => all.map(e => e.className)") == row
    assert page.locator(".grid").evaluate("e => e.scrollWidth <= e.parentNode.clientWidth")


def test_a_card_is_copied_as_text(visit):
    page = visit(to_html([samples.moods()]))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "愤怒71.0% · ✓ true 愤怒" in copied
    assert "⟦−治愈⟧" in copied


def test_all_is_there_without_scripts(visit):
    page = visit(
        to_html([samples.hotel(), *samples.targets(), samples.aligned()]),
        java_script_enabled=False,
    )
    assert page.locator("button").count() == 0
    assert page.locator("[data-face]").evaluate_all("all => all.length") == 3
    assert all(face.is_visible() for face in page.locator("[data-face]").all())
    assert page.locator(".aloud >> nth=0").is_visible()
    page.locator("summary", has_text="4 heads").click()
    assert page.locator("[data-row]").nth(0).is_visible()
    assert page.locator(".card >> nth=0 >> .plot .broad").is_visible()
    paint = "e => getComputedStyle(e).backgroundColor"
    assert page.locator("mark.l12").first.evaluate(paint) == "rgb(239, 139, 0)"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_over_the_edge(visit, width, scheme):
    section = Section(
        "Heads", "heads", explanations=[samples.hotel()], plots=True, part="Part",
        command="attnpool train rows.csv -o a-model-with-a-name-of-many-characters-and-no-space",
        figures={"a figure": "0.9", "another one with a long name": "1,000,000"},
    )  # fmt: skip
    page = visit(
        to_html(samples.all_kinds(), sections=[section, replace(section, id="again")]),
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
    )
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    assert overflow(page) <= 0
    # Nor over the edge of its card: what is wide scrolls in a box of its own.
    # Or ends in an ellipsis: what the head of a card says on a phone.
    inside = ".wide, .choice *, .head > * > *, .tip, svg, .aloud"
    over = f"""all => all.filter(e => !e.closest('{inside}')
      && e.getClientRects().length
      && e.getBoundingClientRect().right > e.closest('.card').getBoundingClientRect().right + 1)
      .map(e => e.outerHTML)"""
    assert page.locator(".card *").evaluate_all(over) == []
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(23, 21, 19)") == (scheme == "dark")


@pytest.mark.parametrize("scripts", [True, False])
def test_hostile_texts_and_labels_run_nothing(visit, scripts):
    every = [one for text in DEFACED for one in defaced(text)]
    names = DEFACED[:-2]
    sections = [
        Section(text, text, text, {text: text}, [samples.hotel()], text, text, text, text)
        for text in names
    ]
    html = to_html(every, title=DEFACED[0], lead=DEFACED[1], sections=sections)
    page = visit(html, java_script_enabled=scripts)
    assert page.locator(".card").count() == len(DEFACED) + len(names)
    assert page.locator("h2").count() == len(names)
    assert page.locator("img, iframe, link, base, form, object, main script").count() == 0
    assert page.locator("body style, head style").count() == 1
    if not scripts:
        assert page.locator(".text").first.is_visible()
        return
    assert page.evaluate("window.hacked") is None
    attributes = "all => all.flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    assert page.locator("*").evaluate_all(attributes) == []
    for number in range(0, len(DEFACED), 3):
        card = page.locator(".card").nth(number)
        card.get_by_role("button", name="head 2").first.click()
        card.get_by_role("group", name="explained for").get_by_role("button").nth(1).click()
        card.locator("mark:visible").first.hover()
        assert page.locator(".tip").inner_text()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0


def test_directions_stay_inside_their_text(visit):
    """An override that is never closed turns round nothing behind it."""
    item = samples.attack("\u202eabc")
    page = visit(to_html([replace(item, label="ok"), samples.review()]))
    plain = visit(to_html([replace(samples.attack("abc"), label="ok"), samples.review()]))
    where = "e => { const b = e.getBoundingClientRect(); return [b.left, b.right]; }"
    second = ".card >> nth=1 >> .text mark >> nth=0"
    assert page.locator(second).evaluate(where) == plain.locator(second).evaluate(where)
    truths = [p.locator(".truth").first.evaluate("e => e.innerText") for p in (page, plain)]
    assert truths == ["✗ true ok"] * 2


def test_a_fragment_lives_in_a_strange_page(visit):
    """As a notebook shows it: no policy, no style but its own, beside others of its kind."""
    pieces = [one._repr_mimebundle_()["text/html"] for one in (samples.hotel(), samples.moods())]
    page = visit(f"<!doctype html><meta charset='utf-8'><body><h1>a</h1>{''.join(pieces)}</body>")
    assert page.locator(".ap.live").count() == 2
    assert page.locator("h1").evaluate("e => getComputedStyle(e).marginTop") != "0px"
    page.get_by_role("button", name="头 3").click()
    page.locator(".text mark:visible").first.hover()
    assert page.locator(".tip:visible").count() == 1
    assert overflow(page) <= 0


def test_attention_is_one_click_away_and_brings_its_legend(visit):
    measured = {
        "comprehensiveness": 0.4,
        "sufficiency": 0.0,
        "random": {"comprehensiveness": 0.1, "sufficiency": 0.2},
    }
    page = visit(to_html([replace(samples.moods(), faithfulness=measured)]))
    text, said = page.locator(".side .text"), page.locator("text=Removing the coloured tokens")
    amber = page.locator("text=Amber shows where")
    assert {name[0] for name, _ in coloured(text)} == {"f", "a"}
    assert not amber.is_visible()
    assert said.is_visible()
    page.get_by_role("button", name="attention").click()
    assert {name[0] for name, _ in coloured(text)} == {"l"}
    assert amber.is_visible()
    # What was measured of the contributions says nothing of attention.
    assert not said.is_visible()
    assert page.locator(".method").inner_text() == "attention"
    page.get_by_role("button", name="contribution").click()
    assert {name[0] for name, _ in coloured(text)} == {"f", "a"}
    assert said.is_visible()
    assert page.locator(".method").inner_text() == "contribution"


def test_pointing_at_the_palest_colour_says_what_it_means(visit):
    page = visit(to_html([samples.shares("uniform", 30)]))
    page.locator(".side .text mark").first.hover()
    assert page.locator(".tip").inner_text() == "uniform share or less"


def test_the_head_of_a_card_names_the_method_of_the_class_that_is_shown(visit):
    page = visit(to_html(samples.targets()))
    method = page.locator(".method bdi").first
    page.get_by_role("button", name="attention").locator("visible=true").click()
    assert method.inner_text() == "attention"
    page.get_by_role("button", name="喜悦").click()
    assert {name[0] for name, _ in coloured(page.locator(".side .text >> visible=true"))} == {
        "f",
        "a",
    }
    assert method.inner_text() == "contribution"
    page.get_by_role("button", name="愤怒").click()
    assert method.inner_text() == "attention"


def test_one_click_colours_all_cards_by_attention(visit):
    measured = [samples.moods(), replace(samples.moods(), label="喜悦"), samples.hotel()]
    page = visit(to_html(measured))
    both = page.get_by_role("group", name="colour all by")
    texts = [page.locator(".side .text").nth(number) for number in range(3)]
    both.get_by_role("button", name="attention").click()
    assert [{name[0] for name, _ in coloured(text)} for text in texts] == [{"l"}] * 3
    both.get_by_role("button", name="contribution").click()
    assert [{name[0] for name, _ in coloured(text)} for text in texts] == [{"f", "a"}] * 2 + [{"l"}]
    # One card has its own choice; pages by attention alone need none.
    assert visit(to_html([samples.moods()])).get_by_role("group", name="colour all by").count() == 0
    assert (
        visit(to_html([samples.hotel()] * 2)).get_by_role("group", name="colour all by").count()
        == 0
    )


def test_how_the_contributions_came_is_said_beside_contributions_alone(visit):
    page = visit(to_html([replace(samples.hotel(), method="contribution", linear=0.5)]))
    note = page.get_by_text("from the linear part")
    chosen = page.get_by_role("group", name="coloured by").get_by_role("button")
    assert note.is_visible()
    chosen.nth(1).click()  # attention
    assert note.is_hidden()
    chosen.first.click()
    assert note.is_visible()
