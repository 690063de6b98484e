"""`Reading`, how a file is read; `Rows`, what is read; `collect`, which checks every row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any

from attnpool.data.label_map import check_group_names, shown_rules
from attnpool.data.table import EmptyRow, Malformed
from attnpool.errors import InputError
from attnpool.label_values import as_known, same_number
from attnpool.sanitize import printable, quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from attnpool.data.bad_rows import BadRow, BadRows
    from attnpool.data.columns import Columns
    from attnpool.data.formats.frames import Frame
    from attnpool.data.table import Row, Source


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read, so that the next file can be read the same way.

    A trained model keeps it in its `config.json`.

    Attributes:
        dataset: Name of a public dataset, or None for any other file.
        text: Names of the text columns; empty if the layout of the named set is used.
        label: Name of the label column; None if there is none, or the layout is used.
        encoding: The encoding the user named; None: found for each file.
        label_map: From labels in the file, or their names in a named set, to the names of the
            groups that replace them; None: labels stay.
        header: False if the file has no header and its columns are `column_1`, `column_2` …
    """

    dataset: str | None = None
    text: tuple[str, ...] = ()
    label: str | None = None
    encoding: str | None = None
    label_map: Mapping[str, str] | None = None
    header: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The reading as a JSON object."""
        form: dict[str, Any] = {
            "dataset": self.dataset,
            "text": list(self.text),
            "label": self.label,
            "encoding": self.encoding,
        }
        if self.label_map:
            form["label_map"] = dict(self.label_map)
        return form if self.header else {**form, "header": False}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reading:
        """The reading that `to_dict` returned.

        Raises:
            InputError: If a value is of the wrong type, or a group of `label_map` has the name of
                a label of another.
        """
        text = data.get("text", [])
        others = [data.get(key) for key in ("dataset", "label", "encoding")]
        names = data.get("label_map")
        header = data.get("header", True)
        if (
            not isinstance(text, list | tuple)
            or not all(isinstance(name, str) for name in text)
            or not all(value is None or isinstance(value, str) for value in others)
            or not isinstance(header, bool)
            or not isinstance(names, dict | None)
            or not all(isinstance(word, str) for pair in (names or {}).items() for word in pair)
        ):
            raise InputError("how the data was read is damaged; retrain the model")
        check_group_names(names or {})
        dataset, label, encoding = others
        return cls(dataset, tuple(text), label, encoding, names, header)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a file, column by column; texts are unchanged.

    Attributes:
        texts: One list per text column: one for classification, two for pairs.
        labels: One label name per row, "" for a row without one; None if no label was required
            and the file has none.
        skipped: Number of rows left out because they were bad.
        bad_rows: These rows: the place and the reason of each.
        places: The place of each row that was kept: its number from 1, or its own file.
        unit: What the format calls its rows: "row", "line".
        notes: What differs from how the file was asked to be read, to tell the user.
        reading: How the file was read.
        source: How the file is written: its encoding, its separator.
        originals: All columns of these rows as in the file: a data frame of polars for Parquet and
            Excel, a `Frame` for the others; None unless requested.
        file: The file in messages, "" for rows of several.
    """

    texts: tuple[list[str], ...]
    labels: list[str] | None
    skipped: int
    reading: Reading
    source: Source
    originals: Frame | pl.DataFrame | None = None
    bad_rows: tuple[BadRow, ...] = ()
    places: Sequence[int | str] = ()
    unit: str = "row"
    notes: tuple[str, ...] = ()
    file: str = ""

    def __len__(self) -> int:
        return len(self.texts[0])

    @property
    def width(self) -> int:
        """The number of text columns."""
        return len(self.texts)

    @property
    def items(self) -> list[Any]:
        """The texts, or the pairs or triplets as tuples."""
        return self.texts[0] if self.width == 1 else list(zip(*self.texts, strict=True))


@dataclass(frozen=True, slots=True)
class LabelNames:
    """What the labels of a file become.

    Attributes:
        names: From labels in the file to label names; None: they are names already.
        groups: From names to the names of their groups; None: names stay.
        without: Names whose rows are left out.
        closed: Whether a label that is in none of these is bad, as in a file to train on. A model
            takes it for a label that it does not know.
    """

    names: Mapping[str, str] | None = None
    groups: Mapping[str, str] | None = None
    without: frozenset[str] = frozenset()
    closed: bool = True


def collect(
    rows: Iterator[Row | Malformed],
    columns: Columns,
    bad: BadRows,
    *,
    names: LabelLookup | None,
    blank_texts: bool = False,
    records: list[Any] | None = None,
) -> tuple[tuple[list[str], ...], list[str] | None, list[int | str]]:
    """Rows to lists: labels get their names, and every row is checked.

    Args:
        rows: The rows: the texts in the order of `columns.text`, then the label, if any.
        columns: The columns that were read.
        bad: Collects bad rows. Where it is of labelled rows, one without a text or without a
            (known) label is bad; else such rows are kept unchanged.
        names: What the labels become; None: there are none.
        blank_texts: Whether rows without a text are left out rather than bad.
        records: Filled with the record of each row that is kept.

    Returns:
        One list of texts per text column; one label name per row, None if no row has one and
        none is required; and the place of each row.
    """
    texts: tuple[list[str], ...] = tuple([] for _ in columns.text)
    labels: list[str] = []
    places: list[int | str] = []
    labelled = bad.labelled
    lacks = [f"no text{f' in {quoted(name)}' if name else ''}" for name in columns.text_names]
    for row in rows:
        if isinstance(row, Malformed):
            bad.add(*row)
            continue
        place, values, record = row
        name = reason = ""
        if names is not None:
            name, reason = names[values[-1]]
            if name in names.without:
                continue
        if labelled and not reason:
            reason = next(compress(lacks, map(_blank, values)), "")
            if reason and blank_texts:
                bad.leave_out(place)
                continue
        if reason:
            _report(bad, place, reason, record)
            continue
        for column, text in zip(texts, values, strict=False):
            column.append(text)
        labels.append(name)
        places.append(place)
        if records is not None:
            records.append(record)
    return texts, labels if names is not None and (labelled or any(labels)) else None, places


def _blank(text: str) -> bool:
    return not text or text.isspace()


def _report(bad: BadRows, place: int | str, reason: str, record: Any) -> None:
    if not _wholly_empty(record):
        bad.add(place, reason)


def _wholly_empty(record: Any) -> bool:
    """Whether a row has nothing in any column, such as those that spreadsheets leave behind."""
    if isinstance(record, dict):
        record = list(record.values())
    if not isinstance(record, list | tuple):
        return isinstance(record, EmptyRow)
    return all(value is None or (isinstance(value, str) and _blank(value)) for value in record)


class LabelLookup(dict[str, tuple[str, str]]):
    """From a label in the file to its name and what is wrong with it; filled on first use.

    Args:
        rules: What the labels become.
        strict: Whether a row without a (known) label is bad.
    """

    def __init__(self, rules: LabelNames, *, strict: bool) -> None:
        super().__init__()
        self._names = rules.names
        self._groups = {same_number(label): name for label, name in (rules.groups or {}).items()}
        self.without = rules.without
        self._strict = strict
        self._closed = strict and rules.closed
        self._spelled: dict[str, str] = {}

    def __missing__(self, raw: str) -> tuple[str, str]:
        label = raw.strip()
        reason = ""
        if self._names is not None and label not in self._names.values():
            [label] = as_known([label], self._names)
            known = label in self._names
            if label and not known and self._closed:
                reason = f"the label {quoted(label)} is none of {quoted_list(self._names)}"
            label = self._names.get(label, label)
        if "." not in (value := same_number(label)):
            # What a file spells in two ways is one label: 0 and 0.0 of files that were joined.
            label = self._spelled.setdefault(value, label)
        if self._groups and label and not reason and label not in self.without:
            grouped = same_number(label) in self._groups or label in self._groups.values()
            if not grouped and self._closed:
                rules = shown_rules(self._groups)
                reason = f"the label {quoted(label)} is in no rule of --label-map: {rules}"
            label = self._groups.get(same_number(label), label)
        if not label and self._strict:
            reason = "no label"
        elif self._strict and printable(label) != label:
            reason = f"the label {quoted(label)} has a lone surrogate, which no model file can hold"
        self[raw] = label, reason
        return self[raw]
