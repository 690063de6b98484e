"""Models of every kind, by name, and what they answer."""

import os
from pathlib import Path

import pytest
from tests.skips import NO_RAY

pytest.importorskip("pyarrow", reason=NO_RAY)
pytest.importorskip("ray.data", reason=NO_RAY)

import pyarrow as pa
import pyarrow.parquet as pq
import ray

import attnpool
from attnpool.bulk import Predictor

ROWS = {
    "房间干净": "好",
    "服务热情周到": "好",
    "隔音太差": "差",
    "态度恶劣": "差",
    "位置很好很安静": "好",
    "早餐太差了，不会再来": "差",
}
TEXTS = [*ROWS, "", None, "不知道🙂", "\x1b[31m房间", "café au lait"]
PAIRS = [("房间干净", "很干净"), ("隔音太差", "太吵"), ("", "好"), (None, None), ("a b", "b a")]
COMPACT = "compact.safetensors"
MODELS = (COMPACT, "folder", "one_head.safetensors", "pairs", "triplet", "label")


def fill(folder):
    """Train the models into a folder."""
    texts, labels = [*ROWS] * 4, [*ROWS.values()] * 4
    model = attnpool.TextClassifier(epochs=3, seed=0).fit(texts, labels)
    model.save(folder / "folder")
    model.export(folder / COMPACT)
    attnpool.TextClassifier(epochs=1, seed=0, heads=1).fit(texts, labels).export(
        folder / "one_head.safetensors"
    )
    pairs = [(text, f"很{text}") for text in texts]
    same = [label == "好" for label in labels]
    for name, params in (
        ("pairs", {}),
        ("triplet", {"architecture": "triplet"}),
        ("label", {"architecture": "label"}),
    ):
        matcher = attnpool.TextMatcher(epochs=1, seed=0, **params)
        matcher.fit(texts if name == "label" else pairs, labels if name == "label" else same)
        matcher.save(folder / name)


def rows(name, count):
    """So many rows for a model, with columns that numpy would change."""
    two = name in ("pairs", "triplet")
    items = PAIRS if two else TEXTS
    made = [
        {
            "id": i,
            "maybe": None if i % 3 else i,
            "tags": [str(i)] * (i % 3),
            **(dict(zip("ab", items[i % len(items)], strict=True)) if two else {}),
            **({} if two else {"text": items[i % len(items)]}),
        }
        for i in range(count)
    ]
    return made, (["a", "b"] if two else "text")


def table(made):
    """The rows as a table whose columns have the types that they should."""
    return pa.Table.from_pylist(made)


def answered_here(path, made, text, **options):
    """What the predictor answers in this process: a dictionary for each row."""
    names = [text] if isinstance(text, str) else text
    columns = {name: [row[name] for row in made] for name in names}
    found = Predictor(path, text=text, **options)(columns)
    added = {name: column for name, column in found.items() if name not in columns}
    return [
        row | {name: as_list(column[i]) for name, column in added.items()}
        for i, row in enumerate(made)
    ]


def as_list(value):
    return value.tolist() if hasattr(value, "tolist") else value


def workers_of_ray():
    """The processes of actors that descend from this process, by their title."""
    found, parents = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                title = (folder / "cmdline").read_bytes().decode(errors="replace")
                status = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(status[1])
            if title.startswith("ray::") and "MapWorker" in title and status[0] != "Z":
                found[int(folder.name)] = title
    return {pid for pid in found if os.getpid() in ancestors(pid, parents)}


def ancestors(pid, parents):
    while pid := parents.get(pid, 0):
        yield pid


__all__ = [
    "COMPACT",
    "MODELS",
    "ROWS",
    "answered_here",
    "fill",
    "pa",
    "pq",
    "ray",
    "rows",
    "table",
    "workers_of_ray",
]
