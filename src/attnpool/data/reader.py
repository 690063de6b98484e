"""`read`: a file, or the folder of a public dataset, to rows."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.data.bad_rows import BadRows
from attnpool.data.columns import Columns, measured_label
from attnpool.data.datasets.layout import find_layout, read_class_file
from attnpool.data.datasets.registry import NAMED, named_dataset, part_file, suggestion
from attnpool.data.fitting import PLAIN, Asked, Fitted, column_name, fit, is_plain, number_columns
from attnpool.data.formats.compressed import suffix_of
from attnpool.data.formats.delimited import Delimited
from attnpool.data.formats.jsonlines import JsonLines
from attnpool.data.formats.parquet import Parquet
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

_log = logging.getLogger(__name__)

PARTS = ("train", "validation", "test")


def read(
    path: str | os.PathLike[str],
    *,
    reading: Reading | None = None,
    dataset: str | None = None,
    text: Sequence[str] = (),
    label: str | None = None,
    header: bool | None = None,
    encoding: str | None = None,
    label_map: Mapping[str, str] | None = None,
    skip_bad_rows: bool = False,
    labelled: bool = True,
    part: str = "train",
    originals: bool = False,
    texts_per_line: int = 1,
) -> Rows:
    """Read texts and labels.

    Without the name of a dataset, the suffix determines the format (.csv, .tsv, .txt for
    tab-separated, .jsonl, .ndjson, .json, .parquet; .gz, .bz2 or .xz may follow all but the
    last), columns are recognised by their names or named
    here, and labels stay unchanged: the name of a file never changes the meaning of its rows.
    A named set is read in its original format and its labels get their names (1 becomes 正面);
    text columns named for it replace its own layout, and its label names stay.

    Args:
        path: A file; or the folder of a named set.
        reading: How an earlier file was read; the arguments below override it. Columns of it
            that the file does not have are recognised by their names instead, and labels that its
            rules or its dataset do not know stay.
        dataset: The name of a public dataset, one of `NAMED`.
        text: The text columns: one to classify, two for pairs.
        label: The label column.
        header: Whether the first row is a header; None: as `reading` has it, else True. Without
            a header, columns are named by their numbers: `text=["2"], label="1"`.
        encoding: The encoding; None: by byte-order mark, else UTF-8, else the likeliest.
        label_map: From labels to the names of groups that replace them, such as {"1": "bad",
            "2": "bad", "3": "good"}; labels of a named set have their names there. A label that
            is neither a key nor a name is bad. No name may be the key of another name.
        skip_bad_rows: Leave bad rows out, and count them, instead of raising an error.
        labelled: Whether every row must have a text and a label. If not, labels are read if the
            file has them, and a row may be empty.
        part: "train", "validation" or "test": which file of a folder.
        originals: Whether to keep all columns, as `Rows.originals`.
        texts_per_line: How many texts, with tabs between, a line of a .txt file has that has no
            columns. Such plain text is read where no label is needed.

    Returns:
        The rows in the order of the file.

    Raises:
        InputError: If there is no such file, its format or columns are not recognised, it cannot
            be decoded, a row is bad, no rows are left, or a name in `label_map` is also a label
            of another group.
    """
    wanted = _merged(reading, dataset, text, label, encoding, header)
    if label_map:
        wanted = replace(wanted, label_map=dict(label_map))
    check_group_names(wanted.label_map or {})
    named = named_dataset(wanted.dataset) if wanted.dataset is not None else None
    given = escaped(os.fspath(path))
    place, file = _locate(Path(path), given, named, part)
    any_texts = dataset is None and not (labelled or text)
    if any_texts and _is_plain(place, file, wanted, texts_per_line):
        named = None  # texts to predict, and not the set that the model was trained on
    table = _open(place, file, wanted, named)
    if named is None:
        asked = Asked(bool(text), label is not None, header is not None)
        fitted = fit(
            *(table, place, file, wanted, asked),
            labelled=labelled,
            texts_per_line=texts_per_line,
            hint=partial(suggestion, place),
        )
    else:
        fitted = _layout(table, place, file, wanted, named, labelled=labelled)
    rules = _rules(fitted, named, closed=reading is None)
    bad = BadRows(file, skip=skip_bad_rows, unit=fitted.table.unit, labelled=labelled)
    return _rows(fitted, file, named, rules, bad, originals=originals)


def _rules(fitted: Fitted, named: NamedDataset | None, *, closed: bool) -> LabelNames:
    without = frozenset[str]() if named is None else named.without
    return LabelNames(fitted.names, fitted.reading.label_map, without, closed)


def _rows(
    fitted: Fitted,
    file: str,
    named: NamedDataset | None,
    rules: LabelNames,
    bad: BadRows,
    *,
    originals: bool,
) -> Rows:
    """The rows of a table whose columns are known."""
    labelled = bad.labelled
    table, columns, reading = fitted.table, fitted.columns, fitted.reading
    if isinstance(table, JsonLines | Parquet):
        table.label = columns.label
    records: list[Any] | None = [] if originals else None
    texts, labels, places = collect(
        table.rows(columns.positions, bad),
        columns,
        bad,
        labelled=labelled,
        label_names=rules,
        blank_texts=named is not None and named.blank_texts,
        records=records,
    )
    bad_rows = bad.settle()
    _log.info("read %s: %d rows", file, len(texts[0]))
    if not texts[0]:
        raise bad.nothing_left()
    if named is not None and named.class_file and fitted.names is None:
        labels = None  # without `class.txt` the line numbers mean nothing
    if named is None and fitted.recognised and labels:
        labels = _no_measurements(labels, file, table, columns, labelled=labelled)
    frame = None if records is None else table.frame(records)
    return Rows(
        texts,
        labels,
        len(bad_rows),
        reading,
        table.source,
        originals=frame,
        bad_rows=bad_rows,
        places=places,
        unit=table.unit,
        notes=(fitted.note,) if fitted.note else (),
    )


def _is_plain(path: Path, file: str, reading: Reading, texts_per_line: int) -> bool:
    """Whether a file to be read as a named set is plain text instead."""
    if reading.dataset is None or path.is_dir() or suffix_of(path) != PLAIN:
        return False
    return is_plain(_open(path, file, reading, None), path, texts_per_line)


def _layout(
    table: Table,
    path: Path,
    file: str,
    reading: Reading,
    named: NamedDataset,
    *,
    labelled: bool,
) -> Fitted:
    """The columns of a named set, and the names of its labels."""
    given = reading
    if not reading.header and isinstance(table, Delimited) and (reading.text or reading.label):
        label = None if reading.label is None else column_name(reading.label)
        reading = replace(reading, text=number_columns(table, reading.text), label=label)
    columns = find_layout(table, named, file, reading, labelled=labelled)
    names = named.labels
    if named.class_file and columns.label is not None:
        names = read_class_file(path, file, labelled=labelled)
    return Fitted(table, columns, given, names=names)


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
    header: bool | None,
) -> Reading:
    old = reading or Reading()
    text = (text,) if isinstance(text, str) else tuple(text)
    if dataset is not None and dataset != old.dataset:
        # The columns and the labels are those of the other set.
        old = Reading(dataset, encoding=old.encoding)
    if header is not None and header != old.header:
        # Names are not numbers of columns.
        old = replace(old, text=(), label=None, header=header)
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
