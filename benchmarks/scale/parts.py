"""What is measured: each part gives a record for docs/scale.json."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from attnpool import TextClassifier
from benchmarks.scale.measuring import measured
from benchmarks.sets import Split

RAY = Path(".venv-ray/bin/python")
_REPETITIONS = 3


@dataclass(frozen=True)
class Setting:
    """Where and on what is measured.

    Attributes:
        folder: Where files are written.
        split: The titles.
        divisor: What numbers of rows are divided by.
    """

    folder: Path
    split: Split
    divisor: int

    @property
    def model(self) -> Path:
        """The compact model."""
        return self.folder / "model.safetensors"

    def rows(self, count: int) -> list[tuple[int, str, str]]:
        """So many rows: the number, a text made of titles, its class."""
        random, (texts, labels) = Random(0), self.split.train
        found = []
        for number in range(count // self.divisor):
            at = random.randrange(len(texts))
            cut = random.randrange(4, max(5, len(texts[at]) + 1))
            other = random.choice(texts)[: random.randrange(6)]
            found.append((number, texts[at][:cut] + other, labels[at]))
        return found

    def table(self, count: int) -> Path:
        """A CSV file of so many rows."""
        path = self.folder / f"{count}.csv"
        if not path.exists():
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(("id", "text", "label"))
                writer.writerows(self.rows(count))
        return path

    def predict(self, count: int, *options: object, python: str | None = None) -> dict[str, float]:
        """Run `predict` on so many rows."""
        out = self.folder / "out.parquet"
        words = ("predict", self.model, self.table(count), "-o", out, "--overwrite", *options)
        found = measured("attnpool", *words, python=python)
        return {
            **found,
            "rows": count // self.divisor,
            "bytes in": self.table(count).stat().st_size,
            "bytes out": out.stat().st_size,
        }


def write_model(setting: Setting) -> None:
    """Train a model on the titles, and export it."""
    model = TextClassifier(cleanup=setting.split.cleanup, epochs=5)
    model.fit(*setting.split.train)
    model.export(setting.model)


def memory(setting: Setting) -> dict[str, Any]:
    """Half a million rows and five millions, with and without explanations."""
    return {
        f"{name} {count}": setting.predict(count, *options)
        for name, options in (("predict", ()), ("explain", ("--explain",)))
        for count in (500_000, 5_000_000)
    }


def reading(setting: Setting) -> dict[str, Any]:
    """What one process reads, whatever others do with it."""
    count = 1_000_000
    runs = [measured("benchmarks.scale.read", setting.table(count)) for _ in range(_REPETITIONS)]
    return {**_median(runs), "rows": count // setting.divisor}


def workers(setting: Setting) -> dict[str, Any]:
    """One process and two, in turns."""
    runs: dict[str, list[dict[str, float]]] = {"1": [], "2": []}
    for _ in range(_REPETITIONS):
        for count, found in runs.items():
            found.append(setting.predict(1_000_000, "--explain", "--workers", count))
    return {count: _median(found) for count, found in runs.items()}


def ray(setting: Setting) -> dict[str, Any]:
    """The local engine and Ray with two processes each, in turns; needs `make test-ray`."""
    if not RAY.exists():
        raise SystemExit("make test-ray sets up what this needs")
    runs: dict[str, list[dict[str, float]]] = {"local": [], "ray": []}
    out = f"{setting.folder}/parts/"
    for _ in range(_REPETITIONS):
        for engine, found in runs.items():
            words = ("predict", setting.model, setting.table(1_000_000), "-o", out, "--overwrite")
            more = ("--engine", engine, "--workers", 2, "--output-format", "parquet")
            found.append(measured("attnpool", *words, *more, python=str(RAY)))
    return {engine: _median(found) for engine, found in runs.items()}


def training(setting: Setting) -> dict[str, Any]:
    """Two million rows of Parquet: streamed, and in memory; both tried on the test titles."""
    folder = setting.folder / "training"
    folder.mkdir(exist_ok=True)
    rows = setting.rows(2_000_000)
    step = -(-len(rows) // 8)
    for part in range(8):
        table = pl.DataFrame(
            rows[part * step : (part + 1) * step], ("id", "text", "label"), orient="row"
        )
        table.drop("id").write_parquet(folder / f"part-{part}.parquet")
    del rows
    found = {}
    for way in ("stream", "memory"):
        out = setting.folder / way
        run = measured("benchmarks.scale.train", way, folder, out)
        accuracy = TextClassifier.load(out).score(*setting.split.test)
        found[way] = {**run, "accuracy": accuracy}
    return found


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


PARTS: dict[str, Callable[[Setting], dict[str, Any]]] = {
    "memory": memory,
    "reading": reading,
    "workers": workers,
    "ray": ray,
    "training": training,
}
