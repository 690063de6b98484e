"""`read`: a file, or the folder of a public dataset, to rows."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from attnpool.data.datasets.registry import named_dataset, part_file
from attnpool.data.fitting import Asked
from attnpool.data.label_map import check_group_names
from attnpool.data.rows import Reading, Rows
from attnpool.data.streams.places import check_part, locate
from attnpool.data.streams.stream import Request, RowStream
from attnpool.files.paths import checked_path
from attnpool.sanitize import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack


class ReadArguments(TypedDict, total=False):
    """The arguments of `read` behind the path."""

    reading: Reading | None
    dataset: str | None
    text: Sequence[str]
    label: str | None
    header: bool | None
    encoding: str | None
    label_map: Mapping[str, str] | None
    skip_bad_rows: bool
    labelled: bool
    part: str
    originals: bool
    texts_per_line: int
    labels: bool
    name: str | None


_DEFAULTS: ReadArguments = {
    "reading": None,
    "dataset": None,
    "text": (),
    "label": None,
    "header": None,
    "encoding": None,
    "label_map": None,
    "skip_bad_rows": False,
    "labelled": True,
    "part": "train",
    "originals": False,
    "texts_per_line": 1,
    "labels": True,
    "name": None,
}


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
    tab-separated, .jsonl, .ndjson, .json, .parquet, .xlsx; .gz, .bz2, .xz or .zst may follow all
    but the last two), columns are recognised by their names or named
    here, and labels stay unchanged: the name of a file never changes the meaning of its rows.
    A named set is read in its original format and its labels get their names (1 becomes 正面);
    text columns named for it replace its own layout, and its label names stay.

    Args:
        path: A file; a folder of such files, parts of one table; or the folder of a named set.
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
    return stream(
        path,
        reading=reading,
        dataset=dataset,
        text=text,
        label=label,
        header=header,
        encoding=encoding,
        label_map=label_map,
        skip_bad_rows=skip_bad_rows,
        labelled=labelled,
        part=part,
        originals=originals,
        texts_per_line=texts_per_line,
    ).read()


def stream(path: str | os.PathLike[str], **options: Unpack[ReadArguments]) -> RowStream:
    """The same rows, to be read some at a time: `stream("rows.csv").chunks(Limit(1000, 10**6))`.

    Args:
        path: As of `read`.
        options: As of `read`; and `labels`, whether labels are read where none is required and
            the file has them (default: True); `name`, what messages call the file.

    Raises:
        InputError: As of `read`, but for bad rows.
    """
    given = _DEFAULTS | options
    reading = given["reading"]
    wanted = _merged(reading, given)
    if given["label_map"]:
        wanted = replace(wanted, label_map=dict(given["label_map"]))
    check_group_names(wanted.label_map or {})
    named = named_dataset(wanted.dataset) if wanted.dataset is not None else None
    place = checked_path(path)
    name = given["name"] or escaped(os.fspath(path))
    places = locate(place, name, named, given["part"])
    named_columns = bool(given["text"]), given["label"] is not None
    return RowStream(
        places,
        Request(
            wanted,
            named,
            Asked(*named_columns, given["header"] is not None),
            any_texts=given["dataset"] is None and not (given["labelled"] or given["text"]),
            closed=reading is None,
            skip=given["skip_bad_rows"],
            labelled=given["labelled"],
            originals=given["originals"],
            texts_per_line=given["texts_per_line"],
            labels=given["labels"],
        ),
        place if named is None and place.is_dir() else None,
    )


def has_part(path: str | os.PathLike[str], dataset: str | None, part: str) -> bool:
    """Whether `read(path, dataset=dataset, part=part)` finds a file of its own for this part.

    A file given directly is its own "train" part and no other.

    Raises:
        InputError: If the dataset or the part is unknown.
    """
    check_part(part)
    named = named_dataset(dataset) if dataset is not None else None
    path = checked_path(path)
    if not path.is_dir():
        return part == "train" and path.is_file()
    if named is None:
        return False
    if named.whole_folder:
        return part == "train"
    return part_file(path, named, part) is not None


def _merged(reading: Reading | None, given: ReadArguments) -> Reading:
    old = reading or Reading()
    text, dataset, header = given["text"], given["dataset"], given["header"]
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
        label=given["label"] or old.label,
        encoding=given["encoding"] or old.encoding,
    )
