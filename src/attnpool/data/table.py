"""Tables: any file with a header, and named sets' files with or without one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from attnpool.data.columns import Columns, find_columns, is_header
from attnpool.data.formats.delimited import Delimited
from attnpool.data.formats.sheet import open_sheet
from attnpool.data.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from attnpool.data.datasets.spec import NamedDataset
    from attnpool.data.formats.sheet import Sheet
    from attnpool.data.source import Request


def read_table(request: Request, hint: str = "", count: int | None = None) -> Source:
    """A file with a header; columns are those of the reading, or recognised.

    Raises:
        InputError: If the file or its columns are not what is needed.
    """
    return _with_header(_open(request), request, hint, count)


def read_named_table(request: Request, dataset: NamedDataset) -> Source:
    """A named set's file: by its header if it has one, else by the set's order of fields.

    Columns that the user names put the set's own order aside, and keep its label names.

    Raises:
        InputError: If the file or its columns are not what is needed.
    """
    if request.reading.text or request.reading.label:
        return _named_labels(read_table(request, count=dataset.texts), dataset)
    sheet = _open(request, dataset.separator)
    if not isinstance(sheet, Delimited) or _is_header(sheet.first, dataset):
        return _named_labels(_with_header(sheet, request, "", dataset.texts), dataset)
    order = _order(dataset, sheet.first, labelled=request.labelled)
    text = tuple(place for place, name in enumerate(order) if name == "text")
    columns = Columns(text, order.index("label") if "label" in order else None)
    rows = sheet.rows_without_header(_places(columns), len(order), request.bad)
    label = None if columns.label is None else ""
    frame = partial(sheet.frame, names=order)
    return _named_labels(Source(("",) * len(text), label, _wide(rows), frame=frame), dataset)


def _open(request: Request, separator: str | None = None) -> Sheet:
    sheet = open_sheet(request.path, request.file, request.reading.encoding, separator)
    request.bad.unit = sheet.unit
    return sheet


def _with_header(sheet: Sheet, request: Request, hint: str, count: int | None) -> Source:
    names = sheet.names
    columns = find_columns(
        names,
        request.file,
        text=request.reading.text,
        label=request.reading.label,
        labelled=request.labelled,
        count=count,
        hint=hint,
    )
    rows = sheet.rows(_places(columns), request.bad)
    label = None if columns.label is None else names[columns.label]
    texts = tuple(names[place] for place in columns.text)
    return Source(texts, label, _wide(rows), frame=sheet.frame)


def _is_header(first: Sequence[str], dataset: NamedDataset) -> bool:
    return is_header(first) and not any(field.strip() in (dataset.labels or ()) for field in first)


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
    label = first[order.index("label")].strip()
    return not label or label in dataset.labels or label in dataset.labels.values()


def _places(columns: Columns) -> Sequence[int]:
    return columns.text if columns.label is None else (*columns.text, columns.label)


def _named_labels(source: Source, dataset: NamedDataset) -> Source:
    return replace(source, names=dataset.labels)


def _wide(
    rows: Iterator[tuple[int, tuple[str, ...]]],
) -> Iterator[tuple[int | str, tuple[str, ...]]]:
    yield from rows
