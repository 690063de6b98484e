"""`NAMED`: the public datasets by name, and the files in a folder of one."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING

from attnpool.data.datasets.news import NEWS
from attnpool.data.datasets.pairs import PAIR_SETS
from attnpool.data.datasets.reviews import REVIEWS, SENTENCES
from attnpool.errors import InputError
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from attnpool.data.datasets.spec import NamedDataset

NAMED: Mapping[str, NamedDataset] = MappingProxyType(
    {dataset.name: dataset for dataset in (*REVIEWS, *NEWS, *SENTENCES, *PAIR_SETS)}
)


def named_dataset(name: str) -> NamedDataset:
    """The dataset of this name.

    Raises:
        InputError: If there is none; the message lists them and suggests the nearest.
    """
    if name in NAMED:
        return NAMED[name]
    near = difflib.get_close_matches(name.lower().replace("_", "-"), NAMED, n=1, cutoff=0.5)
    suggestion = f" (did you mean {near[0]}?)" if near else ""
    raise InputError(
        f"no dataset is called {quoted(name)}{suggestion}; choose from {quoted_list(NAMED)}"
    )


def part_file(folder: Path, dataset: NamedDataset, part: str) -> Path | None:
    """The file of a part in a folder of the set; None if there is none."""
    files = (folder / name for name in dataset.parts.get(part, ()))
    return next((file for file in files if file.is_file()), None)


def suggestion(path: Path) -> str:
    """The sets whose original file has this name, as the end of a message; "" for none."""
    likely = [
        dataset.name
        for dataset in NAMED.values()
        if any(path.name in names for names in dataset.parts.values())
    ]
    return f"; by its name it may be {' or '.join(likely)}" if likely else ""
