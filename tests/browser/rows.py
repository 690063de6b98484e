"""A made-up corpus as large as wanted; run as a script it writes the page and tells the time."""

import json
import sys
import time
from pathlib import Path

import numpy as np

from attnpool.explanation import Explanation, Side

LABELS = ("正面", "负面", "中性")
WORDS = "房间很干净早餐好喝可惜隔音太差半夜能听见隔壁打鼾下次还会再来的服务员热情周到位置方便，。"


def corpus(rows, seed=0):
    """Rows as long as reviews are, with four heads, one in eight wrong."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(rows):
        length = int(np.clip(rng.lognormal(4.5, 0.8), 4, 2000))
        letters = rng.choice(list(WORDS), length)
        text = f"{number}号{''.join(letters)}"
        weights = rng.dirichlet(np.full(len(text), 0.3), size=4).astype(np.float32)
        spans = np.stack([np.arange(len(text)), np.arange(1, len(text) + 1)], axis=1)
        values = weights.mean(axis=0) * rng.choice([-1, 1], len(text))
        shares = rng.dirichlet((6.0, 1.0, 1.0))[rng.permutation(3)]
        answer = int(shares.argmax())
        true = answer if rng.random() < 0.875 else int(rng.integers(3))
        side = Side(text, spans, weights, values, len(text))
        made.append(
            Explanation(
                "classify", (side,), LABELS, shares, LABELS[answer], LABELS[answer],
                "contribution", label=LABELS[true],
            )
        )  # fmt: skip
    return made


if __name__ == "__main__":
    from attnpool.view.report import to_report

    made = corpus(int(sys.argv[1]))
    began, worked = time.perf_counter(), time.process_time()
    page = to_report(made, lang="en")
    spent = time.perf_counter() - began, time.process_time() - worked
    Path(sys.argv[2]).write_text(page, encoding="utf-8")
    sys.stdout.write(json.dumps(spent))


def ready(page):
    page.wait_for_selector("[data-ready]", timeout=30_000)
    return page


def shown(page):
    """The rows drawn; the last of them are drawn a moment after the first."""
    page.evaluate("new Promise((done) => setTimeout(() => setTimeout(done)))")
    return page.locator(".sample").count()
