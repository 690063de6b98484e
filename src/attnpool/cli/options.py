"""Options that several commands share, and what they do with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attnpool.data import Rows
    from attnpool.estimators import TextClassifier

Model = Annotated[Path, typer.Argument(metavar="MODEL", help="The folder of a trained model.")]
Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="CSV, TSV, JSONL or Parquet, or a named set's original file or folder.",
    ),
]
Dataset = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Read as this public set; see `attnpool datasets`."),
]
Text = Annotated[
    list[str] | None, typer.Option(metavar="COL", help="The text column; recognised if not given.")
]
Label = Annotated[
    str | None, typer.Option(metavar="COL", help="The label column; recognised if not given.")
]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="Such as gb18030; recognised if not given.")
]
SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Leave out bad rows and count them.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def load_model(path: Path) -> TextClassifier:
    """The model of a folder."""
    from attnpool.estimators import load

    return load(path)


def read_rows(
    model: TextClassifier,
    data: str,
    *,
    labelled: bool,
    part: str = "train",
    dataset: str | None = None,
    text: list[str] | None = None,
    label: str | None = None,
    encoding: str | None = None,
    skip_bad_rows: bool = False,
    originals: bool = False,
) -> Rows:
    """Rows read as the model's training file was, unless told otherwise.

    Raises:
        InputError: The file, its columns or its rows are bad.
    """
    from attnpool.data import Reading, has_part, named_dataset, read

    remembered = None if model.reading_ is None else Reading.from_dict(model.reading_)
    name = dataset or (remembered.dataset if remembered else None)
    found = has_part(data, name, part)
    in_parts = name is not None and Path(data).is_dir() and not named_dataset(name).whole_folder
    if part == "test" and in_parts and not found:
        # Its training file would look like a result.
        raise InputError(f"{data} has no test file; name the file to evaluate")
    rows = read(
        data,
        reading=remembered,
        dataset=dataset,
        text=text or (),
        label=label,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
        labelled=labelled,
        part=part if found else "train",
        originals=originals,
    )
    check_no_pairs(data, rows)
    return rows


def check_no_pairs(data: str, rows: Rows) -> None:
    """Refuse rows of two texts, which no classifier reads.

    Raises:
        InputError: They are pairs.
    """
    if len(rows.texts) > 1:
        columns = f" ({', '.join(rows.reading.text)})" if rows.reading.text else ""
        raise InputError(f"{data} has pairs{columns}; name the one column to read with --text")


def check_labels(file: str, rows: Rows, known: Sequence[str], whose: str) -> None:
    """Refuse rows with a label that is not among those that are known.

    Raises:
        InputError: There is one; the message names the file and the row.
    """
    for i, label in enumerate(rows.labels or []):
        if label not in known:
            raise InputError(
                f"{file}, labelled row {i + 1}: the label {label!r} is not among {whose}: "
                f"{', '.join(known)}"
            )


def check_reading(dataset: str | None, encoding: str | None) -> None:
    """Refuse names of data sets and encodings that there are not, before a file is opened.

    Raises:
        InputError: A name is unknown.
    """
    from attnpool.data import named_dataset
    from attnpool.data.encodings import check_encoding

    if dataset is not None:
        named_dataset(dataset)
    if encoding is not None:
        check_encoding(encoding)


def print_json(form: Any) -> None:
    """Print one JSON value."""
    typer.echo(json.dumps(form, ensure_ascii=False, allow_nan=False))
