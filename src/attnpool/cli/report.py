"""`attnpool report`: how a model does on a whole file, and every row of it, as one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.attribution_methods import find_method
from attnpool.cli import items, options, outputs, trust
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.cli.options import Estimator
    from attnpool.data import Rows
    from attnpool.explanation import Explanation

SUFFIXES = (".html", ".htm")


def report(
    model: options.Model,
    data: options.Data,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", parser=outputs.path, help="An .html file."),
    ],
    method: Annotated[
        str, typer.Option(help=f"What the colours mean: {options.METHODS}.")
    ] = "contribution",
    labels: options.Ranked = None,
    dataset: options.Dataset = None,
    text: options.Text = None,
    label: options.Label = None,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    overwrite: outputs.Overwrite = False,
) -> None:
    """Write a page on what MODEL makes of DATA: figures, tokens, and every row.

    Rows without a label are shown too; the figures are those of the rows that have one. The page
    is one file that loads nothing. A click colours the rows by attention instead; how far either
    can be trusted is measured on at most 100 of the rows.
    """
    if output.suffix.lower() not in SUFFIXES:
        raise InputError(f"{output}: name a file that ends in {' or '.join(SUFFIXES)}")
    outputs.check_file(output, overwrite=overwrite, data=data)
    options.check_reading(dataset, encoding)
    estimator = options.load_model(model)
    ranked = options.ranked_labels(estimator, labels)
    find_method(method)
    rows = options.read_rows(
        estimator,
        data,
        labelled=False,
        part="test",
        dataset=dataset,
        text=text,
        label=label,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
    )
    if rows.labels:
        given = [name for name in rows.labels if name]
        known = options.class_names(estimator, ranked)
        options.check_labels(data, replace(rows, labels=given), known, options.unranked(estimator))
    # Attention is a click away; where it is asked for, what else would be coloured. The shares of
    # the maximum are the attention of models that pool it.
    looked = method in ("attention", "max_share")
    methods = [method, "contribution" if looked else "attention"]
    explanations, beside = (_explain(estimator, rows, name, ranked) for name in methods)
    # What labels of another model's choosing are worth is not known to it.
    told = {} if ranked else trust.in_words(estimator, items.items(rows), methods)

    from attnpool.persistence.atomic import replace_file
    from attnpool.view.report import to_report

    title = f"{model.resolve().name} on {Path(data).name}"
    page = to_report(explanations, beside, trust=told, title=title, notes=_notes(estimator, rows))
    replace_file(output, lambda file: file.write_text(page, encoding="utf-8"))
    skipped = f", {options.left_out(rows.skipped)}" if rows.skipped else ""
    typer.echo(f"wrote {output}: {len(rows):,} rows{skipped}")


def _explain(model: Any, rows: Rows, method: str, ranked: list[str] | None) -> list[Explanation]:
    from attnpool.progress import TerminalProgress

    how = {} if ranked is None else {"ranked": ranked}
    found = model.explain(items.items(rows), method=method, progress=TerminalProgress(), **how)
    labels = rows.labels or [""] * len(rows)
    return [replace(one, label=name or None) for one, name in zip(found, labels, strict=True)]


def _notes(model: Estimator, rows: Rows) -> list[str]:
    """What a reader must know before believing a figure."""
    notes = []
    held, accuracy = model.metrics_.get("n_validation"), model.metrics_.get("accuracy")
    if rows.labels and held and accuracy is not None:
        notes.append(
            f"When it was trained, the model was right on {accuracy:.1%} of {held:,} rows held "
            "out. Rows it was trained on say less: if there are any here, the figures flatter it."
        )
    elif rows.labels:
        notes.append("If the model was trained on any of these rows, the figures below flatter it.")
    if rows.skipped:
        notes.append(f"{options.left_out(rows.skipped)}.")
    return notes
