"""`make results`: accuracy on real data, beside what people would use instead, to docs/results.md.

Five seeds, the same split for all, everything in one run. The seeds change the models, not the
split; the test rows were set aside by a fixed draw and nothing was tuned on them.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

from benchmarks.contenders import CONTENDERS, FIXED
from benchmarks.sets import SETS, load

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SEEDS = 5


def measure(names: list[str], folder: Path) -> dict[str, dict]:
    found = {}
    for name in names:
        split = load(name, folder)
        found[name] = {"title": split.title, "rows": split.rows, "contenders": {}}
        for contender, run in CONTENDERS.items():
            runs = [run(split, seed) for seed in range(1 if contender in FIXED else SEEDS)]
            accuracies, seconds = zip(*runs, strict=True)
            found[name]["contenders"][contender] = {
                "accuracy": statistics.mean(accuracies),
                "sd": statistics.stdev(accuracies) if len(runs) > 1 else None,
                "seconds": statistics.median(seconds),
            }
            print(name, contender, found[name]["contenders"][contender], flush=True)
    return found


def table(found: dict[str, dict]) -> str:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=SETS, default=list(SETS))
    options = parser.parse_args()
    record = DOCS / "results.json"
    found = json.loads(record.read_text("utf-8")) if record.exists() else {}
    found |= measure(options.only, options.data)
    found = {name: found[name] for name in SETS if name in found}
    record.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page = DOCS / "results.md"
    before, _, rest = page.read_text("utf-8").partition("<!-- table -->\n")
    after = rest.partition("<!-- end of table -->")[2]
    page.write_text(
        f"{before}<!-- table -->\n{table(found)}\n<!-- end of table -->{after}", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
