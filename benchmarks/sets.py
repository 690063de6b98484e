"""The real data sets, each with the rows nothing is ever tuned on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.model_selection import train_test_split

from attnpool.data import NAMED, read
from attnpool.text import Cleanup


@dataclass(frozen=True, eq=False)
class Split:
    name: str
    title: str
    rows: str
    train: tuple[list[str], list[str]]
    test: tuple[list[str], list[str]]
    cleanup: tuple[str, ...]
    english: bool = False


# name of the set, its file, the title of its row, what to print of the split
_SETS = {
    "hotel": ("ChnSentiCorp_htl_all.csv", "hotel reviews"),
    "weibo-senti-100k": ("weibo_senti_100k.csv", "Weibo, emoji stripped"),
    "thucnews-titles": ("THUCNews-title-label.txt", "news titles, 10 classes"),
    "cnews": ("cnews/cnews.txt", "long articles, 10 classes"),
    "simplifyweibo-4-moods": ("simplifyweibo_4_moods.csv", "four moods"),
    "sst2": ("SST2", "SST-2, English"),
}
SETS = tuple(_SETS)


def load(name: str, folder: Path) -> Split:
    """One set: four fifths to train, a fifth to test (SST-2: its own dev)."""
    file, title = _SETS[name]
    cleanup = NAMED[name].cleanup
    rows = read(folder / file, dataset=name, part="train")
    texts, labels = rows.texts[0], rows.labels or []
    if name == "sst2":
        held = read(folder / file, dataset=name, part="validation")
        train, test = (texts, labels), (held.texts[0], held.labels or [])
    else:
        kept, aside = train_test_split(
            np.arange(len(texts)), test_size=0.2, random_state=0, stratify=labels
        )
        train, test = (
            ([texts[i] for i in part], [labels[i] for i in part]) for part in (kept, aside)
        )
    where = f"{len(train[0]):,} / {len(test[0]):,}"
    return Split(name, title, where, train, test, cleanup, english=name == "sst2")


def cleaned(split: Split) -> tuple[list[str], list[str]]:
    """The texts of both parts without what the set's clean-up leaves out, for the baselines."""
    clean = Cleanup(split.cleanup)
    return clean(split.train[0]), clean(split.test[0])
