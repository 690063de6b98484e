"""The rows that a command works on: read, checked, and as the texts or pairs a model takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.architectures import answer_names, tells_matches, texts_per_item
from attnpool.cli.checks import full_place, place_of, without
from attnpool.cli.streams import say
from attnpool.errors import InputError
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from attnpool.cli.arguments import Estimator, ReadOptions
    from attnpool.data import Rows, RowStream
    from attnpool.data.reader import ReadArguments
    from attnpool.data.table import Source

TRIPLET = 3
"""The number of text columns that make triplets, which have no label."""


def given_items(texts: Sequence[str], model: Estimator) -> list[Any]:
    """The texts of the command line, two by two where the model compares.

    Raises:
        InputError: One is left over.
    """
    if texts_per_item(model) == 1:
        return list(texts)
    if len(texts) % 2:
        what = "one text" if len(texts) == 1 else f"{len(texts)} texts, one left over"
        raise InputError(f"{what}; this model compares two: give TEXT TEXT for each pair")
    return list(zip(texts[::2], texts[1::2], strict=True))


def line_items(lines: Sequence[str], model: Estimator, first: int = 1) -> list[Any]:
    """The texts of stdin, one a line; or two with a tab between, where the model compares.

    Args:
        lines: The lines.
        model: The model.
        first: The number of the first of them.

    Raises:
        InputError: A line has not two.
    """
    if texts_per_item(model) == 1:
        return list(lines)
    pairs = [tuple(line.split("\t")) for line in lines]
    for number, pair in enumerate(pairs, first):
        if len(pair) != 2:
            many = "one text" if len(pair) == 1 else f"{len(pair)} texts"
            raise InputError(
                f"stdin, line {number} has {many}; this model compares two: give one pair per "
                "line, with a tab between its texts"
            )
    return pairs


def check_one_text(data: str, rows: Rows | RowStream) -> None:
    """Refuse rows of several texts where one is read.

    Raises:
        InputError: They are pairs or triplets.
    """
    if rows.width > 1:
        what = "pairs" if rows.width == 2 else f"{rows.width} texts per row"
        raise InputError(f"{data} has {what}{_columns(rows)}; name the one to read with --text")


def check_texts(data: str, rows: Rows | RowStream, model: Estimator) -> None:
    """Refuse rows whose number of texts is not what the model takes.

    Raises:
        InputError: It is not.
    """
    if texts_per_item(model) == 1:
        check_one_text(data, rows)
    elif rows.width == 1:
        raise InputError(
            f"{data} has one text per row{_columns(rows)}; this model compares two: "
            "name both columns, --text COL --text COL"
        )
    elif rows.width > 2:
        raise InputError(
            f"{data} has {rows.width} texts per row{_columns(rows)}; "
            "name the two to compare, --text COL --text COL"
        )


def complete(data: str, rows: Rows, *, skip_bad_rows: bool, some: bool = False) -> Rows:
    """Rows that all have every text, as reading makes sure of where there are labels.

    Args:
        data: The file.
        rows: Its rows.
        skip_bad_rows: Whether those that lack a text are left out.
        some: Whether these are some of its rows, of which none need be left.

    Raises:
        InputError: One lacks a text and may not be skipped, or none is left.
    """
    from attnpool.data.bad_rows import SHOWN, listed

    lacking = {
        i: "one of its texts is empty"
        for i, texts in enumerate(zip(*rows.texts, strict=True))
        if not all(map(str.strip, texts))
    }
    if lacking and not skip_bad_rows:
        first, *rest = lacking
        others = [str(place_of(rows, i)) for i in rest]
        more = f" ({len(others)} more such: {listed(others, SHOWN - 1)})" if others else ""
        raise InputError(
            f"{full_place(data, rows, first)}: one of its texts is empty{more}; "
            "fix the file, or use --skip-bad-rows"
        )
    if len(lacking) == len(rows) and not some:
        raise none_complete(data, len(rows))
    return replace(without(rows, lacking), labels=None)


def none_complete(data: str, rows: int) -> InputError:
    """The error for a file all of whose rows lack a text.

    Args:
        data: The file.
        rows: How many rows it has.
    """
    return InputError(f"{data}: no usable row; in all {rows:,} a text is empty")


def _columns(rows: Rows | RowStream) -> str:
    return f" ({', '.join(rows.reading.text)})" if rows.reading.text else ""


def checked(
    data: str, rows: Rows, model: Estimator, *, skips: bool, triplets: bool = False
) -> Rows:
    """Rows as the model takes them.

    Args:
        data: The file.
        rows: All or some of its rows.
        model: The model.
        skips: Whether bad rows are left out.
        triplets: Whether rows of three texts are taken of a model that tells matches.

    Raises:
        InputError: Their number of texts is not what the model takes.
    """
    if triplets and len(rows.texts) == TRIPLET and tells_matches(model):
        return complete(data, rows, skip_bad_rows=skips, some=True)
    check_texts(data, rows, model)
    return _as_numbers(rows, model)


def read_rows(
    model: Estimator,
    data: str,
    options: ReadOptions,
    *,
    labelled: bool,
    part: str = "train",
    originals: bool = False,
) -> Rows:
    """Rows read as the model's training file was, unless told otherwise.

    Args:
        model: The model.
        data: The file, or the folder of a named set.
        options: What the command line says of it.
        labelled: Whether every row must have a label.
        part: Which file of a folder, where it has one.
        originals: Whether to keep all columns as they stand in the file.

    Raises:
        InputError: The file, its columns or its rows are bad.
    """
    rows = open_rows(model, data, options, labelled=labelled, part=part, originals=originals)
    found = rows.read()
    say_notes(data, found)
    return checked(data, found, model, skips=options.skips)


def stream_rows(
    model: Estimator,
    data: str,
    options: ReadOptions,
    *,
    labelled: bool,
    part: str = "train",
    originals: bool = False,
    name: str | None = None,
) -> RowStream:
    """The same rows, to be read some at a time; labels as they stand, and only if required.

    Args:
        model: The model.
        data: The file, a folder of parts, or the folder of a named set.
        options: What the command line says of it.
        labelled: Whether every row must have a label.
        part: Which file of a folder, where it has one.
        originals: Whether to keep all columns as they stand in the file.
        name: What messages call the file, where that is not its path.

    Raises:
        InputError: The file or its columns are bad.
    """
    rows = open_rows(
        *(model, data, options),
        labelled=labelled,
        part=part,
        originals=originals,
        labels=labelled,
        name=name,
    )
    say_notes(name or data, rows)
    check_texts(name or data, rows, model)
    return rows


def open_rows(
    model: Estimator,
    data: str,
    options: ReadOptions,
    triplets: bool = False,
    **how: Unpack[ReadArguments],
) -> RowStream:
    """The rows that `read_rows` gives, to be read some at a time; see `checked`.

    Args:
        model: The model.
        data: The file, a folder of parts, or the folder of a named set.
        options: What the command line says of it.
        triplets: Whether rows of three texts are taken, then without labels.
        **how: As of `attnpool.data.stream`; `part` and `labelled` must be told.

    Raises:
        InputError: The file or its columns are bad.
    """
    from attnpool.data import Reading, has_part, named_dataset, stream

    remembered = None if model.reading_ is None else Reading.from_dict(model.reading_)
    dataset = options.dataset or (remembered.dataset if remembered else None)
    part = how["part"]
    part_found = has_part(data, dataset, part)
    in_parts = (
        dataset is not None and Path(data).is_dir() and not named_dataset(dataset).whole_folder
    )
    if part == "test" and in_parts and not part_found:
        # Its training file would look like a result.
        raise InputError(f"{data} has no test file; name the file to evaluate")
    same_layout = remembered is not None and dataset == remembered.dataset
    columns = options.text or (remembered.text if remembered and same_layout else ())
    how |= {
        "reading": remembered,
        "dataset": options.dataset,
        "text": options.text,
        "label": options.label,
        "encoding": options.encoding,
        "header": options.header,
        "skip_bad_rows": options.skips,
        "part": part if part_found else "train",
        "texts_per_line": texts_per_item(model),
    }
    if triplets and len(columns) == TRIPLET:
        unlabelled: ReadArguments = {**how, "labelled": False}
        rows = stream(data, **unlabelled)
        if rows.width == TRIPLET:
            return rows
        # A file without the three columns of training has pairs, which need their labels.
    return stream(data, **how)


def say_notes(file: str, rows: Rows | RowStream) -> None:
    """Say what differs from how a file was asked to be read, and what was only assumed of it."""
    for note in rows.notes:
        say(note)
    say_source(file, rows.source)


def say_source(file: str, source: Source) -> None:
    """Say what was only assumed: the most probable encoding, the first of several sheets."""
    from attnpool.data.formats.encodings import display_name

    if source.assumed and source.encoding:
        say(
            f"{file}: read as {display_name(source.encoding)}, the most probable "
            "encoding; if letters look wrong, name it with --encoding"
        )
    if source.sheets:
        first, *others = source.sheets
        say(
            f"{file}: read the sheet {quoted(first)}, the first with rows, and not "
            f"{quoted_list(others)}; to read another, move it to the front"
        )


def _as_numbers(rows: Rows, model: Estimator) -> Rows:
    """The rows with 匹配 and 不匹配 as 1 and 0, where the model knows these by number alone."""
    if not tells_matches(model) or answer_names(model) != ["0", "1"] or not rows.labels:
        return rows
    from attnpool.data.datasets.pairs import MATCH

    numbers = {name: number for number, name in MATCH.items()}
    return replace(rows, labels=[numbers.get(label, label) for label in rows.labels])


def known_note(model: Estimator, items: Sequence[Any]) -> str:
    """What to say before predictions for items that the model knows from training; else ""."""
    known = model.known_rows(items)
    return "" if known is None else known.note(items, measured=False)
