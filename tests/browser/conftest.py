"""Pages in a real browser: Playwright's Python package drives the Chromium of the system."""

import shutil
from importlib.util import find_spec

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; one line says what is missing where there is none."""
    if find_spec("playwright") is None:
        pytest.skip("the browser tests need Playwright: python -m pip install playwright")
    if CHROMIUM is None:
        pytest.skip("the browser tests need Chromium: apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # In a container Chromium has no sandbox to put its pages in.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser, tmp_path):
    """Open a page from a file, watched: it must ask for nothing and no script may fail."""
    contexts = []

    def open_page(html, **options):
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.failed = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.failed.append(str(error)))
        page.on("dialog", lambda dialog: page.failed.append(dialog.message))
        page.on(
            "console", lambda line: page.failed.append(line.text) if line.type == "error" else 0
        )
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        context.set_offline(True)
        page.goto(file.as_uri(), timeout=120_000)  # the machine may be shared
        page.place = file.as_uri()
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            assert page.failed == []
            assert page.asked == [page.place]
        context.close()
