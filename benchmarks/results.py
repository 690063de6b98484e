"""`make results`: accuracy on real data, beside what people would use instead, to docs/results.md.

Five seeds, the same split for all, everything in one run. The seeds change the models, not the
split; the test rows were set aside by a fixed draw and nothing was tuned on them.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

import numpy as np

from attnpool.explain.faithfulness.bootstrap import bootstrap
from benchmarks import ablation, matching
from benchmarks.contenders import CONTENDERS, FIXED
from benchmarks.sets import SETS, load

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SEEDS = 5
OURS = "attnpool"
POOLINGS = "poolings"


def measure(name: str, folder: Path) -> dict:
    """What is to be recorded of one set: every contender, and how far attnpool is ahead of it."""
    split = load(name, folder)
    found: dict = {"title": split.title, "rows": split.rows, "contenders": {}}
    ours = np.zeros(0)
    for contender, run in CONTENDERS.items():
        runs = [run(split, seed) for seed in range(1 if contender in FIXED else SEEDS)]
        rights, seconds = zip(*runs, strict=True)
        accuracies = [float(right.mean()) for right in rights]
        # How often each test row was right, over the seeds.
        often = np.mean(rights, axis=0)
        ours = often if contender == OURS else ours
        found["contenders"][contender] = {
            "accuracy": statistics.mean(accuracies),
            "sd": statistics.stdev(accuracies) if len(runs) > 1 else None,
            "seconds": statistics.median(seconds),
            "ahead": None if contender == OURS else bootstrap(ours - often, draws=10_000)._asdict(),
        }
        print(name, contender, found["contenders"][contender], flush=True)
    return found


def table(found: dict[str, dict]) -> str:
    """The rows of the page: a line for each set."""
    head = "| data | rows: train / test | " + " | ".join(CONTENDERS) + " |"
    lines = [head, "|" + "---|" * (2 + len(CONTENDERS))]
    for of in found.values():
        cells = []
        for contender in CONTENDERS:
            one = of["contenders"][contender]
            spread = "" if one["sd"] is None else f" ± {one['sd']:.3f}"
            took = f", {one['seconds']:.0f} s" if one["seconds"] >= 0.5 else ""
            cells.append(f"{one['accuracy']:.3f}{spread}{took}")
        lines.append(f"| {of['title']} | {of['rows']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def ahead(found: dict[str, dict]) -> str:
    """How far attnpool is ahead of whom, in accuracy, with the interval over test rows."""
    rivals = [name for name in CONTENDERS if name not in (OURS, "majority class")]
    lines = ["| attnpool less | " + " | ".join(rivals) + " |", "|" + "---|" * (1 + len(rivals))]
    for of in found.values():
        cells = [_interval(of["contenders"][rival].get("ahead")) for rival in rivals]
        lines.append(f"| {of['title']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _interval(one: dict[str, float] | None) -> str:
    return f"{one['mean']:+.3f} [{one['low']:+.3f}, {one['high']:+.3f}]" if one else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    every = [*SETS, *matching.MATCHING, POOLINGS]
    parser.add_argument("--only", nargs="*", choices=every, default=every)
    parser.add_argument("--pooled", nargs="*", choices=ablation.SETS, default=ablation.SETS)
    parser.add_argument("--contender", nargs="*", choices=matching.CONTENDERS, default=[])
    options = parser.parse_args()
    record = DOCS / "results.json"
    found = json.loads(record.read_text("utf-8")) if record.exists() else {}
    for name in options.only:
        if name in SETS:
            found[name] = measure(name, options.data)
        elif name == POOLINGS:
            for one in options.pooled:
                found.setdefault(name, {})[one] = ablation.measure(one, options.data)
        else:
            before = found.get(name, {})
            found[name] = matching.measure(name, options.data, options.contender, before)
        # After every set: the whole takes long.
        found = {name: found[name] for name in every if name in found}
        write(record, found)


def write(record: Path, found: dict[str, dict]) -> None:
    record.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page = DOCS / "results.md"
    text = page.read_text("utf-8")
    sets = {name: found[name] for name in SETS if name in found}
    text = between(text, "table", table(sets))
    text = between(text, "ahead", ahead(sets))
    text = between(text, "matching", matching.table(found))
    text = between(text, POOLINGS, ablation.table(found.get(POOLINGS, {})))
    page.write_text(text, encoding="utf-8")


def between(page: str, name: str, part: str) -> str:
    """The page with a new part between `<!-- name -->` and `<!-- end of name -->`."""
    before, start, rest = page.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- end of {name} -->")
    if not start or not end:
        raise ValueError(f"the page has no place called {name}")
    return f"{before}{start}{part}\n{end}{after}"


if __name__ == "__main__":
    main()
