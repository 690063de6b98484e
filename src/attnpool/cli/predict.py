"""`attnpool predict`: a file of texts in, the same file with answers out."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.architectures import texts_per_item
from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli.rows import as_items, read_rows, tells_matches
from attnpool.cli.streams import tell
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.cli.arguments import Estimator
    from attnpool.data import Rows
    from attnpool.data.formats.frames import Originals
    from attnpool.explanation import Explanation
    from attnpool.tables import TextForm

_PARTS = ("start", "end", "weights", "value")
_DELIMITED = (".csv", ".tsv")


def predict(
    model: arguments.Model,
    data: arguments.Data,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            parser=outputs.path,
            help="A .parquet, .csv, .tsv, .jsonl or .xlsx file.",
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
    output_encoding: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The encoding of a .csv or .tsv FILE, such as utf-8-sig, which Excel wants.  "
            "[default: that of DATA, with its byte-order mark]",
        ),
    ] = None,
    no_header: arguments.NoHeader = False,
    skip_bad_rows: arguments.SkipBadRows = False,
    bad_rows: arguments.BadRows = None,
    safe_csv: arguments.SafeCsv = False,
    overwrite: outputs.Overwrite = False,
) -> None:
    """Predict the label of every row of DATA and write the rows with the predictions to FILE.

    All columns of DATA are kept unchanged; the predictions are added after them. Pairs with two
    labels also get a score. A row without a text gets the prediction for an input without tokens.
    """
    _check_suffix(output, output_encoding)
    if method is not None and not explain:
        raise InputError("--method does nothing without --explain; leave it out")
    outputs.check_file(output, overwrite=overwrite, data=data)
    method = arguments.current_name(method)
    arguments.check_target(method, None, [])
    reading = arguments.ReadOptions(
        *(dataset, text or [], None, encoding, skip_bad_rows),
        no_header=no_header,
        bad_rows=bad_rows,
        safe_csv=safe_csv,
    )
    listed = replace(reading, safe_csv=safe_csv and output.suffix.lower() not in _DELIMITED)
    bad_row_list.check(listed, overwrite=overwrite, data=data, output=output, others=[model])
    reading.check()
    estimator = arguments.load_model(model)
    ranked = arguments.candidate_labels(estimator, candidates)
    rows = read_rows(estimator, data, reading, labelled=False, originals=True)
    added = _added(estimator, ranked, explain=explain)
    _check_names(data, rows, added)
    from attnpool.tables import TextForm, with_columns, write_table

    form = TextForm.like(rows.source, output, output_encoding, safe=safe_csv)
    _check_holds(output, form, rows, added)
    from attnpool.persistence.atomic import replace_file

    answers = _answers(estimator, as_items(rows), ranked, explain=explain, method=method)
    frame = with_columns(_originals(rows), answers, output)
    replace_file(output, lambda file: write_table(frame, file, output, form))
    bad_row_list.write(reading, [(data, rows)])
    skipped = f", {bad_row_list.left_out(rows)}" if rows.skipped else ""
    tell(f"wrote {output}: {len(rows):,} rows{skipped}")


def _check_suffix(output: Path, encoding: str | None) -> None:
    """Refuse a format there is not, or that cannot be written here, and an encoding of others."""
    from attnpool.data.formats.encodings import check_encoding
    from attnpool.tables import SUFFIXES, check_libraries

    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{output}: name a file that ends in {', '.join(SUFFIXES)}")
    check_libraries(output)
    if encoding is None:
        return
    if suffix not in _DELIMITED:
        raise InputError(f"--output-encoding is for .csv and .tsv, not {suffix}; leave it out")
    check_encoding(encoding)


def _check_holds(output: Path, form: TextForm, rows: Rows, added: list[str]) -> None:
    """Refuse a file that cannot hold all columns, before any text is read."""
    from attnpool.tables import check_workbook, table_of

    table = table_of(_originals(rows))
    suffix = output.suffix.lower()
    if suffix == ".xlsx":
        check_workbook(output, len(rows), len(table.names) + len(added))
    if suffix in _DELIMITED:
        form.check(output, chain(table.names, added, table.texts()))


def _check_names(data: str, rows: Rows, added: list[str]) -> None:
    """Refuse a file that has a column of a name that is added, before any text is read."""
    given = _originals(rows).columns
    if name := next((name for name in given if name in added), None):
        raise InputError(f"{data} has a column {name!r}, which predict adds; rename it in the file")


def _originals(rows: Rows) -> Originals:
    from attnpool.data.formats.frames import Frame

    return Frame({}) if rows.originals is None else rows.originals


def _added(model: Estimator, ranked: list[str] | None, *, explain: bool) -> list[str]:
    """The names of the columns that are added."""
    names = ["prediction", "probability"]
    names += [f"probability_{name}" for name in arguments.class_names(model, ranked)]
    if tells_matches(model):
        names.append("score")
    if explain:
        names += [f"{part}{side}" for side in _sides(model) for part in _PARTS]
    return names


def _sides(model: Estimator) -> tuple[str, ...]:
    """What the columns of each text end in."""
    return ("",) if texts_per_item(model) == 1 else ("_1", "_2")


def _answers(
    model: Estimator,
    rows: list[Any],
    ranked: list[str] | None,
    *,
    explain: bool,
    method: str | None,
) -> dict[str, list[Any]]:
    """The columns that are added."""
    from attnpool.progress import TerminalProgress

    progress = TerminalProgress()
    ranking = arguments.with_candidates(ranked)
    explained: list[Explanation] = []
    if explain:
        explained = model.explain(rows, method=method, progress=progress, **ranking)
        answers = [e.distribution for e in explained]
    else:
        answers = list(model.predict_proba(rows, progress=progress, **ranking))
    names = arguments.class_names(model, ranked)
    columns: list[list[Any]] = [
        [names[p.argmax()] for p in answers],
        [float(p.max()) for p in answers],
        *([float(p[i]) for p in answers] for i in range(len(names))),
    ]
    if tells_matches(model):
        columns.append([e.score for e in explained] if explain else _scores(model, rows, answers))
    for side in range(len(_sides(model)) if explain else 0):
        of_side = [e.sides[side] for e in explained]
        columns.append([s.spans[:, 0].tolist() for s in of_side])
        columns.append([s.spans[:, 1].tolist() for s in of_side])
        columns.append([s.weights.tolist() for s in of_side])
        columns.append([s.values.tolist() for s in of_side])
    return dict(zip(_added(model, ranked, explain=explain), columns, strict=True))


def _scores(model: Any, rows: list[Any], answers: list[Any]) -> list[float]:
    """The scores that `explain` gives: a triplet's similarity, else the match's probability."""
    if model.architecture == "triplet":
        found: list[float] = model.decision_function(rows).tolist()
        return found
    return [float(p[1]) for p in answers]
