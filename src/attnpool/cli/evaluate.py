"""`attnpool evaluate`: how well a model does on labelled rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.architectures import answer_names, tells_matches
from attnpool.cli import arguments, outputs
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli import faithfulness as faithfulness_table
from attnpool.cli.rows import (
    TRIPLET,
    answerable,
    as_items,
    read_rows,
)
from attnpool.cli.streams import tell
from attnpool.errors import InputError
from attnpool.metrics import TRIPLET_CHANCE, triplet_warnings
from attnpool.sanitize import counted

if TYPE_CHECKING:
    from attnpool.data import Rows
    from attnpool.persistence.known_rows import KnownCounts


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
    wrong.
    """
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
    rows = read_rows(estimator, data, reading, labelled=True, part="test", triplets=True)
    if len(rows.texts) == TRIPLET:
        if faithfulness:
            raise InputError("--faithfulness needs pairs with labels, not triplets")
        _print_triplet_accuracy(estimator, rows, as_json=as_json)
        bad_row_list.write(reading, [(data, rows)])
        return
    rows, unknown = answerable(data, rows, estimator, ranked, skip_bad_rows=reading.skips)
    known = estimator.known_rows(as_items(rows))
    figures = {
        **_figures(estimator, rows, ranked, unknown),
        **bad_row_list.as_json(rows),
        "unknown_labels": unknown,
        **_known(known),
    }
    if faithfulness:
        figures["faithfulness"] = faithfulness_table.measure(estimator, as_items(rows))
    bad_row_list.write(reading, [(data, rows)])
    if as_json:
        outputs.print_json(figures)
        return
    _print_known(known, rows)
    _print(figures, rows)
    if faithfulness:
        faithfulness_table.print_table(figures["faithfulness"])


def _print_triplet_accuracy(estimator: Any, rows: Rows, *, as_json: bool) -> None:
    share = estimator.triplet_accuracy(as_items(rows))
    known = estimator.known_rows(as_items(rows))
    warnings = triplet_warnings(share, len(rows))
    if as_json:
        figures = {"triplet_accuracy": share, "ordered": share, "chance": TRIPLET_CHANCE}
        counts = {"n": len(rows), **bad_row_list.as_json(rows)}
        outputs.print_json({**figures, **counts, "warnings": warnings, **_known(known)})
        return
    _print_known(known, rows)
    skipped = f"; {bad_row_list.left_out(rows)}" if rows.skipped else ""
    tell(
        f"ordered right {share:.3f} of {counted(len(rows), 'triplet')}, "
        f"chance {TRIPLET_CHANCE:.3f}{skipped}"
    )
    outputs.print_warnings(warnings)


def _known(known: KnownCounts | None) -> dict[str, Any]:
    """How many rows the model knows; null where it keeps no hashes."""
    return {"known": None if known is None else known.to_dict()}


def _print_known(known: KnownCounts | None, rows: Rows) -> None:
    """Say first of all what makes the figures too good."""
    if known is None:
        tell("This model has no hashes of its training rows, so none can be recognised here.")
    elif sentence := known.note(as_items(rows), measured=True):
        tell(sentence)


def _figures(
    estimator: Any, rows: Rows, candidates: list[str] | None, unknown: dict[str, int]
) -> dict[str, Any]:
    from attnpool.metrics import classification_metrics, evaluation_warnings, unknown_labels
    from attnpool.progress import TerminalProgress

    truth, known = rows.labels or [], answer_names(estimator, candidates)
    ranking = arguments.with_candidates(candidates)
    answers = estimator.predict_proba(as_items(rows), progress=TerminalProgress(), **ranking)
    predicted = [known[number] for number in answers.argmax(axis=1).tolist()]
    figures = classification_metrics(truth, predicted, known)
    ranks = arguments.ranks_labels(estimator)
    what = "that are not ranked" if ranks else "the model does not know"
    figures["warnings"] = [*unknown_labels(unknown, what), *evaluation_warnings(figures)]
    if not tells_matches(estimator):
        return figures
    from sklearn.metrics import roc_auc_score

    match = known[1]
    told = [i for i, label in enumerate(truth) if label in known]
    matches = [truth[i] == match for i in told]
    # Where all rows are of one class there is no curve.
    area = float(roc_auc_score(matches, answers[told, 1])) if len(set(matches)) > 1 else None
    found = {"match": match, "f1": figures["per_class"][match]["f1"], "roc_auc": area}
    return {**figures, **found}


def _print(figures: dict[str, Any], rows: Rows) -> None:
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
    if rows.skipped:
        tell(bad_row_list.left_out(rows))
