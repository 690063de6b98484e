"""`attnpool predict`: rows in, the same rows with answers out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.errors import InputError


def predict(
    model: arguments.Model,
    data: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="A CSV, TSV, JSON, JSONL, Parquet, Excel or text file, a folder of such files "
            "that are parts of one table, the original file or folder of a public dataset, or - "
            "for stdin.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="OUT",
            help="A .parquet, .csv, .tsv, .jsonl or .xlsx file; a folder of parts, with a slash at "
            "its end; or - for stdout.",
        ),
    ],
    explain: Annotated[
        bool, typer.Option("--explain", help="Add the offsets, weights and values of the tokens.")
    ] = False,
    method: arguments.Method = None,
    candidates: arguments.Candidates = None,
    dataset: arguments.Dataset = None,
    text: arguments.Text = None,
    encoding: arguments.Encoding = None,
    input_format: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The format of stdin: csv, tsv, jsonl, or txt with one text a line, unless the "
            "first line names columns.  [default: txt]",
        ),
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The format of stdout: csv, tsv or jsonl; of parts these or parquet.  [default: "
            "jsonl on stdout, that of DATA in parts]",
        ),
    ] = None,
    output_encoding: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The encoding of .csv and .tsv files, such as utf-8-sig, which Excel wants.  "
            "[default: that of DATA, with its byte-order mark]",
        ),
    ] = None,
    no_header: arguments.NoHeader = False,
    skip_bad_rows: arguments.SkipBadRows = False,
    bad_rows: arguments.BadRows = None,
    safe_csv: arguments.SafeCsv = False,
    workers: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=1024, help="How many processes answer."),
    ] = 1,
    engine: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Where it is done: local, on this machine, or ray, on the cluster that "
            "RAY_ADDRESS names, with OUT a folder of parts.",
        ),
    ] = "local",
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on where a run that was stopped left off."),
    ] = False,
    overwrite: outputs.Overwrite = False,
) -> None:
    """Predict the label of every row of DATA and write the rows with the predictions to OUT.

    All columns of DATA are kept unchanged; the predictions are added after them. Pairs with two
    labels also get a score. A row without a text gets the prediction for an input without tokens.

    Rows are read and answered 100,000 at a time, so that memory does not grow with DATA. What is
    finished of a run that was stopped is kept beside OUT, and --resume goes on behind it.
    """
    from attnpool.cli.answering import Target, local_data

    if method is not None and not explain:
        raise InputError("--method does nothing without --explain; leave it out")
    target = Target.of(output, output_format, data, input_format)
    target.check_engine(engine, data)
    target.check(data, output_encoding, resume=resume, overwrite=overwrite)
    method = arguments.current_name(method)
    arguments.check_target(method, None, [])
    reading = arguments.ReadOptions(
        *(dataset, text or [], None, encoding, skip_bad_rows),
        no_header=no_header,
        bad_rows=bad_rows,
        safe_csv=safe_csv,
    )
    listed = replace(reading, safe_csv=safe_csv and not target.delimited)
    read = [model, data if Path(data).is_dir() else None]
    own = resume and target.lists(bad_rows)
    bad_row_list.check(
        listed, overwrite=overwrite or own, data=data, output=target.path, others=read
    )
    reading.check()
    with arguments.local_model(model) as place, local_data(data, input_format) as (path, name):
        from attnpool.bulk.predictor import Predictor
        from attnpool.cli.answering import Work
        from attnpool.cli.rows import stream_rows
        from attnpool.tables import TextForm

        estimator = Predictor(place).model
        ranked = arguments.candidate_labels(estimator, candidates)
        rows = stream_rows(estimator, path, reading, labelled=False, originals=True, name=name)
        form = TextForm.like(rows.source, target.suffix, output_encoding, safe=safe_csv)
        predictor = Predictor(place, explain=explain, method=method, candidates=ranked)
        work = Work(name or data, place, predictor, rows, target, form, reading, engine)
        work.run(workers=workers, resume=resume, overwrite=overwrite)
