"""The rows that a command works on: read, checked, and as the texts or pairs a model takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.architectures import answer_names, tells_matches, texts_per_item
from attnpool.cli.arguments import ranks_labels
from attnpool.cli.streams import say
from attnpool.errors import InputError
from attnpool.metrics import display_order
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from attnpool.cli.arguments import Estimator, ReadOptions
    from attnpool.data import Rows, RowStream
    from attnpool.data.bad_rows import BadRow
    from attnpool.data.formats.frames import Originals
    from attnpool.data.reader import ReadArguments
    from attnpool.data.table import Source

TRIPLET = 3
"""The number of text columns that make triplets, which have no label."""


def as_items(rows: Rows) -> list[Any]:
    """The texts, or the pairs or triplets as tuples."""
    one = len(rows.texts) == 1
    return rows.texts[0] if one else list(zip(*rows.texts, strict=True))


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


def complete(data: str, rows: Rows, *, skip_bad_rows: bool) -> Rows:
    """Rows that all have every text, as reading makes sure of where there are labels.

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
        first, *others = [str(_place(rows, i)) for i in lacking]
        more = f" ({len(others)} more such: {listed(others, SHOWN - 1)})" if others else ""
        raise InputError(
            f"{data}, {rows.unit} {first}: one of its texts is empty{more}; "
            "fix the file, or use --skip-bad-rows"
        )
    if len(lacking) == len(rows):
        raise InputError(f"{data}: no usable row; in all {len(rows):,} a text is empty")
    return replace(_without(rows, lacking), labels=None)


def _columns(rows: Rows | RowStream) -> str:
    return f" ({', '.join(rows.reading.text)})" if rows.reading.text else ""


def read_rows(
    model: Estimator,
    data: str,
    options: ReadOptions,
    *,
    labelled: bool,
    part: str = "train",
    originals: bool = False,
    triplets: bool = False,
) -> Rows:
    """Rows read as the model's training file was, unless told otherwise.

    Args:
        model: The model.
        data: The file, or the folder of a named set.
        options: What the command line says of it.
        labelled: Whether every row must have a label.
        part: Which file of a folder, where it has one.
        originals: Whether to keep all columns as they stand in the file.
        triplets: Whether rows of three texts, then without labels, are taken of a model that
            tells matches.

    Raises:
        InputError: The file, its columns or its rows are bad.
    """
    rows, three = _stream(
        *(model, data, options), triplets, labelled=labelled, part=part, originals=originals
    )
    found = rows.read()
    say_notes(data, found)
    if three:
        return complete(data, found, skip_bad_rows=options.skips)
    check_texts(data, found, model)
    return _as_numbers(found, model)


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
    rows, _ = _stream(
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


def _stream(
    model: Estimator,
    data: str,
    options: ReadOptions,
    triplets: bool = False,
    **how: Unpack[ReadArguments],
) -> tuple[RowStream, bool]:
    """The rows to be read, and whether they are triplets."""
    from attnpool.data import Reading, has_part, named_dataset, stream

    remembered = None if model.reading_ is None else Reading.from_dict(model.reading_)
    dataset = options.dataset or (remembered.dataset if remembered else None)
    part, labelled = how["part"], how["labelled"]
    part_found = has_part(data, dataset, part)
    in_parts = (
        dataset is not None and Path(data).is_dir() and not named_dataset(dataset).whole_folder
    )
    if part == "test" and in_parts and not part_found:
        # Its training file would look like a result.
        raise InputError(f"{data} has no test file; name the file to evaluate")
    same_layout = remembered is not None and dataset == remembered.dataset
    columns = options.text or (remembered.text if remembered and same_layout else ())
    three = triplets and len(columns) == TRIPLET
    how |= {
        "reading": remembered,
        "dataset": options.dataset,
        "text": options.text,
        "label": options.label,
        "encoding": options.encoding,
        "header": options.header,
        "skip_bad_rows": options.skips,
        "labelled": labelled and not three,
        "part": part if part_found else "train",
        "texts_per_line": texts_per_item(model),
    }
    rows = stream(data, **how)
    return rows, three and tells_matches(model)


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


def answerable(
    file: str, rows: Rows, model: Estimator, candidates: list[str] | None, *, skip_bad_rows: bool
) -> tuple[Rows, dict[str, int]]:
    """The rows, and how many have each label that the model does not answer with.

    Args:
        file: The file.
        rows: Its rows; those without a label pass.
        model: The model.
        candidates: The labels that are ranked in place of the model's.
        skip_bad_rows: Whether rows with other labels are left out.

    Raises:
        InputError: No row has a label that the model answers with.
    """
    if ranks_labels(model):
        whose = "those that are ranked; name all with --candidates"
    else:
        whose = "the model's; check --label, or fix the labels"
    known = answer_names(model, candidates)
    return known_labels(file, rows, known, whose, skip_bad_rows=skip_bad_rows)


def known_labels(
    file: str, rows: Rows, known: Sequence[str], whose: str, *, skip_bad_rows: bool
) -> tuple[Rows, dict[str, int]]:
    """The rows with their labels spelled as known ones, and how many have each other label.

    Args:
        file: The file.
        rows: Its rows.
        known: The labels that are known.
        whose: Whose they are, and behind a semicolon what to do.
        skip_bad_rows: Whether rows with other labels are left out, and counted as bad.

    Raises:
        InputError: No label is among them; the message names the file and the first row.
    """
    from attnpool.label_values import as_known

    labels, names = as_known(rows.labels or [], known), set(known)
    unknown = Counter(label for label in labels if label and label not in names)
    if not rows.labels or not unknown:
        return replace(rows, labels=rows.labels and labels), {}
    if unknown.total() == sum(map(bool, labels)):
        first = next(i for i, label in enumerate(labels) if label)
        whom, _, advice = whose.partition("; ")
        raise InputError(
            f"{file}, {rows.unit} {_place(rows, first)}: the label {quoted(labels[first])} is not "
            f"among {whom}: {quoted_list(display_order(known), near=labels[first])}; {advice}"
        )
    rows = replace(rows, labels=labels)
    if not skip_bad_rows:
        return rows, dict(unknown)
    bad = {
        i: f"the label {quoted(label)} is not the model's"
        for i, label in enumerate(labels)
        if label in unknown
    }
    return _without(rows, bad), {}


def _place(rows: Rows, number: int) -> int | str:
    return rows.places[number] if rows.places else number + 1


def _in_order(bad: tuple[BadRow, ...]) -> tuple[BadRow, ...]:
    """Bad rows in the order of the file; rows that are files of their own as they come."""
    numbered = all(isinstance(row.place, int) for row in bad)
    return tuple(sorted(bad)) if numbered else bad


def _without(rows: Rows, bad: dict[int, str]) -> Rows:
    """The rows but for these, each with what is wrong with it."""
    from attnpool.data.bad_rows import BadRow

    kept = [i for i in range(len(rows)) if i not in bad]
    left_out = [BadRow(_place(rows, i), reason) for i, reason in sorted(bad.items())]
    return replace(
        rows,
        texts=tuple([side[i] for i in kept] for side in rows.texts),
        labels=None if rows.labels is None else [rows.labels[i] for i in kept],
        skipped=rows.skipped + len(bad),
        bad_rows=_in_order((*rows.bad_rows, *left_out)),
        places=[rows.places[i] for i in kept] if rows.places else (),
        originals=None if rows.originals is None else _taken(rows.originals, kept),
    )


def _taken(frame: Originals, kept: list[int]) -> Originals:
    from attnpool.data.formats.frames import Frame

    return frame.take(kept) if isinstance(frame, Frame) else frame[kept]


def known_note(model: Estimator, items: Sequence[Any]) -> str:
    """What to say before predictions for items that the model knows from training; else ""."""
    known = model.known_rows(items)
    return "" if known is None else known.note(items, measured=False)
