"""`read`: a file, or the folder of a public dataset, to rows."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.data.bad_rows import BadRows
from attnpool.data.columns import Columns, find_columns, measured_label
from attnpool.data.datasets.layout import find_layout, read_class_file
from attnpool.data.datasets.registry import NAMED, named_dataset, part_file, suggestion
from attnpool.data.formats.registry import open_table
from attnpool.data.label_map import check_group_names
from attnpool.data.rows import LabelNames, Reading, Rows, collect
from attnpool.data.scores import is_measured
from attnpool.errors import InputError
from attnpool.sanitize import escaped, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from attnpool.data.datasets.spec import NamedDataset
    from attnpool.data.table import Table

PARTS = ("train", "validation", "test")


def read(
    path: str | os.PathLike[str],
    *,
    reading: Reading | None = None,
    dataset: str | None = None,
    text: Sequence[str] = (),
    label: str | None = None,
    encoding: str | None = None,
    label_map: Mapping[str, str] | None = None,
    skip_bad_rows: bool = False,
    labelled: bool = True,
    part: str = "train",
    originals: bool = False,
) -> Rows:
    """Read texts and labels.

    Without the name of a dataset, the suffix determines the format (.csv, .tsv, .txt for
    tab-separated, .jsonl, .ndjson, .parquet), columns are recognised by their names or named
    here, and labels stay unchanged: the name of a file never changes the meaning of its rows.
    A named set is read in its original format and its labels get their names (1 becomes 正面);
    text columns named for it replace its own layout, and its label names stay.

    Args:
        path: A file; or the folder of a named set.
        reading: How an earlier file was read; the arguments below override it.
        dataset: The name of a public dataset, one of `NAMED`.
        text: The text columns: one to classify, two for pairs.
        label: The label column.
        encoding: The encoding; None: by byte-order mark, else UTF-8, else the likeliest.
        label_map: From labels to the names of groups that replace them, such as {"1": "bad",
            "2": "bad", "3": "good"}; labels of a named set have their names there. A label that
            is neither a key nor a name is bad. No name may be the key of another name.
        skip_bad_rows: Leave bad rows out, and count them, instead of raising an error.
        labelled: Whether every row must have a text and a label. If not, labels are read if the
            file has them, and a row may be empty.
        part: "train", "validation" or "test": which file of a folder.
        originals: Whether to keep all columns, as `Rows.originals`.

    Returns:
        The rows in the order of the file.

    Raises:
        InputError: If there is no such file, its format or columns are not recognised, it cannot
            be decoded, a row is bad, no rows are left, or a name in `label_map` is also a label
            of another group.
    """
    wanted = _merged(reading, dataset, text, label, encoding)
    if label_map:
        wanted = replace(wanted, label_map=dict(label_map))
    check_group_names(wanted.label_map or {})
    chosen = wanted.label
    named = named_dataset(wanted.dataset) if wanted.dataset is not None else None
    given = escaped(os.fspath(path))
    place, file = _locate(Path(path), given, named, part)
    table = _open(place, file, wanted, named)
    columns, label_names = _columns(table, place, file, wanted, named, labelled=labelled)
    if named is None:
        wanted = replace(wanted, text=columns.text_names, label=columns.label_name or chosen)
    bad = BadRows(file, skip=skip_bad_rows, unit=table.unit)
    records: list[Any] | None = [] if originals else None
    texts, labels = collect(
        table.rows(columns.positions, bad),
        columns,
        bad,
        labelled=labelled,
        label_names=LabelNames(
            label_names, wanted.label_map, frozenset() if named is None else named.without
        ),
        blank_texts=named is not None and named.blank_texts,
        records=records,
    )
    skipped = bad.settle()
    if not texts[0]:
        raise bad.nothing_left()
    if named is not None and named.class_file and label_names is None:
        labels = None  # without `class.txt` the line numbers mean nothing
    if named is None and chosen is None and labels:
        labels = _no_measurements(labels, file, table, columns, labelled=labelled)
    frame = None if records is None else table.frame(records)
    return Rows(texts, labels, skipped, wanted, table.source, frame)


def _columns(
    table: Table,
    path: Path,
    file: str,
    reading: Reading,
    named: NamedDataset | None,
    *,
    labelled: bool,
) -> tuple[Columns, Mapping[str, str] | None]:
    """The columns to read, and from the labels in the file to label names, where these differ."""
    if named is None:
        columns = find_columns(
            table.names,
            file,
            text=reading.text,
            label=reading.label,
            labelled=labelled,
            hint=partial(suggestion, path),
        )
        return columns, None
    columns = find_layout(table, named, file, reading, labelled=labelled)
    if named.class_file and columns.label is not None:
        return columns, read_class_file(path, file, labelled=labelled)
    return columns, named.labels


def _no_measurements(
    labels: list[str], file: str, table: Table, columns: Columns, *, labelled: bool
) -> list[str] | None:
    """The labels of a column that was recognised; None if they are measurements."""
    if not is_measured(labels, columns.label_name):
        return labels
    if labelled:
        raise measured_label(file, table.names, columns, labels)
    return None


def has_part(path: str | os.PathLike[str], dataset: str | None, part: str) -> bool:
    """Whether `read(path, dataset=dataset, part=part)` finds a file of its own for this part.

    A file given directly is its own "train" part and no other.

    Raises:
        InputError: If the dataset or the part is unknown.
    """
    _check_part(part)
    named = named_dataset(dataset) if dataset is not None else None
    path = Path(path)
    if not path.is_dir():
        return part == "train" and path.is_file()
    if named is None:
        return False
    if named.whole_folder:
        return part == "train"
    return part_file(path, named, part) is not None


def _merged(
    reading: Reading | None,
    dataset: str | None,
    text: Sequence[str],
    label: str | None,
    encoding: str | None,
) -> Reading:
    old = reading or Reading()
    text = (text,) if isinstance(text, str) else tuple(text)
    if dataset is not None and dataset != old.dataset:
        # The columns and the labels are those of the other set.
        old = Reading(dataset, encoding=old.encoding)
    return replace(
        old,
        text=text or old.text,
        label=label or old.label,
        encoding=encoding or old.encoding,
    )


def _locate(path: Path, given: str, named: NamedDataset | None, part: str) -> tuple[Path, str]:
    """The path to read, and its name in messages."""
    _check_part(part)
    try:
        if not path.exists():
            raise InputError(f"{given}: no such file; check the path")
        if path.is_dir():
            return _in_folder(path, given, named, part)
        if not path.is_file():
            raise InputError(f"{given} is not an ordinary file; save it as one first")
        if not path.stat().st_size and not path.read_bytes():  # some file systems report no sizes
            raise InputError(f"{given} is empty; give a file with data")
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(given, error) from error
    return path, given


def _open(path: Path, file: str, reading: Reading, named: NamedDataset | None) -> Table:
    """Open the file: a named set in its own way, anything else by its suffix."""
    reader = open_table if named is None else named.reader
    # Columns that the user names replace the layout of the set, its separator too.
    own_layout = not (reading.text or reading.label)
    separator = named.separator if named is not None and own_layout else None
    try:
        return reader(path, file, reading.encoding, separator)
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or error
    return InputError(f"{file} cannot be read: {reason}; check the path")


def _in_folder(path: Path, given: str, named: NamedDataset | None, part: str) -> tuple[Path, str]:
    if named is None:
        folders = [d.name for d in NAMED.values() if len(d.parts) > 1 or d.whole_folder]
        raise InputError(
            f"{given} is a folder; give a file in it, "
            f"or name its dataset with --dataset ({', '.join(folders)})"
        )
    if named.whole_folder:
        return path, given
    file = part_file(path, named, part)
    if file is None:
        names = " or ".join(named.parts.get(part, ())) or f"file for {part}"
        raise InputError(f"{given}: no {names} in this folder; give a file of {named.name} itself")
    return file, f"{given.rstrip('/')}/{file.relative_to(path)}"


def _check_part(part: str) -> None:
    if part not in PARTS:
        raise InputError(f"no part is called {quoted(part)}; the parts are {', '.join(PARTS)}")
