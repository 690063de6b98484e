"""`attnpool train`: rows to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from attnpool.architectures import find_architecture
from attnpool.cli import items, options, outputs
from attnpool.cli.tasks import Architecture, Task, check_match, check_task, settle
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.data import Rows

Pooling = Literal["attention", "mean_query", "max", "average", "min_variance"]
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
    text: options.TextOrTriplet = None,
    label: options.Label = None,
    task: Annotated[
        Task | None,
        typer.Option(
            metavar="TASK",
            help="classify or match; by the number of text columns unless given.",
        ),
    ] = None,
    architecture: Annotated[
        Architecture | None,
        typer.Option(
            metavar="NAME",
            help="How a matcher's texts meet: siamese, interaction, alignment, triplet, or label "
            "(one text and the name of its class). Siamese for pairs unless given.",
        ),
    ] = None,
    match: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL",
            help="The label of pairs that match; of two the second in order unless given.",
        ),
    ] = None,
    pooling: Annotated[
        Pooling | None,
        typer.Option(
            metavar="NAME",
            help="attention, mean_query, max, average or min_variance; attention unless given.",
        ),
    ] = None,
    heads: Annotated[
        int | None,
        typer.Option(
            help="Attention heads; 4 unless given, a matcher as its architecture wants.",
            min=1,
            max=64,
        ),
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
    faithful: Annotated[
        bool,
        typer.Option(
            "--faithful",
            help="Train a classifier whose attention can be trusted: mean_query, drawn to what "
            "speaks for the answer.",
        ),
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
    """Train a classifier or a matcher on DATA and write it to the folder MODEL.

    One text column is classified; two are matched, and so are three: anchor, positive, negative,
    without a label. A row of DATA without a text or a label is bad.
    """
    columns = text or []
    check_task(task, architecture, columns, label, balance=balance)
    _check_faithful(architecture, pooling, heads, faithful=faithful)
    pooling = pooling or "attention"
    _check_attention(architecture, pooling, heads)
    if heads not in (None, 1) and pooling != "attention":
        raise InputError(f"--heads {heads} needs --pooling attention; {pooling} has one head")
    fraction = _fraction(validation)
    options.check_reading(dataset, encoding)
    rules = tuple(rule for rule in cleanup or () if rule != "none")
    _check_text_options(tokenizer, rules, max_length)
    from attnpool.data import NAMED, read
    from attnpool.persistence.model_folder import check_target

    check_target(output, overwrite=overwrite)
    rows = read(
        data,
        dataset=dataset,
        text=columns,
        label=label,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
        labelled=len(columns) != items.TRIPLET,
    )
    if len(columns) == items.TRIPLET:
        rows = items.complete(data, rows, skip_bad_rows=skip_bad_rows)
    chosen = settle(data, rows, task, architecture, balance=balance)
    check_match(chosen, rows, match)
    _check_faithful(chosen, None, None, faithful=faithful)
    _check_attention(chosen, pooling, heads)
    held = fraction if fraction is not None else _held_rows(data, rows, validation, skip_bad_rows)

    from attnpool.estimators import TextClassifier, TextMatcher
    from attnpool.progress import TerminalProgress

    if not cleanup and rows.reading.dataset:
        rules = tuple(NAMED[rows.reading.dataset].cleanup)
    shared: dict[str, Any] = {"tokenizer": tokenizer, "cleanup": rules, "max_length": max_length}
    shared |= {"pooling": pooling, "seed": seed}
    model: options.Estimator
    if chosen is None:
        weight = "balanced" if balance else None
        model = TextClassifier(heads=heads, class_weight=weight, faithful=faithful, **shared)
    else:
        model = TextMatcher(architecture=chosen, heads=heads, match_label=match, **shared)
    model.reading_ = rows.reading.to_dict()
    fit: Any = model.fit
    fit(items.items(rows), rows.labels, validation=held, progress=TerminalProgress())
    model.save(output, overwrite=overwrite)

    figures = {**model.metrics_, "skipped": rows.skipped}
    if as_json:
        options.print_json(figures)
        return
    skipped = f", {options.left_out(rows.skipped)}" if rows.skipped else ""
    what = "rows" if len(rows.texts) == 1 else "pairs"
    typer.echo(
        f"trained on {figures['n_train']:,} {what} in {figures['seconds']:.1f} s "
        f"({figures['epochs']} epochs, {figures['texts_per_second']:,.0f} texts a second){skipped}"
    )
    if figures["accuracy"] is not None:
        typer.echo(
            f"accuracy {figures['accuracy']:.3f}, macro F1 {figures['macro_f1']:.3f} on "
            f"{figures['n_validation']:,} validation {what}, which chose when to stop"
            f"{' and the threshold' * (chosen == 'triplet')}"
            f"{'; then trained anew on all' * figures['refitted']}"
        )
    if figures.get("contradictory"):
        typer.echo(f"left out {figures['contradictory']:,} pairs that other pairs contradict")
    if items.tells_matches(model):
        typer.echo(f"a match is {options.class_names(model)[1]}")
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
) -> float | tuple[list[Any], list[Any]]:
    """The rows of the validation file or of the set's own; the usual share if there are none."""
    from attnpool.data import has_part, read

    if validation is not None:
        file, part = validation, "train"
    elif has_part(data, rows.reading.dataset, "validation"):
        file, part = data, "validation"
    else:
        return FRACTION
    labelled = rows.labels is not None
    other = read(
        file, reading=rows.reading, skip_bad_rows=skip_bad_rows, part=part, labelled=labelled
    )
    if not labelled:
        other = items.complete(file, other, skip_bad_rows=skip_bad_rows)
        return items.items(other), []
    where = file if validation is not None else f"{data}, its validation rows"
    options.check_labels(
        where,
        other,
        sorted(set(rows.labels or [])),
        "those of the training rows; mend or leave out such rows",
    )
    return items.items(other), other.labels or []


def _check_faithful(
    architecture: str | None, pooling: str | None, heads: int | None, *, faithful: bool
) -> None:
    """Refuse what `faithful` chooses otherwise, and a matcher.

    Raises:
        InputError: It is asked for.
    """
    if not faithful:
        return
    if architecture is not None:
        raise InputError("--faithful trains classifiers only; leave it out for a matcher")
    if pooling not in (None, "mean_query"):
        raise InputError(f"--faithful pools by mean_query, not {pooling}; leave --pooling out")
    if heads not in (None, 1):
        raise InputError("--faithful has one head; leave --heads out")


def _check_attention(architecture: str | None, pooling: str, heads: int | None) -> None:
    """Refuse a pooling or heads that the architecture does not take.

    Raises:
        InputError: It does not take them.
    """
    if architecture is None or (heads is None and pooling == "attention"):
        return
    find_architecture(architecture).check_attention(pooling, heads)


def _check_text_options(tokenizer: str, rules: tuple[str, ...], max_length: str) -> None:
    """Refuse what no text could be read with, before any is.

    Raises:
        InputError: A tokeniser, a clean-up rule or a length limit there is not.
    """
    import numpy as np

    from attnpool.sanitize import printable
    from attnpool.text import Cleanup, length_limit, make_tokenizer

    Cleanup(rules)
    length_limit(np.ones(1, dtype=np.int64), max_length)
    if printable(tokenizer) != tokenizer:
        raise InputError(f"--tokenizer {tokenizer}: the path is not UTF-8; rename the file")
    make_tokenizer(tokenizer, ["一"], min_frequency=1)
