"""Pages as lists: one line for each text, which opens its card."""

from dataclasses import replace

import pytest
from tests.browser.rows import corpus
from tests.view import samples
from tests.view.english import to_fragment, to_html, to_report

from attnpool.view.page.html import Section

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def short(rows):
    """Rows of up to sixty characters."""
    made = []
    for number, row in enumerate(corpus(rows)):
        side = row.sides[0]
        stop = min(len(side.spans), 10 + number)
        weights = side.weights[:, :stop]
        side = replace(side, text=side.text[:stop], spans=side.spans[:stop], read_until=stop,
                       weights=weights / weights.sum(axis=1, keepdims=True),
                       values=side.values[:stop])  # fmt: skip
        made.append(replace(row, sides=(side,)))
    return made


def lines(page):
    page.get_by_role("group", name="show as").get_by_role("button", name="Lines").click()
    return page.locator(".card, .sample")


def heights(cards):
    return {card.bounding_box()["height"] for card in cards.all()}


IN_SIGHT = """all => all.filter((one) => {
  const { top, bottom } = one.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}).length"""


def test_forty_texts_are_on_one_screen(visit):
    page = visit(to_html(short(50)), viewport=DESKTOP)
    before = page.locator(".card").evaluate_all(IN_SIGHT)
    assert before < 10
    cards = lines(page)
    cards.first.evaluate("e => e.scrollIntoView({ block: 'start', behavior: 'instant' })")
    assert cards.evaluate_all(IN_SIGHT) >= 40
    assert page.locator(".card .side .text").first.inner_text().startswith("0号")


CLASSES = "all => all.map(e => e.className)"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("kind", ["page", "report", "fragment"])
def test_every_text_is_one_line_with_its_answer(visit, kind, viewport):
    every = [*samples.matches(), samples.hotel(), samples.review(), *samples.targets(),
             *(samples.attack(text) for text in samples.ATTACKS.values())]  # fmt: skip
    if kind == "report":
        every = [replace(one, method="x", alignment=None) for one in every]
    html = {
        "page": lambda: to_html(every[:4], sections=[Section("Others", explanations=every[4:])]),
        "report": lambda: to_report(every),
        "fragment": lambda: f"<!doctype html><body>{to_fragment(every[:12])}",
    }[kind]()
    page = visit(html, viewport=viewport)
    if kind == "report":
        page.wait_for_selector("[data-ready]")
    cards = lines(page)
    assert cards.count() >= 8
    assert max(heights(cards)) <= (24 if viewport is DESKTOP else 36)
    for card in cards.all():
        assert card.locator(".text:visible").count() >= 1
        own, whole = card.locator(".text").first.evaluate("e => [e.clientWidth, e.scrollWidth]")
        assert own >= min(40, whole)
        inside = "e => e.getBoundingClientRect().right <= innerWidth"
        assert card.locator(".head").evaluate(inside)
    assert page.locator(".truth.wrong:visible").first.inner_text().startswith("✗")
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]


def test_a_click_or_a_key_opens_a_card_and_closes_it_again(visit):
    page = visit(to_html(short(12)))
    tall = page.locator(".card >> nth=3").bounding_box()["height"]
    cards = lines(page)
    flat = heights(cards)
    assert len(flat) == 1
    fold = cards.nth(3).locator(".fold")
    assert fold.get_attribute("aria-expanded") == "false"
    cards.nth(3).locator(".side .text").click()
    assert fold.get_attribute("aria-expanded") == "true"
    assert abs(cards.nth(3).bounding_box()["height"] - tall) < 2
    assert heights(page.locator(".card:not(.open)")) == flat
    cards.nth(3).get_by_role("button", name="head 2").click()  # the card works as it does
    assert "open" in cards.nth(3).get_attribute("class")
    cards.nth(3).locator(".head").click(position={"x": 200, "y": 5})
    assert heights(cards) == flat
    fold.focus()
    page.keyboard.press("Enter")
    assert fold.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    assert heights(cards) == flat
    words = cards.nth(3).locator(".side .text").text_content()
    assert fold.evaluate("e => e.ariaLabel") == f"Card of: {words[:60]}"
    page.get_by_role("button", name="Cards").click()
    assert page.locator(".fold:visible").count() == 0
    assert abs(cards.nth(3).bounding_box()["height"] - tall) < 2


def test_a_line_has_the_colours_that_were_chosen_on_its_card(visit):
    page = visit(to_html([*samples.targets(), samples.hotel()]))
    cards = lines(page)
    before = cards.first.locator(".text:visible mark").evaluate_all(CLASSES)
    cards.first.click()
    cards.first.get_by_role("button", name="喜悦").click()
    cards.first.locator(".fold").click()
    assert cards.first.bounding_box()["height"] <= 24
    assert cards.first.locator(".text:visible").count() == 1
    after = cards.first.locator(".text:visible mark").evaluate_all(CLASSES)
    assert len(after) == len(before)
    assert after != before


def test_rows_of_a_report_that_are_drawn_later_are_lines_too(visit):
    page = visit(to_report(short(120)))
    page.wait_for_selector("[data-ready]")
    lines(page)
    page.click("#more")
    page.wait_for_function("() => document.querySelectorAll('.sample').length >= 100")
    rows = page.locator(".sample")
    assert max(heights(rows)) <= 24
    rows.nth(70).click()
    assert rows.nth(70).bounding_box()["height"] > 40


def test_what_is_shown_is_printed(visit):
    page = visit(to_html(short(12)))
    page.emulate_media(media="print")
    assert min(heights(page.locator(".card"))) > 60
    page.emulate_media(media="screen")
    lines(page)
    page.emulate_media(media="print")
    assert max(heights(page.locator(".card"))) <= 24
    assert page.locator(".choice:visible, .fold:visible").count() == 0


def test_a_switch_needs_a_script_and_more_than_one_card(visit):
    assert visit(to_html([samples.hotel()])).get_by_role("button", name="Lines").count() == 0
    bare = visit(to_html(short(3)), java_script_enabled=False)
    assert bare.locator(".choice").count() == 0
    assert bare.locator(".bars:visible").count() == 3


def test_the_head_of_a_card_is_one_line_on_a_phone(visit):
    long = replace(samples.review(), labels=("negative" * 5, "positive" * 5),
                   prediction="positive" * 5, target="negative" * 5,
                   label="negative" * 5)  # fmt: skip
    every = [*samples.all_kinds(), *samples.targets(), long]
    page = visit(to_html(every), viewport=PHONE)
    for card in page.locator(".card").all():
        head = card.locator(".head").first
        assert head.bounding_box()["height"] <= 32
        copy = card.locator(".copy").bounding_box()
        assert copy["x"] + copy["width"] <= 390 - 16
        assert 20 <= copy["width"] <= 32
        assert card.locator(".truth, .answer").first.bounding_box()["width"] >= 20
        for choice in card.locator(".choice:visible").all():
            assert choice.bounding_box()["height"] <= 40
    plain = page.locator(".card").first
    assert plain.locator(".answer").evaluate("e => e.scrollWidth <= e.clientWidth")
    assert plain.locator(".truth").evaluate("e => e.scrollWidth <= e.clientWidth")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    plain.get_by_role("button", name="Copy").click()
    plain.get_by_role("button", name="Copied").wait_for()
