"""`attnpool report`: how a model does on a whole file, and every row of it, as one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli.bad_rows import LeftOut
from attnpool.cli.streams import tell
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.cli.evaluation import Chunks
    from attnpool.view.report import Gathered
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
    MODEL does not know counts as wrong. DATA may be of any size, and a folder of parts: of more
    than 20,000 rows the figures are those of all, and the rows and phrases those of a random sample
    of 20,000, which the page says. The page is one file that loads nothing. A click switches the
    colours to attention. How faithful the colours are is measured on at most 100 of the rows.
    """
    from attnpool.cli.evaluation import Chunks
    from attnpool.persistence.atomic import replace_file

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
    chunks = Chunks(estimator, data, reading, labelled=False)
    with LeftOut(reading) as left_out:
        gathered = _gathered(chunks, left_out, method or "contribution", ranked)
        title = {"model": model.resolve().name, "data": Path(data).name}
        page = _page(gathered, left_out, lang, title)
        replace_file(output, lambda file: file.write_text(page, encoding="utf-8"))
        left_out.write()
    skipped = f", {bad_row_list.left_out(left_out)}" if left_out.skipped else ""
    tell(f"wrote {output}: {gathered.sample.seen:,} rows{skipped}")


def _page(gathered: Gathered, left_out: LeftOut, lang: str | None, title: dict[str, str]) -> str:
    from attnpool.progress import TerminalProgress
    from attnpool.view.report import report_of

    words = outputs.words_of(lang, gathered.items)
    return report_of(
        gathered,
        TerminalProgress(),
        title=words("report.title-of", **title),
        notes=_notes(gathered, left_out, words),
        lang=words.language,
    )


def _gathered(chunks: Chunks, left_out: LeftOut, method: str, ranked: list[str] | None) -> Gathered:
    """The rows of the page, or of many a sample and what the figures need."""
    from attnpool.cli.evaluation import with_progress
    from attnpool.metrics import true_names
    from attnpool.view.report import Gathered, colouring_methods

    gathered = Gathered(chunks.model, colouring_methods(method), ranked)
    check = chunks.label_check(ranked)
    classes = chunks.model.classes_ if ranked is None else ranked
    for rows, progress in with_progress(chunks.labelled(check), "measuring"):
        left_out.add(chunks.data, rows)
        truth = None if rows.labels is None else true_names(rows.labels, classes)
        gathered.add(rows.items, truth, progress)
    return gathered


def _notes(gathered: Gathered, left_out: LeftOut, words: Words) -> list[str]:
    """What a reader must know before believing a figure."""
    from attnpool.view.report.notes import training_note

    notes, model = [], gathered.model
    exported = hasattr(model, "source_")
    if gathered.labelled and (note := training_note(model.metrics_, words, exported=exported)):
        notes.append(note)
    if gathered.labelled and model.known_rows([]) is None:
        notes.append(words("warn.maybe-trained"))
    if left_out.skipped:
        notes.append(bad_row_list.left_out_note(left_out, words))
    return notes
