"""`attnpool train`: rows to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from attnpool.cli import options, outputs
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.data import Rows

Pooling = Literal["attention", "max", "average", "min-variance"]
"""`attnpool.pooling.POOLINGS`, by name: importing it would import torch."""

FRACTION = 0.1
"""The share of the rows that validates, of a set without rows for that."""


def train(
    data: options.Data,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="MODEL", parser=outputs.path, help="A new folder."),
    ],
    dataset: options.Dataset = None,
    text: options.Text = None,
    label: options.Label = None,
    pooling: Annotated[
        Pooling, typer.Option(metavar="NAME", help="attention, max, average or min-variance.")
    ] = "attention",
    heads: Annotated[
        int | None, typer.Option(help="Attention heads; 4 unless given.", min=1, max=64)
    ] = None,
    tokenizer: Annotated[
        str, typer.Option(help="auto, characters, words, jieba, or a tokenizer.json.")
    ] = "auto",
    cleanup: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE",
            help="Leave out of every text: bracket-emoji, parentheses, or none. "
            "A named set has its own.",
        ),
    ] = None,
    balance: Annotated[
        bool, typer.Option("--balance", help="Make every class count the same.")
    ] = False,
    max_length: Annotated[
        str,
        typer.Option(
            help="Tokens read of a text: auto, a number, mode, mean, median, max, or p99."
        ),
    ] = "auto",
    validation: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|FRACTION",
            help="Rows that choose the best weights; the set's own, else 0.1, unless given.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides everything random.", min=0, max=2**32 - 1)] = 0,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    overwrite: outputs.Overwrite = False,
    as_json: options.Json = False,
) -> None:
    """Train a classifier on DATA and write it to the folder MODEL.

    A row of DATA without a text or a label is bad.
    """
    if heads is not None and heads != 1 and pooling != "attention":
        raise InputError(f"--heads {heads} needs --pooling attention; {pooling} pooling has none")
    fraction = _fraction(validation)
    options.check_reading(dataset, encoding)
    rules = tuple(rule for rule in cleanup or () if rule != "none")
    _check_text_options(tokenizer, rules, max_length)
    from attnpool.data import NAMED, read
    from attnpool.training.checkpoint import check_target

    check_target(output, overwrite=overwrite)
    rows = read(
        data,
        dataset=dataset,
        text=text or (),
        label=label,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
    )
    options.check_no_pairs(data, rows)
    held = fraction if fraction is not None else _held_rows(data, rows, validation, skip_bad_rows)

    from attnpool.estimators import TextClassifier
    from attnpool.training.progress import TerminalProgress

    if not cleanup and rows.reading.dataset:
        rules = tuple(NAMED[rows.reading.dataset].cleanup)
    model = TextClassifier(
        pooling=pooling,
        heads=heads or 4,
        tokenizer=tokenizer,
        cleanup=rules,
        max_length=max_length,
        class_weight="balanced" if balance else None,
        seed=seed,
    )
    model.reading_ = rows.reading.to_dict()
    model.fit(rows.texts[0], rows.labels or [], validation=held, progress=TerminalProgress())
    model.save(output, overwrite=overwrite)

    figures = {**model.metrics_, "skipped": rows.skipped}
    if as_json:
        options.print_json(figures)
        return
    skipped = f", {rows.skipped:,} bad rows left out" if rows.skipped else ""
    typer.echo(
        f"trained on {figures['n_train']:,} rows in {figures['seconds']:.1f} s "
        f"({figures['epochs']} epochs, {figures['texts_per_second']:,.0f} texts a second){skipped}"
    )
    if figures["accuracy"] is not None:
        typer.echo(
            f"accuracy {figures['accuracy']:.3f}, macro F1 {figures['macro_f1']:.3f} on "
            f"{figures['n_validation']:,} validation rows, which chose the weights"
        )
    typer.echo(f"wrote {output}")


def _fraction(validation: str | None) -> float | None:
    """A share of the rows; None if it is the name of a file, or not given."""
    if validation is None:
        return None
    try:
        share = float(validation)
    except ValueError:
        if not Path(validation).is_file():
            raise InputError(
                f"--validation {validation}: no such file; give a file or a share of the rows"
            ) from None
        return None
    if not 0 <= share < 1:
        raise InputError(f"--validation {validation}: give a file, or a share from 0 to below 1")
    return share


def _held_rows(
    data: str, rows: Rows, validation: str | None, skip_bad_rows: bool
) -> float | tuple[list[str], list[str]]:
    """The rows of the validation file or of the set's own; the usual share if there are none."""
    from attnpool.data import has_part, read

    if validation is not None:
        file, part = validation, "train"
    elif has_part(data, rows.reading.dataset, "validation"):
        file, part = data, "validation"
    else:
        return FRACTION
    other = read(file, reading=rows.reading, skip_bad_rows=skip_bad_rows, part=part)
    where = file if validation is not None else f"{data}, its validation rows"
    options.check_labels(where, other, sorted(set(rows.labels or [])), "those of the training rows")
    return other.texts[0], other.labels or []


def _check_text_options(tokenizer: str, rules: tuple[str, ...], max_length: str) -> None:
    """Refuse what no text could be read with, before any is.

    Raises:
        InputError: A tokeniser, a clean-up rule or a length limit there is not.
    """
    import numpy as np

    from attnpool.surrogates import printable
    from attnpool.text import Cleanup, length_limit, make_tokenizer

    Cleanup(rules)
    length_limit(np.ones(1, dtype=np.int64), max_length)
    if printable(tokenizer) != tokenizer:
        raise InputError(f"--tokenizer {tokenizer}: the path is not UTF-8; rename the file")
    make_tokenizer(tokenizer, ["一"], min_frequency=1)
