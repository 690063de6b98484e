"""`make bench`: measure, print the tables, and write BENCHMARKS.md and docs/benchmarks.json."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.speed import answering, explaining, growth, memory, profile, report, training
from benchmarks.speed.measuring import check_clock
from benchmarks.speed.run import Run
from benchmarks.speed.scale import QUICK, Scale

PARTS: dict[str, Callable[[Run], dict]] = {
    "training": training.measure,
    "prediction": answering.prediction,
    "single": answering.single,
    "explaining": explaining.measure,
    "memory": memory.measure,
    "growth": growth.measure,
    "profile": profile.measure,
}


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    scale = QUICK if options.quick else Scale()
    if options.rounds:
        slow = min(options.rounds, scale.slow_rounds)
        scale = replace(scale, rounds=options.rounds, slow_rounds=slow)
    check_clock()
    run = Run(options.data, scale)
    written = not options.quick
    kept = json.loads(report.RECORD.read_text("utf-8")) if report.RECORD.exists() else {}
    found = kept if written else {}
    for part in options.only:
        found[part] = PARTS[part](run) | {"machine": report.machine()}
        found = {name: found[name] for name in PARTS if name in found}
        if written:  # after every part: the whole takes long
            report.save(report.RECORD, report.PAGE, found)
        print(f"\n{part}\n\n{report.tables(found)[part]}", flush=True)
    made = report.tables(found)
    if "summary" in made:
        print(f"\n{run.rows.title}\n\n{made['summary']}")
    if not written:
        print("\nToo little was measured to mean anything, so nothing was written.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the real rows; bundled ones without")
    parser.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--rounds", type=int, help="rounds of the quick jobs")
    parser.add_argument("--quick", action="store_true", help="as little as shows that all runs")
    return parser


if __name__ == "__main__":
    main()
