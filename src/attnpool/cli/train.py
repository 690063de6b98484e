"""`attnpool train`: rows to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from attnpool.cli import options
from attnpool.errors import InputError


def train(
    data: options.Data,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="MODEL", help="The folder.")],
    dataset: options.Dataset = None,
    text: options.Text = None,
    label: options.Label = None,
    pooling: Annotated[
        str, typer.Option(help="attention, max, average or min-variance.")
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
        str,
        typer.Option(metavar="FILE|FRACTION", help="Rows that choose the best weights."),
    ] = "0.1",
    seed: Annotated[int, typer.Option(help="Decides everything random.", min=0)] = 0,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    overwrite: options.Overwrite = False,
    as_json: options.Json = False,
) -> None:
    """Train a classifier on DATA and write it to the folder MODEL."""
    from attnpool.data import NAMED, has_part, read
    from attnpool.training.checkpoint import check_target

    check_target(output, overwrite=overwrite)
    if heads is not None and heads != 1 and pooling != "attention":
        raise InputError(f"--heads {heads} needs --pooling attention; {pooling} pooling has none")
    rows = read(
        data,
        dataset=dataset,
        text=text or (),
        label=label,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
    )
    if len(rows.texts) > 1:
        columns = ", ".join(rows.reading.text)
        raise InputError(
            f"{data} has pairs ({columns}), which this version cannot match; "
            "name the one column to classify with --text"
        )
    held: float | tuple[list[str], list[str]]
    fraction = _fraction(validation)
    if fraction is None or (validation == "0.1" and has_part(data, dataset, "validation")):
        other = read(
            data if fraction is not None else validation,
            reading=rows.reading,
            skip_bad_rows=skip_bad_rows,
            part="validation" if fraction is not None else "train",
        )
        held = (other.texts[0], other.labels or [])
    else:
        held = fraction

    from attnpool.estimators import TextClassifier
    from attnpool.training.progress import TerminalProgress

    named = NAMED[rows.reading.dataset].cleanup if rows.reading.dataset else ()
    rules = tuple(rule for rule in cleanup if rule != "none") if cleanup else tuple(named)
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


def _fraction(validation: str) -> float | None:
    """A share of the rows; None if it is the name of a file."""
    try:
        share = float(validation)
    except ValueError:
        return None
    if not 0 <= share < 1:
        raise InputError(f"--validation {validation}: give a file, or a share from 0 to below 1")
    return share
