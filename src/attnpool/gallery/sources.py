"""The rows of the gallery: public files where they are found, else the bundled rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from attnpool.data import NAMED, NamedDataset, has_part, read
from attnpool.data.datasets.registry import part_file
from attnpool.data.demo_rows import load_demo
from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError
from attnpool.sanitize import printable
from attnpool.training.split import stratified_split

_DEEP = 3  # folders below the one given in which files are looked for
_TEST = 0.2


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from.

    Attributes:
        name: What the examples call them.
        bundled: The demo task that stands in for them.
        named: The public sets that they may be, the first found is taken.
        train: How many rows to train on at most.
        test: How many rows to hold out at most.
    """

    name: str
    bundled: str
    named: tuple[str, ...]
    train: int
    test: int


SOURCES = {
    source.name: source
    for source in (
        Source("titles", "titles", ("thucnews-titles", "thucnews-titles-10"), 20_000, 5_000),
        Source("sentiment", "sentiment", ("weibo-senti-100k",), 12_000, 3_000),
        Source("moods", "moods", ("simplifyweibo-4-moods",), 12_000, 3_000),
        Source("articles", "articles", ("cnews",), 1_500, 500),
        Source("hotel", "sentiment", ("hotel",), 6_000, 1_500),
        Source("pairs", "pairs", ("lcqmc",), 12_500, 4_000),
    )
}
"""The caps keep the whole page to some minutes on two cores."""


@dataclass(frozen=True, slots=True)
class GalleryRows:
    """Rows to train on, and rows held out, of which no text stands among the former.

    Attributes:
        name: A name for files; bundled rows have that of their task.
        origin: Where they come from, in words.
        bundled: Whether they are the bundled ones.
        available: How many rows there were before any cap.
        cleanup: What models of them leave out of every text.
        train: The items to train on: texts, or pairs of texts.
        train_labels: Their labels.
        test: The items held out.
        test_labels: Their labels.
        evidence: The words that carry the label of each test row, where they are known.
    """

    name: str
    origin: str
    bundled: bool
    available: int
    cleanup: tuple[str, ...]
    train: list[Any]
    train_labels: list[str]
    test: list[Any]
    test_labels: list[str]
    evidence: list[tuple[str, ...]] | None = None

    @property
    def used(self) -> int:
        """How many rows are trained on or held out."""
        return len(self.train) + len(self.test)


def load_rows(source: Source, folder: Path | None = None, most: int | None = None) -> GalleryRows:
    """The rows of a source.

    Args:
        source: Which.
        folder: Where public files are looked for; default: the bundled rows.
        most: How many rows to train on at most, and how many to hold out, if fewer than the
            source's own.

    Raises:
        InputError: A file was found and cannot be read.
    """
    caps = (source.train, source.test) if most is None else (min(source.train, most), most)
    for name in source.named if folder is not None else ():
        if folder is not None and (path := find_set(folder, NAMED[name])) is not None:
            return _original(source.name, path, NAMED[name], caps)
    return _bundled(source.bundled, caps)


def check_folder(folder: Path) -> None:
    """Refuse a folder in which no public set is found.

    Raises:
        InputError: There is no such folder, or nothing to use in it.
    """
    if not folder.is_dir():
        raise InputError(f"--data {folder}: no such folder; leave --data out for bundled rows")
    names = [NAMED[name] for source in SOURCES.values() for name in source.named]
    if not any(find_set(folder, named) for named in names):
        known = ", ".join(named.files.partition(",")[0] for named in names)
        raise InputError(
            f"--data {folder} holds no dataset that the gallery knows ({known}); "
            "leave --data out for bundled rows"
        )


def find_set(folder: Path, named: NamedDataset) -> Path | None:
    """The original file of a set in a folder or below it, or the folder that holds its files.

    Files that many sets have, such as train.txt, count in a folder called like the set, or
    beside the class.txt that only one set has.
    """
    if len(named.parts) == 1:
        name = named.parts["train"][0]
        return next((path for path in _below(folder, name) if path.is_file()), None)
    if named.name == "thucnews-titles-10":
        found = [path.parent for path in _below(folder, "class.txt")]
    elif named.name == "lcqmc":
        found = [path for name in ("LCQMC", "lcqmc") for path in _below(folder, name)]
        found += [folder] * (folder.resolve().name.lower() == "lcqmc")
    else:
        own = (name for name in named.parts["train"] if name.startswith(named.name))
        found = [path.parent for name in own for path in _below(folder, name)]
    return next((path for path in found if part_file(path, named, "train")), None)


def _below(folder: Path, name: str) -> list[Path]:
    """What is called so in a folder or a few below it, the highest first."""
    return [path for deep in range(_DEEP) for path in sorted(folder.glob("*/" * deep + name))]


def _bundled(task: str, caps: tuple[int, int]) -> GalleryRows:
    train, test = load_demo(task, "train"), load_demo(task, "test")
    return GalleryRows(
        name=task,
        origin=f"bundled rows, written for this project (“{task}”); figures on them say nothing "
        "about real text",
        bundled=True,
        available=len(train) + len(test),
        cleanup=(),
        train=_items(train.texts)[: caps[0]],
        train_labels=train.labels[: caps[0]],
        test=_items(test.texts)[: caps[1]],
        test_labels=test.labels[: caps[1]],
        evidence=test.evidence[: caps[1]],
    )


def _original(name: str, path: Path, named: NamedDataset, caps: tuple[int, int]) -> GalleryRows:
    """Rows of a public set: its own test rows where there are any, else some drawn by class."""
    items, labels = _read(path, named, "train")
    part = next((p for p in ("test", "validation") if has_part(path, named.name, p)), None)
    available = len(items)
    if part is not None:
        test, test_labels = _read(path, named, part)
        available += len(test)
        test, test_labels = _some(test, test_labels, caps[1])
    else:
        items, labels = _some(items, labels, round(caps[0] / (1 - _TEST)))
        numbers = {label: i for i, label in enumerate(sorted(set(labels)))}
        y = np.array([numbers[label] for label in labels], dtype=np.int64)
        kept, held = stratified_split(
            y, min(_TEST, caps[1] / len(items)), seed=0, keys=item_keys(items)
        )
        test, test_labels = _some([items[i] for i in held], [labels[i] for i in held], caps[1])
        items, labels = [items[i] for i in kept], [labels[i] for i in kept]
    seen = {text for item in test for text in _texts(item)}
    fresh = [i for i, item in enumerate(items) if seen.isdisjoint(_texts(item))]
    train, train_labels = _some([items[i] for i in fresh], [labels[i] for i in fresh], caps[0])
    file = path.name if path.is_file() else f"{path.resolve().name}/"
    return GalleryRows(
        name=name,
        origin=f"{named.name} ({printable(file)})",
        bundled=False,
        available=available,
        cleanup=named.cleanup,
        train=train,
        train_labels=train_labels,
        test=test,
        test_labels=test_labels,
    )


def _read(path: Path, named: NamedDataset, part: str) -> tuple[list[Any], list[str]]:
    rows = read(path, dataset=named.name, part=part, skip_bad_rows=True)
    return _items(tuple([printable(t) for t in side] for side in rows.texts)), rows.labels or []


def _items(sides: tuple[list[str], ...]) -> list[Any]:
    return sides[0] if len(sides) == 1 else list(zip(*sides, strict=True))


def _texts(item: Any) -> tuple[str, ...]:
    return (item,) if isinstance(item, str) else item


def _some(items: list[Any], labels: list[str], most: int) -> tuple[list[Any], list[str]]:
    """So many rows drawn at random, in their order; all where there are no more."""
    if len(items) <= most:
        return items, labels
    drawn = np.sort(np.random.default_rng(0).permutation(len(items))[:most]).tolist()
    return [items[i] for i in drawn], [labels[i] for i in drawn]
