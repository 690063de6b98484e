"""Options that several commands share, and what they do with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.errors import InputError

if TYPE_CHECKING:
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
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")]
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
    )
    if len(rows.texts) > 1:
        columns = ", ".join(rows.reading.text)
        raise InputError(f"{data} has pairs ({columns}); name the one column to read with --text")
    return rows


def check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse an output file that exists, before any work is done.

    Raises:
        InputError: It exists, or the folder it should stand in does not.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file")
    if path.exists() and not overwrite:
        raise InputError(f"{path} exists; pass --overwrite to replace it")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist; make it first")


def print_json(form: Any) -> None:
    """Print one JSON value."""
    typer.echo(json.dumps(form, ensure_ascii=False, allow_nan=False))
