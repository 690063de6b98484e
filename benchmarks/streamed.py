"""`python -m benchmarks.streamed --data FOLDER`: training in windows beside training in memory.

Accuracy on the titles of docs/results.md, split as there; five seeds. The rows are written to
Parquet files and read in windows of a fifth of them at most. Then the peak of memory for rows and
for five times as many, each made of two titles. To docs/streamed.json and
docs/training-on-many-rows.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
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
ROWS = (100_000, 500_000)
OF_MEMORY = {"window": 20_000, "sample": 20_000}


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


def write_pairs(split: Split, folder: Path, rows: int) -> None:
    """Rows of two titles each, with the class of the first, in parts of 50,000."""
    draw = np.random.default_rng(0)
    texts, labels = split.train
    for part in range(rows // 50_000):
        first, second = draw.integers(len(texts), size=(2, 50_000)).tolist()
        table = pl.DataFrame(
            {
                "text": [f"{texts[i]} {texts[j]}" for i, j in zip(first, second, strict=True)],
                "label": [labels[i] for i in first],
            }
        )
        table.write_parquet(folder / f"part-{part:03}.parquet")


def peak(way: str, parts: Path) -> float:
    """The most memory that a process held which trained for one epoch, in MiB."""
    command = [sys.executable, "-m", "benchmarks.streamed", "--one", way, str(parts)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def train_once(way: str, parts: Path) -> None:
    # The linear part takes the same rows either way, and would hide what is measured.
    model = TextClassifier(dim=32, linear=False, epochs=1, refit=False)
    rows = attnpool.data.stream(parts)
    if way == "memory":
        read = rows.read()
        model.fit(read.texts[0], read.labels)
    else:
        model.fit_stream(rows, **OF_MEMORY)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure_memory(split: Split, found: dict, record: Path) -> dict:
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            write_pairs(split, Path(folder), rows)
            for way in WAYS:
                peaks = found.setdefault("peak", {}).setdefault(way, {})
                if str(rows) not in peaks:
                    peaks[str(rows)] = peak(way, Path(folder))
                    print("peak", way, rows, peaks[str(rows)], flush=True)
                    record.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def memory_table(found: dict) -> str:
    head = " | ".join(f"{rows:,} rows" for rows in ROWS)
    lines = [f"| most memory in training | {head} |", "|---|---|---|"]
    for way, title in WAYS.items():
        peaks = found.get("peak", {}).get(way, {})
        cells = [f"{peaks[str(rows)]:,.0f} MiB" if str(rows) in peaks else "" for rows in ROWS]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def table(found: dict) -> str:
    lines = ["| training | accuracy | each seed |", "|---|---|---|"]
    for way, title in WAYS.items():
        runs = [found[way][seed] for seed in sorted(found.get(way, {}))]
        if len(runs) < 2:
            continue
        accuracies = [run["accuracy"] for run in runs]
        mean, sd = statistics.mean(accuracies), statistics.stdev(accuracies)
        each = ", ".join(f"{accuracy:.4f}" for accuracy in accuracies)
        lines.append(f"| {title} | {mean:.4f} ± {sd:.4f} | {each} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", choices=("accuracy", "memory"))
    parser.add_argument("--one", nargs=2, metavar=("WAY", "PARTS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        train_once(options.one[0], Path(options.one[1]))
        return
    record = DOCS / "streamed.json"
    found = json.loads(record.read_text("utf-8")) if record.exists() else {}
    split = load(SET, options.data)
    if options.only != "memory":
        found = measure(split, found, record)
    if options.only != "accuracy":
        found = measure_memory(split, found, record)
    page = DOCS / "training-on-many-rows.md"
    text = between(page.read_text("utf-8"), "table", table(found))
    text = between(text, "memory", memory_table(found))
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
