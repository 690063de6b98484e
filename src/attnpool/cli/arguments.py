"""The arguments and options that several commands share, and their checks."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from attnpool._renamed import VALUES, message
from attnpool.attribution_methods import find_method, method_help
from attnpool.cli.streams import say
from attnpool.errors import InputError
from attnpool.metrics import display_order
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attnpool.estimators import TextClassifier, TextMatcher

    Estimator = TextClassifier | TextMatcher

Model = Annotated[
    Path,
    typer.Argument(
        metavar="MODEL",
        help="The folder of a trained model, the file that export made of it, or the address of "
        "either on the Hugging Face hub: hf://user/repository@revision.",
    ),
]
ModelFolder = Annotated[
    Path,
    typer.Argument(
        metavar="MODEL", help="The folder of a trained model, or its address on the hub."
    ),
]
Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="A CSV, TSV, JSON, JSONL, Parquet, Excel or text file, or the original file or "
        "folder of a public dataset.",
    ),
]
Dataset = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Read the file as this public dataset; see `attnpool datasets`."
    ),
]
Text = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COL",
        help="The text column; give two for pairs.  [default: recognised by name]",
    ),
]
TextOrTriplet = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COL",
        help="The text column; give two for pairs, three for triplets (anchor, positive, "
        "negative).  [default: recognised by name, except for triplets]",
    ),
]
Label = Annotated[
    str | None,
    typer.Option(metavar="COL", help="The label column.  [default: recognised by name]"),
]
LabelMap = Annotated[
    list[str] | None,
    typer.Option(
        metavar="L,L=NAME",
        help="Train on groups of labels: --label-map 1,2,3=bad --label-map 4,5=good. The model "
        "keeps the rules for files it is evaluated on.",
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The encoding of the file, such as gb18030 or cp1252.  [default: "
        "recognised; if it is not certain, the most probable one is said]",
    ),
]
NoHeader = Annotated[
    bool,
    typer.Option(
        "--no-header",
        help="The first row is data; columns are named by number: --text 2 --label 1.",
    ),
]
BadRows = Annotated[
    Path | None,
    typer.Option(
        "--bad-rows",
        metavar="FILE",
        help="Skip bad rows, and write their numbers and what is wrong to this CSV file.  "
        "[default: none]",
    ),
]
SafeCsv = Annotated[
    bool,
    typer.Option(
        "--safe-csv",
        help="Write CSV and TSV that are safe to open in a spreadsheet: a text that it would take "
        "for a formula gets an apostrophe in front; numbers stay as they are.",
    ),
]
SkipBadRows = Annotated[bool, typer.Option("--skip-bad-rows", help="Skip bad rows and count them.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


Candidates = Annotated[
    str | None,
    typer.Option(
        "--candidates",
        "--labels",
        metavar="L,L",
        help="For models of --architecture label: the labels to rank, including unseen ones.  "
        "[default: the model's classes]",
    ),
]
_METHODS = f"What the colours show: {method_help()}."
Method = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=f"{_METHODS}  [default: contribution]", show_default=False),
]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a file is to be read, as the options of a command say.

    Attributes:
        dataset: The public set that it is read as.
        text: The text columns.
        label: The label column.
        encoding: The encoding.
        skip_bad_rows: Whether bad rows are left out rather than refused.
        label_map: The rules that group labels.
        no_header: Whether the first row is data.
        bad_rows: The file for the rows that are left out, if any is asked for.
        safe_csv: Whether no text in it is to be a formula to a spreadsheet.
    """

    dataset: str | None = None
    text: list[str] = field(default_factory=list)
    label: str | None = None
    encoding: str | None = None
    skip_bad_rows: bool = False
    label_map: list[str] = field(default_factory=list)
    no_header: bool = False
    bad_rows: Path | None = None
    safe_csv: bool = False

    @property
    def skips(self) -> bool:
        """Whether bad rows are left out."""
        return self.skip_bad_rows or self.bad_rows is not None

    @property
    def header(self) -> bool | None:
        """Whether there is a header; None: as the model remembers."""
        return False if self.no_header else None

    def check(self) -> None:
        """Refuse unknown datasets, encodings and wrong rules of labels, before a file is opened.

        Raises:
            InputError: A name is unknown, or a rule of --label-map is none.
        """
        from attnpool.data import named_dataset
        from attnpool.data.formats.encodings import check_encoding
        from attnpool.data.label_map import parse_label_map

        parse_label_map(self.label_map)
        if self.dataset is not None:
            named_dataset(self.dataset)
        if self.encoding is not None:
            check_encoding(self.encoding)


def load_model(path: Path) -> Estimator:
    """The model of a folder, a compact file or an address of the hub, which is told as it is now.

    Raises:
        InputError: There is none, it is damaged, or a library that it needs is not installed.
    """
    from attnpool.loading import load

    with local_model(path) as place:
        return cast("Estimator", load(place))


@contextmanager
def local_model(path: Path) -> Iterator[Path]:
    """Where a model stands on this machine; one of the hub is downloaded, and told as it is now.

    What is wrong with it is told of its address.

    Raises:
        InputError: The hub has none, or cannot be reached.
    """
    from attnpool.persistence import hub

    with hub.local(path) as (place, address):
        if address is not None:
            say(f"model: {address}")
        yield place


def candidate_labels(model: Estimator, candidates: str | None) -> list[str] | None:
    """The labels that --candidates names; None where it is not given.

    Raises:
        InputError: The model ranks no labels, or they are fewer than two or not all different.
    """
    if candidates is None:
        return None
    if not ranks_labels(model):
        raise InputError("--candidates is for models of --architecture label; leave it out")
    from attnpool.estimators.validation import checked_candidates
    from attnpool.sanitize import printable

    names = [name.strip() for name in printable(candidates).split(",")]
    if not all(names):
        raise InputError(
            f"--candidates {candidates}: one of the labels is empty; give L,L without gaps"
        )
    return list(map(str, checked_candidates(names)))


def ranks_labels(model: Estimator) -> bool:
    """Whether the model ranks any list of labels."""
    return getattr(model, "architecture", None) == "label"


def with_candidates(candidates: list[str] | None) -> dict[str, Any]:
    """The argument `candidates` of a model's methods, where there are any."""
    return {} if candidates is None else {"candidates": candidates}


def current_name(value: str | None) -> str | None:
    """The value of an option in its current form; an earlier one is said to be so."""
    if value is None:
        return None
    if value in VALUES:
        say(message(value, VALUES[value]))
    return VALUES.get(value, value)


def check_target(method: str | None, target: str | None, known: list[str]) -> str | None:
    """Refuse a method or a class there is not, before any text is read.

    Args:
        method: The method, if one is asked for.
        target: The class, in any spelling.
        known: The classes.

    Returns:
        The class in the spelling of `known`.

    Raises:
        InputError: There is not.
    """
    from attnpool.label_values import as_known

    if method is not None:
        find_method(method)
    if target is None:
        return None
    [target] = as_known([target], known)
    if target not in known:
        raise InputError(
            f"unknown target {quoted(target)}; the labels are "
            f"{quoted_list(display_order(known), near=target)}"
        )
    return target
