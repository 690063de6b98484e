"""Pages in a real browser: Playwright's Python package drives the Chromium of the system."""

import re
import shutil
from importlib.util import find_spec

import pytest
from tests.browser.live import TEXT

import attnpool
from attnpool.data import load_demo

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


@pytest.fixture(scope="session")
def compact(tmp_path_factory):
    """A model of the bundled reviews, as it is in its live page, and the page."""
    rows = load_demo("sentiment")
    model = attnpool.TextClassifier(epochs=8, seed=0).fit(rows.texts[0], rows.labels)
    folder = tmp_path_factory.mktemp("live")
    model.export(folder / "model.safetensors")
    model.export(folder / "live.html", title="Reviews", examples=[TEXT, "服务很好"])
    html = (folder / "live.html").read_text("utf-8")
    return attnpool.load(folder / "model.safetensors"), html


@pytest.fixture(scope="session")
def matcher(tmp_path_factory):
    """A matcher of the bundled pairs, as it is in its live page, and the page."""
    rows = load_demo("pairs")
    items = list(zip(*rows.texts, strict=True))
    model = attnpool.TextMatcher(epochs=3, dim=32, head_dim=16, seed=0).fit(items, rows.labels)
    folder = tmp_path_factory.mktemp("live pairs")
    model.export(folder / "model.safetensors")
    model.export(folder / "live.html", title="Pairs", examples=items[:2])
    html = (folder / "live.html").read_text("utf-8")
    return attnpool.load(folder / "model.safetensors"), html


@pytest.fixture
def opened(visit):
    """Open a live page, and wait until its model answers."""

    def opened(html, **options):
        page = visit(html, **{"locale": "en-GB", **options})
        page.wait_for_selector("main:not([hidden])")
        return page

    return opened


@pytest.fixture
def live(compact, opened):
    """Open the live page of reviews."""

    def live(**options):
        return opened(compact[1], **options)

    return live


@pytest.fixture
def inside(compact, opened):
    """The page with some of its own functions in reach."""
    names = "visible, piecesOf, asSvg, asPng, asMarkdown, link, model, lines"
    html = re.sub("<meta http-equiv=.*?>", "", compact[1], count=1)
    assert html.count("\nstart();\n") == 1
    reached = f"\nstart().then(() => Object.assign(window, {{ {names} }}));\n"
    return opened(html.replace("\nstart();\n", reached))
