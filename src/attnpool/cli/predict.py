"""`attnpool predict`: a file of texts in, the same file with answers out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli import options, outputs
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.data import Rows
    from attnpool.estimators import TextClassifier

SUFFIXES = (".parquet", ".csv", ".jsonl")


def predict(
    model: options.Model,
    data: options.Data,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            parser=outputs.path,
            help="A .parquet, .csv or .jsonl file.",
        ),
    ],
    explain: Annotated[
        bool, typer.Option("--explain", help="Add the tokens' places, weights and values.")
    ] = False,
    dataset: options.Dataset = None,
    text: options.Text = None,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    overwrite: outputs.Overwrite = False,
) -> None:
    """Predict the label of every row of DATA; write the rows with the answers to FILE.

    All columns of DATA stay as they are; the answers stand behind them. A row without a text is
    answered too: with what the model says when it reads nothing.
    """
    if output.suffix not in SUFFIXES:
        raise InputError(f"{output}: name a file that ends in {', '.join(SUFFIXES)}")
    outputs.check_file(output, overwrite=overwrite, data=data)
    options.check_reading(dataset, encoding)
    estimator = options.load_model(model)
    rows = options.read_rows(
        estimator,
        data,
        labelled=False,
        dataset=dataset,
        text=text,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
        originals=True,
    )
    _check_names(data, rows, estimator, explain=explain)
    import polars as pl

    from attnpool.cli.tables import write_table
    from attnpool.training.writing import replace_file

    answers = pl.DataFrame(_answers(estimator, rows.texts[0], explain=explain))
    frame = answers if rows.originals is None else rows.originals.hstack(answers)
    replace_file(output, lambda file: write_table(frame, file))
    skipped = f", {rows.skipped:,} bad rows left out" if rows.skipped else ""
    typer.echo(f"wrote {output}: {len(rows):,} rows{skipped}")


def _check_names(data: str, rows: Rows, model: TextClassifier, *, explain: bool) -> None:
    """Refuse a file that has a column of a name that is added, before any text is read."""
    own = {"prediction", "probability", *(f"probability_{c}" for c in model.classes_.tolist())}
    if explain:
        own |= {"start", "end", "weights", "value"}
    given = [] if rows.originals is None else rows.originals.columns
    if name := next((name for name in given if name in own), None):
        raise InputError(
            f"{data} has a column {name!r}, which is what predict adds; rename it in the file"
        )


def _answers(model: TextClassifier, texts: list[str], *, explain: bool) -> dict[str, list[Any]]:
    """The columns that are added."""
    from attnpool.training.progress import TerminalProgress

    explained = model.explain(texts, progress=TerminalProgress()) if explain else []
    if explain:
        probabilities = [e.distribution for e in explained]
    else:
        probabilities = list(model.predict_proba(texts, progress=TerminalProgress()))
    names = [str(name) for name in model.classes_.tolist()]
    columns: dict[str, list[Any]] = {
        "prediction": [names[p.argmax()] for p in probabilities],
        "probability": [float(p.max()) for p in probabilities],
    }
    for i, name in enumerate(names):
        columns[f"probability_{name}"] = [float(p[i]) for p in probabilities]
    if explain:
        sides = [e.sides[0] for e in explained]
        columns["start"] = [side.spans[:, 0].tolist() for side in sides]
        columns["end"] = [side.spans[:, 1].tolist() for side in sides]
        columns["weights"] = [side.weights.tolist() for side in sides]
        columns["value"] = [side.values.tolist() for side in sides]
    return columns
