"""`attnpool report`: how a model does on a whole file, and every row of it, as one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli.checks import answerable
from attnpool.cli.rows import as_items, read_rows
from attnpool.cli.streams import tell
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.cli.arguments import Estimator
    from attnpool.data import Rows
    from attnpool.view.words import Words

SUFFIXES = (".html", ".htm")


def report(
    model: arguments.Model,
    data: arguments.Data,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", parser=outputs.path, help="An .html file."),
    ],
    method: arguments.Method = None,
    candidates: arguments.Candidates = None,
    dataset: arguments.Dataset = None,
    text: arguments.Text = None,
    label: arguments.Label = None,
    encoding: arguments.Encoding = None,
    no_header: arguments.NoHeader = False,
    skip_bad_rows: arguments.SkipBadRows = False,
    bad_rows: arguments.BadRows = None,
    safe_csv: arguments.SafeCsv = False,
    overwrite: outputs.Overwrite = False,
    lang: outputs.Lang = None,
) -> None:
    """Write a page on how well MODEL does on DATA: figures, phrases, and every row.

    Rows without a label are shown too; the figures are those of the labelled rows, and a label that
    MODEL does not know counts as wrong. The page is one
    file that loads nothing. A click switches the colours to attention. How faithful the colours
    are is measured on at most 100 of the rows.
    """
    if output.suffix.lower() not in SUFFIXES:
        raise InputError(f"{output}: name a file that ends in {' or '.join(SUFFIXES)}")
    outputs.check_file(output, overwrite=overwrite, data=data)
    reading = arguments.ReadOptions(
        *(dataset, text or [], label, encoding, skip_bad_rows),
        no_header=no_header,
        bad_rows=bad_rows,
        safe_csv=safe_csv,
    )
    bad_row_list.check(reading, overwrite=overwrite, data=data, output=output, others=[model])
    reading.check()
    method = arguments.current_name(method)
    estimator = arguments.load_model(model)
    ranked = arguments.candidate_labels(estimator, candidates)
    arguments.check_target(method, None, [])
    rows = read_rows(estimator, data, reading, labelled=False, part="test")
    rows, _ = answerable(data, rows, estimator, ranked, skip_bad_rows=reading.skips)
    from attnpool.persistence.atomic import replace_file
    from attnpool.progress import TerminalProgress
    from attnpool.view.report import report as report_page

    words = outputs.words_of(lang, rows)

    page = report_page(
        estimator,
        as_items(rows),
        rows.labels,
        method=method or "contribution",
        candidates=ranked,
        title=words("report.title-of", model=model.resolve().name, data=Path(data).name),
        notes=_notes(estimator, rows, words),
        progress=TerminalProgress(),
        lang=words.language,
    )
    replace_file(output, lambda file: file.write_text(page, encoding="utf-8"))
    bad_row_list.write(reading, [(data, rows)])
    skipped = f", {bad_row_list.left_out(rows)}" if rows.skipped else ""
    tell(f"wrote {output}: {len(rows):,} rows{skipped}")


def _notes(model: Estimator, rows: Rows, words: Words) -> list[str]:
    """What a reader must know before believing a figure."""
    from attnpool.view.report.notes import training_note

    notes = []
    exported = hasattr(model, "source_")
    if rows.labels and (note := training_note(model.metrics_, words, exported=exported)):
        notes.append(note)
    if rows.labels and model.known_rows([]) is None:
        notes.append(words("warn.maybe-trained"))
    if rows.skipped:
        notes.append(bad_row_list.left_out_note(rows, words))
    return notes
