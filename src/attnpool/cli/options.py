"""Options that several commands share, and what they do with them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli import items
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attnpool.data import Rows
    from attnpool.estimators import TextClassifier, TextMatcher

    Estimator = TextClassifier | TextMatcher

METHODS = (
    "attention, contribution, gradient_x_input, integrated_gradients, leave_one_out or random; "
    "of max pooling max_share or max_sum, of average pooling closeness; of pairs lcs or lcs-rest"
)
"""Those of `attnpool.explain.methods.registry`, which takes long to import."""

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
    list[str] | None,
    typer.Option(
        metavar="COL",
        help="The text column, two for pairs; recognised if not given.",
    ),
]
TextOrTriplet = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COL",
        help="The text column; two for pairs, three for triplets (anchor, positive, negative). "
        "Recognised if not given, triplets excepted.",
    ),
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


Ranked = Annotated[
    str | None,
    typer.Option(
        "--labels",
        metavar="L,L",
        help="Rank these labels, new ones too; of a model of --architecture label.",
    ),
]


def load_model(path: Path) -> Estimator:
    """The model of a folder."""
    from attnpool.estimators import load

    model: Estimator = load(path)
    return model


def ranked_labels(model: Estimator, labels: str | None) -> list[str] | None:
    """The labels that --labels names; None where it is not given.

    Raises:
        InputError: The model ranks no labels, or they are fewer than two or not all different.
    """
    if labels is None:
        return None
    if getattr(model, "architecture", None) != "label":
        raise InputError("--labels is for models of --architecture label; leave it out")
    from attnpool.estimators.validation import checked_candidates
    from attnpool.sanitize import printable

    names = [name.strip() for name in printable(labels).split(",")]
    if not all(names):
        raise InputError(f"--labels {labels}: one of the labels is empty; give L,L without gaps")
    return checked_candidates(names)


def class_names(model: Estimator, ranked: list[str] | None = None) -> list[str]:
    """The names of the classes a model answers with."""
    return ranked or [str(name) for name in model.classes_.tolist()]


def read_rows(
    model: Estimator,
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
    triplets: bool = False,
) -> Rows:
    """Rows read as the model's training file was, unless told otherwise.

    With `triplets` rows of three texts, then without labels, are taken of a model that tells
    matches.

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
    columns = text or (remembered.text if remembered and name == remembered.dataset else ())
    three = triplets and len(columns) == items.TRIPLET
    rows = read(
        data,
        reading=remembered,
        dataset=dataset,
        text=text or (),
        label=label,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
        labelled=labelled and not three,
        part=part if found else "train",
        originals=originals,
    )
    if three and items.tells_matches(model):
        return items.complete(data, rows, skip_bad_rows=skip_bad_rows)
    items.check_texts(data, rows, model)
    return _as_numbers(rows, model)


def _as_numbers(rows: Rows, model: Estimator) -> Rows:
    """The rows with 匹配 and 不匹配 as 1 and 0, where the model knows these by number alone."""
    if not items.tells_matches(model) or class_names(model) != ["0", "1"] or not rows.labels:
        return rows
    from attnpool.data.datasets.pairs import MATCH

    numbers = {name: number for number, name in MATCH.items()}
    return replace(rows, labels=[numbers.get(label, label) for label in rows.labels])


def unranked(model: Estimator) -> str:
    """Whose the known labels are, and what to do about others."""
    if getattr(model, "architecture", None) == "label":
        return "those that are ranked; name all with --labels"
    return "the model's; mend or leave out such rows"


def check_labels(file: str, rows: Rows, known: Sequence[str], whose: str) -> None:
    """Refuse rows with a label that is not among those that are known.

    Args:
        file: The file.
        rows: Its rows.
        known: The labels that are known.
        whose: Whose they are, and behind a semicolon what to do.

    Raises:
        InputError: There is one; the message names the file and the row.
    """
    for i, label in enumerate(rows.labels or []):
        if label not in known:
            whom, _, advice = whose.partition("; ")
            raise InputError(
                f"{file}, labelled row {i + 1}: the label {label!r} is not among {whom}: "
                f"{', '.join(known)}; {advice}"
            )


def check_reading(dataset: str | None, encoding: str | None) -> None:
    """Refuse names of data sets and encodings that there are not, before a file is opened.

    Raises:
        InputError: A name is unknown.
    """
    from attnpool.data import named_dataset
    from attnpool.data.formats.encodings import check_encoding

    if dataset is not None:
        named_dataset(dataset)
    if encoding is not None:
        check_encoding(encoding)


def left_out(bad: int) -> str:
    """How many bad rows were left out, in words."""
    return f"{bad:,} bad row{'' if bad == 1 else 's'} left out"


def print_json(form: Any) -> None:
    """Print one JSON value."""
    typer.echo(json.dumps(form, ensure_ascii=False, allow_nan=False))
