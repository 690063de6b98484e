"""`NamedDataset`: what is known of a public data set."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from attnpool.data.table import read_named_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from attnpool.data.source import Request, Source

TRAIN_DEV_TEST = MappingProxyType(
    {
        "train": ("train.txt", "train.tsv", "train.csv", "train.json"),
        "validation": ("dev.txt", "dev.tsv", "dev.csv", "dev.json", "valid.txt", "val.txt"),
        "test": ("test.txt", "test.tsv", "test.csv", "test.json"),
    }
)


@dataclass(frozen=True, kw_only=True)
class NamedDataset:
    """A public data set in its original format.

    Attributes:
        name: Its name on the command line.
        task: Whether its texts are classified or matched in pairs.
        files: Its original file or files, in words.
        row: A row's format, in words.
        size: Its size, in words.
        source: Where to get it.
        parts: The files that a folder of it may hold for each part, the first found is read.
        order: The fields of a row without header: "text", "label", or others passed over.
        other_orders: Orders of copies that go round, told apart by their number of fields.
        separator: What separates the fields.
        labels: From labels in the file to label names; None: they are names already.
        without: Label names whose rows do not belong to the set.
        blank_texts: Whether the original file has rows without text; they are left out.
        cleanup: Names of the clean-up rules that models of it use unless told otherwise. Rows
            as read are raw.
        reader: Reads it; takes what is asked for and the set itself.
        whole_folder: Whether the reader takes a folder as it is.
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
    without: frozenset[str] = frozenset()
    blank_texts: bool = False
    cleanup: tuple[str, ...] = ()
    reader: Callable[[Request, NamedDataset], Source] = read_named_table
    whole_folder: bool = False

    @property
    def texts(self) -> int:
        """The number of texts in a row."""
        return self.order.count("text")
