"""`python -m benchmarks.deploy.live --data DIR`: the live page in Chromium, on all test rows."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from attnpool import TextClassifier
from benchmarks.deploy import page
from benchmarks.deploy.contenders import Job, whole
from benchmarks.deploy.scale import QUICK, Scale
from benchmarks.deploy.store import ROOT, Store
from benchmarks.sets import load
from benchmarks.speed.report import machine

SETS = ("hotel", "sst2")
_OPENED, _KEYS, _LENGTH = 7, 200, 300  # times; keystrokes; characters
_ANSWERS = """async (texts) => {
  const box = document.querySelector("#text"), found = [];
  for (const text of texts) {
    box.value = text;
    box.dispatchEvent(new Event("input"));
    await new Promise(requestAnimationFrame);
    const whole = document.querySelectorAll("#reading button")[1];
    if (!document.querySelector("#reading").hidden && whole.ariaPressed !== "true") whole.click();
    found.push(document.querySelector("#bars bdi").textContent);
  }
  return found;
}"""
# From the beginning of the frame to the end of its layout: all that a keystroke waits for.
_STROKES = """async ([text, keys]) => {
  const box = document.querySelector("#text"), spent = [];
  for (let key = 0; key < keys; key += 1) {
    box.value = text.slice(0, -1 - (key % 7)) + text.slice(-(key % 11) - 1);
    box.dispatchEvent(new Event("input"));
    spent.push(await new Promise((done) => requestAnimationFrame((began) => {
      document.body.offsetHeight;
      done(performance.now() - began);
    })));
    await new Promise((done) => setTimeout(done, 20));
  }
  return spent;
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
        job = Job(scale.cut(load(name, asked.data)), scale, Store(asked.cache), Store(asked.cache))
        found.setdefault("live", {})[name] = measure(job) | {"machine": machine()}
        page.write(asked.docs, found)
        print(name, found["live"][name], flush=True)


def measure(job: Job) -> dict[str, Any]:
    """The page of the default size: bytes, answers, first paint and keystrokes."""
    from playwright.sync_api import sync_playwright

    model, texts = TextClassifier.load(whole(job)), job.split.test[0]
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
        answers = np.array(opened.evaluate(_ANSWERS, texts))
        long = "".join(texts)[:_LENGTH].replace("\n", " ")
        strokes = opened.evaluate(_STROKES, [long, _KEYS])
        browser.close()
        size = file.stat().st_size
    return {
        "title": job.split.title,
        "bytes": size,
        "test": len(texts),
        "alike": int((answers == model.predict(texts)).sum()),
        "first_paint_ms": float(np.median(paints[1:])),
        "keystroke_ms": float(np.percentile(strokes, 95)),
        "keystroke_median_ms": float(np.median(strokes)),
    }


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
