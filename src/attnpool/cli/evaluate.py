"""`attnpool evaluate`: how well a model does on labelled rows."""

from __future__ import annotations

import typer

from attnpool.cli import options


def evaluate(
    model: options.Model,
    data: options.Data,
    dataset: options.Dataset = None,
    text: options.Text = None,
    label: options.Label = None,
    encoding: options.Encoding = None,
    skip_bad_rows: options.SkipBadRows = False,
    as_json: options.Json = False,
) -> None:
    """Measure MODEL on the labelled rows of DATA; one without a text or a label is bad."""
    options.check_reading(dataset, encoding)
    estimator = options.load_model(model)
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
    )
    from attnpool.training.metrics import classification_metrics
    from attnpool.training.progress import TerminalProgress

    known = [str(name) for name in estimator.classes_.tolist()]
    truth = rows.labels or []
    options.check_labels(data, rows, known, "the model's")
    numbers = estimator.predict_proba(rows.texts[0], progress=TerminalProgress()).argmax(axis=1)
    predicted = [known[number] for number in numbers.tolist()]
    figures = {**classification_metrics(truth, predicted, known), "skipped": rows.skipped}
    if as_json:
        options.print_json(figures)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from attnpool.view.safe import one_line

    console = Console()
    console.print(
        f"accuracy {figures['accuracy']:.3f}, macro F1 {figures['macro_f1']:.3f} "
        f"on {figures['n']:,} rows",
        highlight=False,
    )
    table = Table("class", *(("precision", "recall", "F1", "rows")), box=None)
    for name, of in figures["per_class"].items():
        table.add_row(
            Text(one_line(name)),
            *(f"{of[k]:.3f}" for k in ("precision", "recall", "f1")),
            f"{of['n']:,}",
        )
    console.print(table)
    if rows.skipped:
        typer.echo(f"{rows.skipped:,} bad rows left out")
