"""`python -m benchmarks.trust --data DIR`: all parts, or some."""

from __future__ import annotations

import argparse
import hashlib
import os
from pathlib import Path

from benchmarks.trust.plan import FULL, PARTS, Plan
from benchmarks.trust.run_cache import Runs
from benchmarks.trust.variants import VARIANTS

ROOT = Path(__file__).parents[2]


def state_of_the_code() -> str:
    """What tells this code from any other: a run is kept for the code that made it."""
    digest = hashlib.sha256()
    for folder in ("src/attnpool", "benchmarks"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def main(arguments: list[str] | None = None) -> None:
    """Read the options, and run the parts in turn."""
    parser = argparse.ArgumentParser(prog="benchmarks.trust", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public files")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--variant", nargs="*", choices=VARIANTS, default=[], help="of models")
    parser.add_argument("--texts", type=int, default=FULL, help="how many held rows to ask about")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--again", action="store_true", help="measure anew what is kept")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="models at once")
    parser.add_argument("--runs", type=Path, default=ROOT / "build" / "trust")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where trust.md is")
    asked = parser.parse_args(arguments)
    runs = Runs(asked.runs / state_of_the_code(), asked.again)
    plan = Plan(asked.data, asked.docs, runs, asked.texts, asked.seeds, asked.jobs)
    for part in PARTS:
        if part in asked.only:
            plan.run(part, asked.variant)


if __name__ == "__main__":
    main()
