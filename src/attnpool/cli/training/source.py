"""The rows to train on: all of them, or with `--stream` the first of them and where they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from attnpool.cli.rows import say_notes
from attnpool.cli.streams import say
from attnpool.cli.training_options import read_training_rows
from attnpool.errors import InputError
from attnpool.sanitize import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from attnpool.cli.arguments import Estimator, ReadOptions
    from attnpool.cli.training_options import ModelOptions
    from attnpool.data import Rows, RowStream

_MANY = 1_000_000
"""So many rows in memory are worth a word on `--stream`."""


def check_stream(
    options: ModelOptions, reading: ReadOptions, *, stream: bool, window: int | None
) -> None:
    """Refuse what `--stream` cannot do, before a file is opened.

    Raises:
        InputError: One of the options is for rows in memory, or `--window` for a stream.
    """
    if not stream:
        if window is not None:
            raise InputError("--window is for --stream; add it, or leave --window out")
        return
    for given, option in (
        (options.task == "match", "--task match"),
        (options.architecture is not None, "--architecture"),
        (options.match is not None, "--match"),
        (len(reading.text) > 1, "more than one --text"),
        (options.encoder.encoder is not None, "--encoder"),
        (options.teaching, "--unlabelled or --teacher"),
        (reading.bad_rows is not None, "--bad-rows"),
    ):
        if given:
            raise InputError(
                f"--stream trains a classifier of one text, without {option}; leave one of them out"
            )


def training_rows(
    data: str, reading: ReadOptions, *, stream: bool
) -> tuple[Rows, RowStream | None]:
    """All rows, or the first of a stream and the stream.

    Args:
        data: The file or the folder.
        reading: How it is read.
        stream: Whether the rows are read some at a time.

    Raises:
        InputError: The file, its columns or its rows are bad.
    """
    if not stream:
        rows = read_training_rows(data, reading)
        if len(rows) >= _MANY:
            say(f"{data}: {counted(len(rows), 'row')} in memory; --stream reads some at a time")
        return rows, None
    import attnpool.data
    from attnpool.data.label_map import parse_label_map
    from attnpool.estimators.streaming.survey import CHUNK

    source = attnpool.data.stream(
        data,
        dataset=reading.dataset,
        text=reading.text,
        label=reading.label,
        encoding=reading.encoding,
        header=reading.header,
        label_map=parse_label_map(reading.label_map),
        skip_bad_rows=reading.skips,
    )
    first = next(source.chunks(CHUNK))
    say_notes(data, first)
    if len(first.texts) > 1:
        raise InputError(
            f"{data} has {len(first.texts):,} texts per row; --stream trains a classifier of one: "
            "name it with --text"
        )
    return first, source


def fitting(
    model: Estimator, rows: Rows, source: RowStream | None, output: Path, window: int | None
) -> Callable[..., Any]:
    """What trains the model, but for the rows that validate.

    Args:
        model: The untrained model.
        rows: All rows, or the first of them.
        source: Where all are.
        output: The folder of the model; what is kept while it trains goes beside it.
        window: How many rows are held in memory at a time; None: the usual number.
    """
    trained: Any = model
    if source is None:
        return partial(trained.fit, rows.items, rows.labels)
    beside = output.resolve().parent
    given = {} if window is None else {"window": window}
    return partial(trained.fit_stream, source, cache=beside if beside.is_dir() else None, **given)
