"""`attnpool evaluate`: how well a model does on labelled rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli import faithfulness as faithfulness_table
from attnpool.cli.bad_rows import LeftOut
from attnpool.cli.rows import none_complete
from attnpool.cli.streams import tell
from attnpool.errors import InputError
from attnpool.metrics import TRIPLET_CHANCE
from attnpool.sanitize import counted

if TYPE_CHECKING:
    from attnpool.cli.evaluation import Chunks, EvaluationSums, TripletSums
    from attnpool.cli.evaluation.sums import KnownSums


def evaluate(
    model: arguments.Model,
    data: arguments.Data,
    dataset: arguments.Dataset = None,
    text: arguments.TextOrTriplet = None,
    label: arguments.Label = None,
    encoding: arguments.Encoding = None,
    no_header: arguments.NoHeader = False,
    skip_bad_rows: arguments.SkipBadRows = False,
    bad_rows: arguments.BadRows = None,
    safe_csv: arguments.SafeCsv = False,
    overwrite: outputs.Overwrite = False,
    faithfulness: Annotated[
        bool,
        typer.Option(
            "--faithfulness",
            help="Measure how faithful explanations are, on at most 300 rows drawn at random.",
        ),
    ] = False,
    candidates: arguments.Candidates = None,
    as_json: arguments.Json = False,
) -> None:
    """Measure MODEL on the labelled rows of DATA.

    Pairs with two labels also get the F1 of the match class and ROC AUC. For triplets (three text
    columns), the result is the share whose positive is nearer than the negative. Rows without a
    text or a label are rejected; see --skip-bad-rows. Rows whose label MODEL does not know count as
    wrong. DATA may be of any size, and a folder of parts: rows are read some at a time, and all are
    counted. --json names the first 100,000 rows that were left out.
    """
    from attnpool.cli.evaluation import Chunks

    reading = arguments.ReadOptions(
        *(dataset, text or [], label, encoding, skip_bad_rows),
        no_header=no_header,
        bad_rows=bad_rows,
        safe_csv=safe_csv,
    )
    if overwrite and bad_rows is None:
        raise InputError("--overwrite does nothing without --bad-rows; leave it out")
    bad_row_list.check(reading, overwrite=overwrite, data=data, others=[model])
    reading.check()
    estimator = arguments.load_model(model)
    ranked = arguments.candidate_labels(estimator, candidates)
    if ranked and faithfulness:
        raise InputError("--faithfulness measures the model's own labels; leave --candidates out")
    chunks = Chunks(estimator, data, reading, labelled=True, triplets=True)
    if chunks.triplets and faithfulness:
        raise InputError("--faithfulness needs pairs with labels, not triplets")
    with LeftOut(reading) as left_out:
        if chunks.triplets:
            _print_triplet_accuracy(_triplets(chunks, left_out), left_out, as_json=as_json)
            left_out.write()
            return
        sums, figures = _labelled(chunks, left_out, ranked, faithfulness=faithfulness)
        left_out.write()
    if as_json:
        outputs.print_json(figures)
        return
    _print_known(sums.known)
    _print(figures, left_out)
    if faithfulness:
        faithfulness_table.print_table(figures["faithfulness"])


def _labelled(
    chunks: Chunks, left_out: LeftOut, ranked: list[str] | None, *, faithfulness: bool
) -> tuple[EvaluationSums, dict[str, Any]]:
    """The sums of labelled rows, and their figures for `--json`."""
    from attnpool.cli.evaluation import MOST_CHARACTERS, MOST_ROWS, EvaluationSums, with_progress
    from attnpool.data.streams import RowSample, sizes_of

    check = chunks.label_check(ranked)
    sums = EvaluationSums(chunks.model, ranked)
    sample = RowSample(MOST_ROWS if faithfulness else 0, size=MOST_CHARACTERS)
    for rows, progress in with_progress(chunks.labelled(check), "evaluating"):
        left_out.add(chunks.data, rows)
        items = rows.items
        sums.add(items, rows.labels or [], progress)
        sample.add(items, sizes_of(items))
    figures = {
        **sums.figures(check.unknown),
        **bad_row_list.as_json(left_out),
        "unknown_labels": check.unknown,
        **sums.known.to_dict(),
    }
    if faithfulness:
        measured = faithfulness_table.measure(chunks.model, sample.items, sample.seen)
        figures["faithfulness"] = measured
    return sums, figures


def _triplets(chunks: Chunks, left_out: LeftOut) -> TripletSums:
    """The sums of triplets."""
    from attnpool.cli.evaluation import TripletSums, with_progress

    sums = TripletSums(chunks.model)
    for rows, _ in with_progress(iter(chunks), "evaluating"):
        left_out.add(chunks.data, rows)
        sums.add(rows.items)
    if not len(sums):
        raise none_complete(chunks.data, chunks.lacking)
    return sums


def _print_triplet_accuracy(sums: TripletSums, left_out: LeftOut, *, as_json: bool) -> None:
    figures, warnings = sums.figures(), sums.warnings()
    if as_json:
        counts = bad_row_list.as_json(left_out)
        known = sums.known.to_dict()
        outputs.print_json({**figures, **counts, "warnings": warnings, **known})
        return
    _print_known(sums.known)
    skipped = f"; {bad_row_list.left_out(left_out)}" if left_out.skipped else ""
    tell(
        f"ordered right {figures['ordered']:.3f} of {counted(len(sums), 'triplet')}, "
        f"chance {TRIPLET_CHANCE:.3f}{skipped}"
    )
    outputs.print_warnings(warnings)


def _print_known(known: KnownSums) -> None:
    """Say first of all what makes the figures too good."""
    if sentence := known.sentence():
        tell(sentence)


def _print(figures: dict[str, Any], left_out: LeftOut) -> None:
    from rich.table import Table
    from rich.text import Text

    from attnpool.metrics import CLASSES_SHOWN, accuracy_note, most_frequent
    from attnpool.sanitize import one_line
    from attnpool.view.terminal.console import SafeConsole

    console = SafeConsole()
    console.print(Text(f"{accuracy_note(figures)} on {figures['n']:,} rows"))
    outputs.print_warnings(figures["warnings"])
    if "match" in figures:
        area = figures["roc_auc"]
        console.print(
            Text(f"F1 of the match ({one_line(figures['match'])}) {figures['f1']:.3f}, ROC AUC ")
            + Text("not defined: all rows are of one class" if area is None else f"{area:.3f}")
        )
    table = Table("class", *(("precision", "recall", "F1", "rows")), box=None)
    per_class = figures["per_class"]
    shown = most_frequent(per_class, CLASSES_SHOWN)
    for name in shown:
        of = per_class[name]
        table.add_row(
            Text(one_line(name)),
            *(f"{of[k]:.3f}" for k in ("precision", "recall", "f1")),
            f"{of['n']:,}",
        )
    console.print(table)
    if more := len(per_class) - len(shown):
        tell(f"and {more:,} more, with no more rows each; --json has all classes")
    if left_out.skipped:
        tell(bad_row_list.left_out(left_out))
