"""`attnpool predict`: a file of texts in, a file of answers out."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli import options
from attnpool.errors import InputError

if TYPE_CHECKING:
    import polars as pl

_SUFFIXES = (".parquet", ".csv", ".jsonl")


def predict(
    model: options.Model,
    data: options.Data,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="A .parquet, .csv or .jsonl file."),
    ],
    explain: Annotated[
        bool, typer.Option("--explain", help="Add the tokens' places, weights and values.")
    ] = False,
    dataset: options.Dataset = None,
    text: options.Text = None,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Predict the label of every row of DATA and write them to FILE."""
    if output.suffix not in _SUFFIXES:
        raise InputError(f"{output}: name a file that ends in {', '.join(_SUFFIXES)}")
    options.check_output(output, overwrite=overwrite)
    if output.exists() and Path(data).exists() and output.samefile(data):
        raise InputError(f"{output} is what is to be read; write to another file")
    estimator = options.load_model(model)
    rows = options.read_rows(
        estimator,
        data,
        labelled=False,
        dataset=dataset,
        text=text,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
    )
    import polars as pl

    from attnpool.surrogates import printable
    from attnpool.training.progress import TerminalProgress

    texts = rows.texts[0]
    columns: dict[str, Any] = {"text": [printable(text) for text in texts]}
    if rows.labels:
        columns["label"] = rows.labels
    if explain:
        explained = estimator.explain(texts, progress=TerminalProgress())
        probabilities = [e.distribution for e in explained]
    else:
        probabilities = list(estimator.predict_proba(texts, progress=TerminalProgress()))
    names = [str(name) for name in estimator.classes_.tolist()]
    columns["prediction"] = [names[p.argmax()] for p in probabilities]
    columns["probability"] = [float(p.max()) for p in probabilities]
    for i, name in enumerate(names):
        columns[f"probability_{name}"] = [float(p[i]) for p in probabilities]
    if explain:
        sides = [e.sides[0] for e in explained]
        columns["start"] = [side.spans[:, 0].tolist() for side in sides]
        columns["end"] = [side.spans[:, 1].tolist() for side in sides]
        columns["weights"] = [side.weights.tolist() for side in sides]
        columns["value"] = [side.values.tolist() for side in sides]
    _write(pl.DataFrame(columns, strict=False), output)
    skipped = f", {rows.skipped:,} bad rows left out" if rows.skipped else ""
    typer.echo(f"wrote {output}: {len(texts):,} rows{skipped}")


def _write(frame: pl.DataFrame, output: Path) -> None:
    """Write beside the place and swap in, so that a full disk leaves no half a file."""
    import polars as pl

    from attnpool.training.checkpoint import umask

    handle, name = tempfile.mkstemp(
        prefix=f".{output.name}.", suffix=output.suffix, dir=output.absolute().parent
    )
    os.close(handle)
    part = Path(name)
    try:
        if output.suffix == ".parquet":
            frame.write_parquet(part)
        elif output.suffix == ".jsonl":
            frame.write_ndjson(part)
        else:
            # CSV has no lists; JSON in a cell is what pandas and polars read back most easily.
            lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
            as_json = [
                pl.Series(name, [json.dumps(row) for row in frame[name].to_list()])
                for name in lists
            ]
            frame.with_columns(as_json).write_csv(part)
        part.chmod(0o666 & ~umask())
        part.replace(output)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
