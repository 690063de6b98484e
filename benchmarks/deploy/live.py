"""`python -m benchmarks.deploy.live --data DIR`: the live page in Chromium, on all test rows."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from attnpool import TextClassifier, TextMatcher
from benchmarks.deploy import page
from benchmarks.deploy.contenders import Job, code, versions, whole
from benchmarks.deploy.scale import QUICK, Scale
from benchmarks.deploy.store import ROOT, Store
from benchmarks.matching_sets import lcqmc
from benchmarks.sets import Split, load
from benchmarks.speed.report import machine

PAIRS = "lcqmc"
SETS = ("hotel", "sst2", PAIRS)
_OPENED, _KEYS, _LENGTH = 7, 200, 300  # times; keystrokes; characters
_ANSWERS = """async (items) => {
  const boxes = [...document.querySelectorAll("textarea")], found = [];
  for (const texts of items) {
    boxes.forEach((box, side) => { box.value = texts[side]; });
    boxes[boxes.length - 1].dispatchEvent(new Event("input"));
    await new Promise(requestAnimationFrame);
    const whole = document.querySelectorAll("#reading button")[1];
    if (!document.querySelector("#reading").hidden && whole.ariaPressed !== "true") whole.click();
    found.push(document.querySelector("#bars .row").dataset.name);
  }
  return found;
}"""
# From the first callback of the frame to the end of its layout: all that a key costs. Every other
# key waits until the search for what would change the answer has begun.
_STROKES = """async ([text, keys]) => {
  const box = document.querySelector("#text"), spent = [];
  const frame = (call) => new Promise((done) => requestAnimationFrame(() => done(call())));
  for (let key = 0; key < keys; key += 1) {
    box.value = text.slice(0, -1 - (key % 7)) + text.slice(-(key % 11) - 1);
    const began = frame(() => performance.now());
    box.dispatchEvent(new Event("input"));
    const ended = frame(() => {
      document.body.offsetHeight;
      return performance.now();
    });
    spent.push((await ended) - (await began));
    await new Promise((done) => setTimeout(done, key % 2 ? 200 : 20));
  }
  const marks = document.querySelectorAll("#before mark").length;
  return { spent, marks };
}"""
_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  if (paint) done(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""


def main(arguments: list[str] | None = None) -> None:
    """Measure the page of each set, and write docs/deploy.md after each."""
    asked = _options(arguments)
    scale = QUICK if asked.quick else Scale()
    found = page.read(asked.docs)
    for name in asked.only:
        split = _pairs(asked.data) if name == PAIRS else load(name, asked.data)
        job = Job(scale.cut(split), scale, Store(asked.cache), Store(asked.cache))
        found.setdefault("live", {})[name] = measure(job) | {"machine": machine()}
        page.write(asked.docs, found)
        print(name, found["live"][name], flush=True)


def measure(job: Job) -> dict[str, Any]:
    """The page of the default size: bytes, answers, first paint and keystrokes."""
    from playwright.sync_api import sync_playwright

    pairs, items = job.split.name == PAIRS, job.split.test[0]
    model = TextMatcher.load(_matcher(job)) if pairs else TextClassifier.load(whole(job))
    texts = [pair[0] for pair in items] if pairs else items
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "live.html"
        model.export(file)
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        paints = []
        for _ in range(_OPENED):
            opened = browser.new_page()
            opened.goto(file.as_uri(), timeout=120_000)
            opened.wait_for_selector("main:not([hidden])", timeout=120_000)
            paints.append(opened.evaluate(_PAINT))
        asked = items if pairs else [[text] for text in items]
        answers = np.array(opened.evaluate(_ANSWERS, asked))
        long = "".join(texts)[:_LENGTH].replace("\n", " ")
        keys = opened.evaluate(_STROKES, [long, _KEYS])
        browser.close()
        size = file.stat().st_size
    return {
        "title": job.split.title,
        "bytes": size,
        "test": len(items),
        "alike": int((answers == model.predict(items).astype(str)).sum()),
        "first_paint_ms": float(np.median(paints[1:])),
        "keystroke_ms": float(np.percentile(keys["spent"], 95)),
        "keystroke_median_ms": float(np.median(keys["spent"])),
        "keystroke_tokens": int(keys["marks"]),
    }


def _pairs(data: Path) -> Split:
    """LCQMC, whose rows are pairs of questions."""
    pairs: Any = lcqmc(data)
    return Split(PAIRS, pairs.title, pairs.rows, pairs.train, pairs.test, ())


def _matcher(job: Job) -> Path:
    def write(folder: Path) -> None:
        TextMatcher().fit(*job.split.train).save(folder / "model")

    depends = [code("src/attnpool/**/*.py"), versions("numpy", "torch")]
    return job.make("siamese", depends, write) / "model"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.deploy.live", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public files")
    parser.add_argument("--only", nargs="*", choices=SETS, default=SETS)
    parser.add_argument("--quick", action="store_true", help="few rows")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "deploy")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where deploy.md is")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
