"""`python -m benchmarks.deploy --data DIR`: all sets, or some.

`--only` without a set draws the page anew from its record.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from benchmarks.deploy import page
from benchmarks.deploy.contenders import Job
from benchmarks.deploy.environments import Environments
from benchmarks.deploy.measuring import measure
from benchmarks.deploy.scale import QUICK, Scale
from benchmarks.deploy.store import ROOT, Store
from benchmarks.sets import load
from benchmarks.speed.measuring import check_clock
from benchmarks.speed.report import machine


def main(arguments: list[str] | None = None) -> None:
    """Read the options, measure the sets in turn, and write the page after each."""
    asked = _options(arguments)
    environments, bases = Environments(asked.environments), Store(asked.cache)
    docs, store, scale = asked.docs, bases, Scale()
    if asked.quick:
        docs, scale = _elsewhere(docs), QUICK
        store = Store(docs / "models")
    found = page.read(docs)
    if asked.only:
        check_clock()
        found["installed"] = environments.installed()
    for name in asked.only:
        split = scale.cut(load(name, asked.data))
        measured = measure(Job(split, scale, store, bases), environments)
        found["sets"][name] = measured | {"machine": machine()}
        page.write(docs, found)
        print(f"\n{name}\n\n{page.tables(found)[name]}", flush=True)
    page.write(docs, found)
    print(f"\n{page.tables(found)['targets']}", flush=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.deploy", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public files")
    parser.add_argument("--only", nargs="*", choices=page.SETS, default=page.SETS)
    parser.add_argument("--quick", action="store_true", help="few rows, in build/")
    parser.add_argument("--environments", type=Path, default=ROOT / ".venv-deploy")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "deploy")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where deploy.md is")
    return parser.parse_args(arguments)


def _elsewhere(docs: Path) -> Path:
    """A folder for runs on a few rows, which must not be taken for results."""
    folder = ROOT / "build" / "deploy"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(docs / "deploy.md", folder)
    return folder


if __name__ == "__main__":
    main()
