"""`read`: a file, or a named set's folder, to rows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from attnpool.data.bad_rows import BadRows
from attnpool.data.collect import collect
from attnpool.data.datasets.registry import NAMED, named_dataset, part_file, suggestion
from attnpool.data.formats.frames import frame_of
from attnpool.data.rows import Reading, Rows
from attnpool.data.source import Request
from attnpool.data.table import read_table
from attnpool.errors import InputError
from attnpool.sanitize import escaped, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attnpool.data.datasets.spec import NamedDataset

PARTS = ("train", "validation", "test")


def read(
    path: str | os.PathLike[str],
    *,
    reading: Reading | None = None,
    dataset: str | None = None,
    text: Sequence[str] = (),
    label: str | None = None,
    encoding: str | None = None,
    skip_bad_rows: bool = False,
    labelled: bool = True,
    part: str = "train",
    originals: bool = False,
) -> Rows:
    """Read texts and labels.

    Without a data set's name the format follows from the suffix (.csv, .tsv, .txt for
    tab-separated, .jsonl, .ndjson, .parquet), columns are recognised by their names or named
    here, and labels stay as they are: what a file is called never changes what its rows mean.
    A named set is read in its original format and its labels get their names (1 becomes 正面);
    text columns named for it put its own layout aside and keep its label names.

    Args:
        path: A file; or the folder of a named set.
        reading: How an earlier file was read; what follows overrides it.
        dataset: The name of a public data set, one of `NAMED`.
        text: The text columns: one to classify, two for pairs.
        label: The label column.
        encoding: The encoding; None: found by byte-order mark, UTF-8, GB18030, in this order.
        skip_bad_rows: Leave bad rows out, and count them, instead of raising an error.
        labelled: Whether every row must have a text and a label. If not, labels are read where
            the file has them, and a row may be empty.
        part: "train", "validation" or "test": which file of a folder.
        originals: Whether to read the file a second time for `Rows.originals`, all its columns.

    Returns:
        The rows in the order of the file.

    Raises:
        InputError: If there is no such file, its format or columns are not understood, it cannot
            be decoded, a row is bad, or no rows are left.
    """
    wanted = _merged(reading, dataset, text, label, encoding)
    named = named_dataset(wanted.dataset) if wanted.dataset is not None else None
    given = escaped(os.fspath(path))
    place, file = _file(Path(path), given, named, part)
    bad = BadRows(file, skip=skip_bad_rows)
    places: list[int | str] | None = [] if originals else None
    request = Request(place, file, wanted, labelled, bad)
    if named is None:
        source = read_table(request, suggestion(place))
        wanted = Reading(None, source.texts, source.label or wanted.label, wanted.encoding)
        texts, labels = collect(source, bad, labelled=labelled, places=places)
    else:
        source = named.reader(request, named)
        texts, labels = collect(
            source,
            bad,
            labelled=labelled,
            without=named.without,
            blank_texts=named.blank_texts,
            places=places,
        )
    skipped = bad.settle()
    if not texts[0]:
        raise bad.nothing_left()
    if places is None:
        return Rows(texts, labels, skipped, wanted)
    if source.frame is not None:
        frame = source.frame([place for place in places if isinstance(place, int)])
    else:
        columns = {"text": texts[0]} if labels is None else {"text": texts[0], "label": labels}
        frame = frame_of([("file", list(map(str, places))), *columns.items()])
    return Rows(texts, labels, skipped, wanted, frame)


def has_part(path: str | os.PathLike[str], dataset: str | None, part: str) -> bool:
    """Whether `read(path, dataset=dataset, part=part)` finds a file of its own for this part.

    A file given directly is its own "train" part and no other.

    Raises:
        InputError: If the data set or the part is unknown.
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
        # Columns of another layout would not be found in this one.
        old = Reading(dataset, encoding=old.encoding)
    return Reading(old.dataset, text or old.text, label or old.label, encoding or old.encoding)


def _file(path: Path, given: str, named: NamedDataset | None, part: str) -> tuple[Path, str]:
    """The path to read, and how to call it."""
    _check_part(part)
    try:
        if not path.exists():
            raise InputError(f"{given}: no such file; check the path")
        if path.is_dir():
            return _in_folder(path, given, named, part)
        if not path.is_file():
            raise InputError(f"{given} is not an ordinary file; save it as one first")
        with path.open("rb") as raw:
            if not raw.read(1):
                raise InputError(f"{given} is empty; give a file with data")
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{given} cannot be read: {reason}; check the path") from error
    return path, given


def _in_folder(path: Path, given: str, named: NamedDataset | None, part: str) -> tuple[Path, str]:
    if named is None:
        folders = [d.name for d in NAMED.values() if len(d.parts) > 1 or d.whole_folder]
        raise InputError(
            f"{given} is a folder; give a file in it, "
            f"or say with --dataset which set it holds ({', '.join(folders)})"
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
