"""The columns of a public dataset: by the header of its file, or by the order of its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.data.columns import Columns, find_columns, is_header
from attnpool.data.formats.delimited import Delimited
from attnpool.data.formats.encodings import TextFile
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from attnpool.data.datasets.spec import NamedDataset
    from attnpool.data.rows import Reading
    from attnpool.data.table import Table


def find_layout(
    table: Table, dataset: NamedDataset, file: str, reading: Reading, *, labelled: bool
) -> Columns:
    """The columns of a file of a public dataset.

    Columns that the user names replace the layout of the set. Otherwise a header determines
    them, and in a file without one the set's order of fields.

    Args:
        table: The file; set to have no header if it has none.
        dataset: The dataset.
        file: The file as the user named it.
        reading: Holds the columns that the user named.
        labelled: Whether there must be a label.

    Raises:
        InputError: If a column does not exist or is not recognised.
    """
    if dataset.whole_folder:
        return _in_order(dataset.order)
    named = bool(reading.text or reading.label)
    if named or not isinstance(table, Delimited) or _has_header(table.names, dataset):
        return find_columns(
            table.names,
            file,
            text=reading.text,
            label=reading.label,
            labelled=labelled,
            count=dataset.texts,
        )
    order = _order(dataset, table.names, labelled=labelled)
    table.use_no_header(order)
    return _in_order(order)


def read_class_file(path: Path, file: str, *, labelled: bool) -> Mapping[str, str] | None:
    """Label names from `class.txt` beside a file: label 0 is its first line, and so on.

    Args:
        path: The data file.
        file: The data file as the user named it.
        labelled: Whether there must be a label.

    Returns:
        From label to name; None if there is no `class.txt` and no label is required.

    Raises:
        InputError: If a label is required and there is no `class.txt`, or its encoding is not
            certain.
    """
    classes = path.parent / "class.txt"
    if classes.is_file():
        text = TextFile(classes, str(classes))
        with text.open() as lines:
            names = [line.strip() for line in lines if line.strip()]
        if text.source().assumed:
            raise InputError(f"{classes}: its encoding is not certain; save the file as UTF-8")
        return {str(index): name for index, name in enumerate(names)}
    if labelled:
        raise InputError(
            f"{file}: no class.txt beside it, which names the classes line by line; put it there"
        )
    return None


def _in_order(order: Sequence[str]) -> Columns:
    text = tuple(place for place, name in enumerate(order) if name == "text")
    return Columns(text, order.index("label") if "label" in order else None, ("",) * len(text))


def _has_header(first: Sequence[str], dataset: NamedDataset) -> bool:
    return is_header(first) and not any(field in (dataset.labels or ()) for field in first)


def _order(dataset: NamedDataset, first: Sequence[str], *, labelled: bool) -> tuple[str, ...]:
    """The order of fields that fits the first row; the set's usual one if none does."""
    orders = [dataset.order, *dataset.other_orders]
    if not labelled:
        orders += [tuple(name for name in order if name != "label") for order in orders]
    for order in orders:
        if len(order) == len(first) and (labelled or _label_fits(dataset, order, first)):
            return order
    return dataset.order


def _label_fits(dataset: NamedDataset, order: tuple[str, ...], first: Sequence[str]) -> bool:
    if dataset.labels is None or "label" not in order:
        return True
    label = first[order.index("label")]
    return not label or label in dataset.labels or label in dataset.labels.values()
