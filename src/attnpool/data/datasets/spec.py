"""`NamedDataset`: the description of a public dataset."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from attnpool.data.formats.registry import open_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from attnpool.data.table import Table

TRAIN_DEV_TEST = MappingProxyType(
    {
        "train": ("train.txt", "train.tsv", "train.csv", "train.json"),
        "validation": ("dev.txt", "dev.tsv", "dev.csv", "dev.json", "valid.txt", "val.txt"),
        "test": ("test.txt", "test.tsv", "test.csv", "test.json"),
    }
)


@dataclass(frozen=True, kw_only=True)
class NamedDataset:
    """A public dataset in its original format.

    Attributes:
        name: Its name on the command line.
        task: Whether its texts are classified or matched in pairs.
        files: Its original file or files, for the user.
        row: The format of a row, for the user.
        size: Its size, for the user.
        source: Where to get it.
        parts: The file names of each part in a folder of the set; the first that exists is read.
        order: The fields of a row in a file without header: "text", "label"; others are ignored.
        other_orders: The orders of other copies of the set, with another number of fields.
        separator: The usual separator of fields.
        labels: From labels in the file to label names; None: they are names already.
        class_file: Whether labels are line numbers, from 0, of a file `class.txt` beside the data.
        without: Label names whose rows do not belong to the set.
        blank_texts: Whether the original file has rows without text; they are left out.
        cleanup: Names of the clean-up rules that models of this set use by default. Rows are
            read without clean-up.
        reader: Opens its files as a table; takes what `open_table` takes.
        whole_folder: Whether `reader` takes a folder. Its rows have the fields of `order`.
    """

    name: str
    files: str
    row: str
    size: str
    source: str
    task: Literal["classify", "match"] = "classify"
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: TRAIN_DEV_TEST)
    order: tuple[str, ...] = ("label", "text")
    other_orders: tuple[tuple[str, ...], ...] = ()
    separator: str = "\t"
    labels: Mapping[str, str] | None = None
    class_file: bool = False
    without: frozenset[str] = frozenset()
    blank_texts: bool = False
    cleanup: tuple[str, ...] = ()
    reader: Callable[[Path, str, str | None, str | None], Table] = open_table
    whole_folder: bool = False

    @property
    def texts(self) -> int:
        """The number of texts per row."""
        return self.order.count("text")
