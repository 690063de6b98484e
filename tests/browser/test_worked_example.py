"""The worked example in a browser: its tables scroll by themselves, without a script too."""

import pytest
from tests.view.english import EN, to_html

from attnpool.gallery.worked_page import worked_section


@pytest.fixture(scope="module")
def html():
    return to_html(sections=[worked_section(EN)])


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [320, 1280])
def test_tables_fit_or_scroll(visit, html, width, scripts):
    page = visit(html, viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    box = page.locator("main").bounding_box()
    assert box["x"] + box["width"] <= width
    tables = page.locator(".wide:has(.worked)")
    assert tables.count() == 4
    for region in tables.all():
        assert region.bounding_box()["width"] <= box["width"] + 0.5
        assert region.get_attribute("tabindex") == "0"  # the keyboard can scroll it
