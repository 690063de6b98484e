"""Contents that stay in sight on pages of several sections."""

import pytest
from tests.view import samples
from tests.view.english import to_html

from attnpool.view.page.html import Section

DESKTOP, LAPTOP, PHONE = ({"width": 1280, "height": 900}, {"width": 1000, "height": 700},
                          {"width": 390, "height": 844})  # fmt: skip
EVERY = pytest.mark.parametrize("viewport", [DESKTOP, LAPTOP, PHONE], ids=lambda v: v["width"])


def gallery(part="Part"):
    cards = [samples.hotel(), samples.review(), samples.aligned()]
    return to_html(
        title="Gallery",
        sections=[
            Section(f"A long title of number {n}", f"s{n}", explanations=cards, short=f"No {n}",
                    part=f"{part} {n // 4}" if part else "")
            for n in range(12)
        ],
    )  # fmt: skip


def jump(page, place):
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    page.evaluate(f"location.hash = '{place}'")
    page.wait_for_timeout(300)


@EVERY
def test_contents_stay_in_sight_and_say_where_one_is(visit, viewport):
    page = visit(gallery(), viewport=viewport)
    for number in (3, 8, 5):
        jump(page, f"s{number}")
        box = page.locator(".contents").bounding_box()
        assert 0 <= box["y"] < 60
        now = page.locator(".contents [aria-current]")
        assert now.all_text_contents() == [f"No {number}"]
        heading = page.locator(f"#s{number} h2").bounding_box()
        assert 0 <= heading["y"] < 250
        beside = box["x"] + box["width"] <= heading["x"]
        assert beside == (viewport is DESKTOP)
        if not beside:  # a slim bar, which covers no heading
            assert box["height"] <= 48
            assert heading["y"] >= box["y"] + box["height"]
            assert page.locator(".contents summary").inner_text() == f"Contents · No {number}"
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]


@EVERY
def test_a_link_goes_to_its_section_and_back_to_the_top(visit, viewport):
    page = visit(gallery(), viewport=viewport)
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    for name, place in (("No 9", "s9"), ("Back to top", "top")):
        if viewport is not DESKTOP:
            assert page.locator(".contents a:visible").count() == 0
            page.locator(".contents summary").click()
            assert page.locator(".contents").bounding_box()["height"] <= viewport["height"] * 0.71
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_timeout(300)
        assert (page.evaluate("scrollY") == 0) == (place == "top")
        assert page.locator(".contents a:visible").count() == (13 if viewport is DESKTOP else 0)
    page.set_viewport_size(DESKTOP)
    page.wait_for_timeout(200)
    assert page.locator(".contents a:visible").count() == 13


@EVERY
@pytest.mark.parametrize("part", ["Part", ""])
def test_contents_work_without_scripts(visit, viewport, part):
    page = visit(gallery(part), viewport=viewport, java_script_enabled=False)
    assert page.locator(".contents a:visible").count() == 13
    assert page.locator(".contents p", has_text="Part").count() == (3 if part else 0)
    if viewport is not DESKTOP:
        page.locator(".contents summary").click()
        assert page.locator(".contents a:visible").count() == 0
        page.mouse.wheel(0, 3000)
        page.wait_for_timeout(500)
        assert 0 <= page.locator(".contents").bounding_box()["y"] < 10


def test_a_section_called_top_is_not_the_top(visit):
    page = visit(to_html(sections=[Section("top", explanations=[samples.hotel()] * 9)] * 2))
    assert page.locator("section").evaluate_all("all => all.map(e => e.id)") == ["top-2", "top-3"]


def test_a_page_of_one_section_has_no_contents(visit):
    page = visit(to_html(sections=[Section("One", explanations=[samples.hotel()])]))
    assert page.locator("nav").count() == 0
