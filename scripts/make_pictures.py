"""Make the pictures of the README and of docs from the project itself: `make pictures`.

Models are trained on the bundled rows and answer rows they have never seen; their pages are
photographed in Chromium, light and dark.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import attnpool
from attnpool import TextClassifier, TextMatcher
from attnpool.data.demo_rows import load_demo
from attnpool.explanation import Explanation
from attnpool.gallery.building import PAGE, build_gallery
from attnpool.view.page.html import to_html

DOCS = Path(__file__).parents[1] / "docs"
MARGIN = 20
NAMES = ("live", "explain", "lines", "heads", "pair", "report", "rows", "gallery")
MOST_BYTES = 300_000
_LIVE = ("房间很干净，但是隔音太差，服务员态度恶劣。", "味道不错，就是等得太久")


@dataclass(frozen=True)
class Shot:
    """A picture of a page.

    Attributes:
        page: The page.
        show: What is photographed of it: a selector, or those of the first and the last part.
        width: The width of the window.
        height: How much is shown at most.
        unfold: What is clicked before, a selector.
        wait: What has to be there before, a selector.
    """

    page: str
    show: tuple[str, ...] = ("body",)
    width: int = 940
    height: int = 1400
    unfold: str = ""
    wait: str = ""


def shots() -> dict[str, Shot]:
    """The pictures by name."""
    train, test = load_demo("sentiment", "train"), load_demo("sentiment", "test")
    model = TextClassifier().fit(train.texts[0], train.labels)
    moved = model.explain(test.texts[0], labels=test.labels)
    right, wrong = _drawn(moved, right=True), _drawn(moved, right=False)
    shown = [right[0], wrong[0]]
    both = model.explain(
        [test.texts[0][row] for row in shown],
        labels=[test.labels[row] for row in shown],
        faithfulness=True,
    )
    looked = model.explain([test.texts[0][right[1]]], "attention", labels=[test.labels[right[1]]])
    pairs, held = load_demo("pairs", "train"), load_demo("pairs", "test")
    matcher = TextMatcher(architecture="alignment").fit(_pairs(pairs.texts), pairs.labels)
    matched = matcher.explain(_pairs(held.texts), labels=held.labels)
    title = "A model of reviews on rows it has never seen"
    with tempfile.TemporaryDirectory() as folder:
        build_gallery(Path(folder), lang="en")
        model.export(Path(folder) / "live.html", title="Reviews", examples=_LIVE)
        live = (Path(folder) / "live.html").read_text("utf-8")
        gallery = (Path(folder) / PAGE).read_text("utf-8")
    report = attnpool.report(model, test.texts[0], test.labels, title=title, lang="en")
    made = (
        Shot(live, (".ask", "#one"), width=980, wait="#turn button"),
        Shot(to_html(both, lang="en"), (".keys", ".cards")),
        Shot(to_html(moved[:14], lang="en"), (".keys", ".cards"), unfold="text=Lines"),
        Shot(
            to_html(looked, lang="en"),
            (".keys", ".card"),
            width=900,
            unfold=".face > details > summary",
        ),
        Shot(
            to_html([matched[_drawn(matched, right=True)[0]]], lang="en"),
            (".keys", ".card"),
            width=720,
        ),
        Shot(report, width=1120, height=1200),
        Shot(report, ("#samples",), width=1120, height=1000),
        Shot(gallery, width=1120, height=1200),
    )
    return dict(zip(NAMES, made, strict=True))


def _pairs(texts: tuple[list[str], ...]) -> list[tuple[str, str]]:
    return list(zip(*texts, strict=True))


def _drawn(explanations: list[Explanation], *, right: bool) -> list[int]:
    """Rows answered right, or wrong, in an order that is drawn at random."""
    order = np.random.default_rng(0).permutation(len(explanations)).tolist()
    return [row for row in order if explanations[row].correct is right]


def photograph(pictures: dict[str, Shot]) -> None:
    """Write `docs/NAME.png` and `docs/NAME-dark.png` for each picture."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("the pictures need Chromium: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        # In a container Chromium has no sandbox to put its pages in.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, shot in pictures.items():
            file = Path(folder) / "page.html"
            file.write_text(shot.page, encoding="utf-8")
            for scheme, behind in (("light", ""), ("dark", "-dark")):
                page = browser.new_page(
                    viewport={"width": shot.width, "height": shot.height},
                    device_scale_factor=1.25,
                    color_scheme=scheme,
                    offline=True,
                )
                page.goto(file.as_uri())
                if shot.wait:
                    page.wait_for_selector(shot.wait)
                if shot.unfold:
                    page.click(shot.unfold)
                    page.mouse.move(0, 0)
                    page.evaluate("document.activeElement.blur()")
                image = page.screenshot(full_page=True, clip=_clip(page, shot))
                _write(DOCS / f"{name}{behind}.png", image)
                page.close()
        browser.close()


def _clip(page: Any, shot: Shot) -> dict[str, float]:
    """Where what is shown stands on the page, with a margin around it."""
    boxes = [page.locator(part).first.bounding_box() for part in shot.show]
    top = max(0, boxes[0]["y"] - MARGIN)
    high = boxes[-1]["y"] + boxes[-1]["height"] + MARGIN - top
    left = max(0, boxes[0]["x"] - MARGIN)
    wide = min(shot.width - left, boxes[0]["width"] + 2 * MARGIN)
    return {"x": left, "y": top, "width": wide, "height": min(high, shot.height)}


def _write(path: Path, image: bytes) -> None:
    """The picture in few bytes; all its colours stay as they are."""
    out = io.BytesIO()
    Image.open(io.BytesIO(image)).convert("RGB").save(out, "png", optimize=True)
    size = len(out.getvalue())
    if size > MOST_BYTES:
        sys.exit(f"{path.name} has {size:,} bytes, more than {MOST_BYTES:,}: show less of its page")
    path.write_bytes(out.getvalue())
    print(f"{path.relative_to(DOCS.parent)}  {size / 1e3:.0f} kB")


if __name__ == "__main__":
    photograph(shots())
