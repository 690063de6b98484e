"""`python -m benchmarks.scale --data FOLDER`: rebuilds docs/scale.md (see `make scale`).

Texts are titles of docs/results.md, cut and joined at random so that few are equal. Commands are
run as a user would; the memory is the most that a command and all processes that it starts held
together, looked at ten times a second. Figures that were not measured anew stay.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.results import DOCS, between
from benchmarks.scale.page import tables
from benchmarks.scale.parts import PARTS, Setting, write_model
from benchmarks.sets import load

SET = "thucnews-titles"


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--quick", action="store_true", help="hundredths of the rows; not written")
    options = parser.parse_args()
    record = DOCS / "scale.json"
    found = json.loads(record.read_text("utf-8")) if record.exists() else {}
    split = load(SET, options.data)
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(Path(folder), split, 100 if options.quick else 1)
        write_model(setting)
        for name in [options.only] if options.only else PARTS:
            found[name] = PARTS[name](setting)
            print(name, json.dumps(found[name], indent=1), flush=True)
            if not options.quick:
                record.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.quick:
        return
    page = DOCS / "scale.md"
    text = page.read_text("utf-8")
    for name, table in tables(found).items():
        text = between(text, name, table)
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
