"""`attnpool evaluate`: how well a model does on labelled rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from attnpool.cli import items, options, trust
from attnpool.errors import InputError

if TYPE_CHECKING:
    from attnpool.data import Rows


def evaluate(
    model: options.Model,
    data: options.Data,
    dataset: options.Dataset = None,
    text: options.TextOrTriplet = None,
    label: options.Label = None,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    faithfulness: Annotated[
        bool,
        typer.Option(
            "--faithfulness",
            help="Measure how far to trust explanations, on at most 300 rows drawn at random.",
        ),
    ] = False,
    labels: options.Ranked = None,
    as_json: options.Json = False,
) -> None:
    """Measure MODEL on the labelled rows of DATA; one without a text or a label is bad.

    Of pairs with two labels also F1 of the match and ROC AUC; of triplets, three text columns,
    the share whose positive is nearer than the negative.
    """
    options.check_reading(dataset, encoding)
    estimator = options.load_model(model)
    ranked = options.ranked_labels(estimator, labels)
    if ranked and faithfulness:
        raise InputError("--faithfulness measures the model's own labels; leave --labels out")
    rows = options.read_rows(
        estimator,
        data,
        labelled=True,
        part="test",
        dataset=dataset,
        text=text,
        label=label,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
        triplets=True,
    )
    if len(rows.texts) == items.TRIPLET:
        if faithfulness:
            raise InputError("--faithfulness needs pairs with labels, not triplets")
        _report_order(estimator, rows, as_json=as_json)
        return
    known = options.class_names(estimator, ranked)
    options.check_labels(data, rows, known, options.unranked(estimator))
    figures = {**_figures(estimator, rows, known, ranked), "skipped": rows.skipped}
    if faithfulness:
        figures["faithfulness"] = trust.measure(estimator, items.items(rows))
    if as_json:
        options.print_json(figures)
        return
    _print(figures)
    if faithfulness:
        trust.print_table(figures["faithfulness"])


def _report_order(estimator: Any, rows: Rows, *, as_json: bool) -> None:
    share = estimator.triplet_accuracy(items.items(rows))
    if as_json:
        options.print_json(
            {"triplet_accuracy": share, "ordered": share, "n": len(rows), "skipped": rows.skipped}
        )
        return
    skipped = f"; {options.left_out(rows.skipped)}" if rows.skipped else ""
    typer.echo(f"ordered right {share:.3f} of {len(rows):,} triplets{skipped}")


def _figures(
    estimator: Any, rows: Rows, known: list[str], ranked: list[str] | None
) -> dict[str, Any]:
    from attnpool.metrics import classification_metrics
    from attnpool.progress import TerminalProgress

    truth = rows.labels or []
    how = {} if ranked is None else {"labels": ranked}
    answers = estimator.predict_proba(items.items(rows), progress=TerminalProgress(), **how)
    predicted = [known[number] for number in answers.argmax(axis=1).tolist()]
    figures = classification_metrics(truth, predicted, known)
    if not items.tells_matches(estimator):
        return figures
    from sklearn.metrics import roc_auc_score

    match = known[1]
    matches = [label == match for label in truth]
    # Where all rows are of one class there is no curve.
    area = float(roc_auc_score(matches, answers[:, 1])) if len(set(matches)) > 1 else None
    found = {"match": match, "f1": figures["per_class"][match]["f1"], "roc_auc": area}
    return {**figures, **found}


def _print(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from attnpool.sanitize import one_line

    console = Console()
    console.print(
        f"accuracy {figures['accuracy']:.3f}, macro F1 {figures['macro_f1']:.3f} "
        f"on {figures['n']:,} rows",
        highlight=False,
    )
    if "match" in figures:
        area = figures["roc_auc"]
        console.print(
            Text(f"F1 of the match ({one_line(figures['match'])}) {figures['f1']:.3f}, ROC AUC ")
            + Text("not defined: all rows are of one class" if area is None else f"{area:.3f}")
        )
    table = Table("class", *(("precision", "recall", "F1", "rows")), box=None)
    for name, of in figures["per_class"].items():
        table.add_row(
            Text(one_line(name)),
            *(f"{of[k]:.3f}" for k in ("precision", "recall", "f1")),
            f"{of['n']:,}",
        )
    console.print(table)
    if figures["skipped"]:
        typer.echo(options.left_out(figures["skipped"]))
