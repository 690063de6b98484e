"""`python -m benchmarks.streamed --data FOLDER`: training in windows beside training in memory.

The titles of docs/results.md, split as there; five seeds. The rows are written to Parquet files and
read in windows of a fifth of them at most. To docs/streamed.json and docs/training-on-many-rows.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

import attnpool.data
from attnpool import TextClassifier
from benchmarks.results import DOCS, SEEDS, between
from benchmarks.sets import Split, load

SET = "thucnews-titles"
WINDOW = 10_000
PARTS = 4
WAYS = {"streamed": "in windows", "memory": "in memory"}


def write_parts(split: Split, folder: Path) -> None:
    """The training rows as a folder of Parquet files, sorted by class: the hardest order."""
    texts, labels = split.train
    table = pl.DataFrame({"text": texts, "label": labels}).sort("label")
    size = -(-len(table) // PARTS)
    for number in range(PARTS):
        table[number * size : (number + 1) * size].write_parquet(folder / f"part-{number}.parquet")


def trained(way: str, split: Split, parts: Path, seed: int) -> tuple[TextClassifier, float]:
    """A model, and the seconds that it took."""
    model = TextClassifier(cleanup=split.cleanup, seed=seed)
    began = time.perf_counter()
    if way == "memory":
        model.fit(*split.train)
    else:
        model.fit_stream(attnpool.data.stream(parts), window=WINDOW)
    return model, time.perf_counter() - began


def measure(split: Split, found: dict, record: Path) -> dict:
    """The accuracy of each way and seed; written after each, as the whole takes long."""
    with tempfile.TemporaryDirectory() as folder:
        write_parts(split, Path(folder))
        for way in WAYS:
            for seed in range(SEEDS):
                runs = found.setdefault(way, {})
                if str(seed) in runs:
                    continue
                model, seconds = trained(way, split, Path(folder), seed)
                right = np.array(model.predict(split.test[0])) == np.array(split.test[1])
                runs[str(seed)] = {"accuracy": float(right.mean()), "seconds": seconds}
                found["windows"] = model.metrics_.get("stream", found).get("windows")
                print(way, seed, runs[str(seed)], flush=True)
                record.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def table(found: dict) -> str:
    lines = ["| training | accuracy, five seeds | each | seconds |", "|---|---|---|---|"]
    for way, title in WAYS.items():
        runs = [found[way][seed] for seed in sorted(found.get(way, {}))]
        if len(runs) < 2:
            continue
        accuracies = [run["accuracy"] for run in runs]
        mean, sd = statistics.mean(accuracies), statistics.stdev(accuracies)
        each = ", ".join(f"{accuracy:.4f}" for accuracy in accuracies)
        took = statistics.median(run["seconds"] for run in runs)
        lines.append(f"| {title} | {mean:.4f} ± {sd:.4f} | {each} | {took:.0f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    record = DOCS / "streamed.json"
    found = json.loads(record.read_text("utf-8")) if record.exists() else {}
    found = measure(load(SET, options.data), found, record)
    page = DOCS / "training-on-many-rows.md"
    text = between(page.read_text("utf-8"), "table", table(found))
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
